import SequencerModule from '@jest/test-sequencer';

const Sequencer = SequencerModule.default ?? SequencerModule;

/** The longest suites, longest first: begun last, one of them would keep a worker busy while the other has nothing. */
const slow = [
  'simulation/claims',
  'scenarios/documents',
  'simulation/mutants',
  'scenarios/mutation',
  'security/fuzz',
  'event-store-faults',
  'mongo-faults',
  'security/processes',
  'fault/stores',
  'fault/syscalls',
  'fault/printed-commands',
];
const place = ({ path }) => {
  const found = slow.findIndex((part) => path.includes(`${part}.spec`));
  return found === -1 ? slow.length : found;
};

export default class SlowFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
}
