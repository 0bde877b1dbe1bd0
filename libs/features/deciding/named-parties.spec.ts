import { readFileSync } from 'node:fs';
import { personal } from '#event-sourcing/event.js';
import type { Asked } from '#event-sourcing/testing/given-when-then.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { sources } from '#test/architecture/sources.js';
import { slices } from '../edge/slices.js';
import { changeMembership } from '../party/change-membership/change-membership.js';
import { grantRole } from '../party/grant-role/grant-role.js';
import { revokeRole } from '../party/revoke-role/revoke-role.js';
import { standingStream } from '../standing/facts.js';
import { findOffence } from '../standing/find-offence/find-offence.js';
import { administering, inStream } from '../dossier/testing/administering.js';
import {
  agreeingSplit,
  asking,
  assigning,
  exempting,
  grantingPermission,
  recordingDeal,
  transferring,
} from '../dossier/testing/asks.js';
import { held } from '../dossier/testing/past.js';
import { given, on, programId } from '../dossier/testing/rehearsal.js';
import { partiesIn, type Fields } from './input.js';

const from = on('2026-03-02');
const known = 'dealer-a' as PartyId;
const share = (partyId: PartyId) => ({ partyId, weight: 1 });
/** How each command names a party, by command and field. `acts`: it gets a part, so that nobody barred may be named. */
const naming: Readonly<Record<string, { readonly acts?: true; readonly ask: (party: PartyId) => Asked }>> = {
  'AgreeSplit.agreedBy': { acts: true, ask: (party) => agreeingSplit({ agreedBy: [known, 'dealer-b', party] }) },
  'AgreeSplit.shares': {
    acts: true,
    ask: (party) => agreeingSplit({ shares: [share(known), share(party)], agreedBy: [known] }),
  },
  'Assign.to': { acts: true, ask: (to) => assigning({ to }) },
  'ChangeMembership.memberOf': {
    ask: (memberOf) => administering(changeMembership, { partyId: known, memberOf, from }),
  },
  'ChangeMembership.partyId': {
    ask: (partyId) => administering(changeMembership, { partyId, memberOf: 'desk' as PartyId, from }),
  },
  'Exempt.partyId': { acts: true, ask: (to) => exempting({ class: 'permitted', phone: '13800000009', to }) },
  'FindOffence.partyId': {
    ask: (partyId) =>
      asking(findOffence, { by: 'reviewer' }, () => ({
        programId,
        partyId,
        offenceId: 'o-9' as never,
        offence: 'falseFiling',
        customers: 1,
        finding: '查实',
      })),
  },
  'GrantPermission.partyId': {
    acts: true,
    ask: (to) => grantingPermission({ class: 'permitted', phone: '13800000009', to }),
  },
  'GrantRole.partyId': {
    ask: (partyId) => administering(grantRole, { partyId, role: 'auditor', from: on('2026-03-02 16:00') }),
  },
  'RecordDeal.assistants': { acts: true, ask: (party) => recordingDeal({ assistants: [party] }) },
  'RecordDeal.closedBy': { acts: true, ask: (closedBy) => recordingDeal({ closedBy }) },
  'RevokeRole.partyId': { ask: (partyId) => administering(revokeRole, { partyId, role: 'auditor' }) },
  'Transfer.to': { acts: true, ask: (to) => transferring({ to }) },
};
/**
 * Named by what stands already, or named for the first time; asked by the tick alone; whoever has a fee is one of those
 * who have a part in the deal; whom work is about is named where the policy has work about a party.
 */
const otherwise: ReadonlySet<string> = new Set([
  'EnrolParty.partyId',
  'RescindPenalty.partyId',
  'MeetPeriods.partyId',
  'RecordDeal.partyId',
  'RecordWork.partyId',
]);

/** Fields of commands that hold a party: those of the slices that say so, and those that a command's type declares. */
const declared = (): readonly string[] => [
  ...slices.flatMap((slice) => {
    const { name, input = {} } = slice as typeof slice & { readonly input?: Fields };
    return Object.keys(input).flatMap((field) => {
      const value = [share(known)] as never;
      return partiesIn({ [field]: (input as Fields)[field]! }, { [field]: value }).length > 0
        ? [`${name}.${field}`]
        : [];
    });
  }),
  ...sources()
    .filter((path) => /^libs\/features\/(?:[a-z-]+\/)+([a-z-]+)\/\1\.ts$/.test(path))
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      const name = /^\s*name: '([A-Z]\w+)',$/m.exec(text)?.[1];
      const commands = [...text.matchAll(/interface (\w+)(?: extends [^{]+)? \{\n([\s\S]*?)\n\}/g)];
      return name === undefined
        ? []
        : commands
            .flatMap(([, , body]) => [...body!.matchAll(/^ {2}readonly (\w+)\??: (?:readonly )?PartyId(?:\[\])?;$/gm)])
            .map(([, field]) => `${name}.${field}`);
    }),
];

describe('whom a command names', () => {
  it('every field that names a party is in this table; cure: add how it is asked', () => {
    const found = new Set(declared());
    expect([...found].filter((each) => !(each in naming) && !otherwise.has(each)).toSorted()).toEqual([]);
    expect(Object.keys(naming).filter((each) => !found.has(each))).toEqual([]);
  });
  it.each(Object.entries(naming))('%s is refused for somebody whom nobody enrolled', (_name, { ask }) =>
    given(held())
      .when(ask('nobody' as PartyId))
      .thenRefused('PartyUnknown'),
  );
  it.each(Object.entries(naming).filter(([, { acts }]) => acts))(
    '%s is refused for somebody barred',
    (_name, { ask }) => {
      const offence = { offenceId: 'o-1', partyId: 'dealer-c', programId };
      const dismissed = inStream(
        standingStream('dealer-c' as PartyId),
        '2026-03-02 14:00',
        {
          type: 'OffenceFound',
          ...offence,
          offence: 'falseFiling',
          occurrence: 3,
          customers: 1,
          finding: personal('查实'),
          because: [],
        } as never,
        { type: 'Penalized', ...offence, penalties: [{ kind: 'dismissal' }], because: [] } as never,
      );
      return given(held(), dismissed)
        .when(ask('dealer-c' as PartyId))
        .thenRefused('PartyBarred');
    },
  );
});
