import fc from 'fast-check';
import type { Asked, Past } from '#event-sourcing/testing/given-when-then.js';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { partyStream } from '../party/facts.js';
import { inStream } from './testing/administering.js';
import {
  recalling,
  recordingDeposit,
  recordingFollowUp,
  recordingVisit,
  releasing,
  requestingExtension,
  resubmitting,
  type Ask,
} from './testing/asks.js';
import { because, mayOnlyHolder } from './testing/follows.js';
import { held, transferred } from './testing/past.js';
import { given, on, programId } from './testing/rehearsal.js';
import { isFilerOf, isOwn } from './whose.js';

const party = fc.constantFrom('amy', 'ben', 'dora').map((name) => name as PartyId);
const whose = fc.record({ holder: party, filedBy: party, filedFor: fc.option(party, { nil: undefined }) });

describe('whose a claim is', () => {
  it("is its present holder's, and nobody else's who may not act for others", () =>
    fc.assert(
      fc.property(whose, party, (claim, reader) => expect(isOwn(claim, reader, false)).toBe(claim.holder === reader)),
    ));
  it('is the hand that filed it only for the holder it was filed for', () =>
    fc.assert(
      fc.property(whose, party, (claim, reader) => {
        const handedOn = claim.filedFor !== undefined && claim.filedFor !== claim.holder;
        expect(isFilerOf(claim, reader, true)).toBe(claim.filedBy === reader && !handedOn);
      }),
    ));
});

/** All that a claim's own people may do to it. */
const ofOnesOwn: Readonly<Record<string, (ask: Ask) => Asked>> = {
  recalling,
  recordingDeposit,
  recordingFollowUp,
  recordingVisit,
  releasing,
  requestingExtension,
  resubmitting,
};
const granted = (until?: string): Past =>
  inStream(partyStream('dealer-c' as PartyId), '2026-03-01', {
    type: 'RoleGranted',
    partyId: 'dealer-c',
    role: 'desk',
    programId: programId as ProgramId,
    from: on('2026-03-01'),
    ...(until === undefined ? {} : { until: on(until) }),
  } as never);

describe.each(Object.entries(ofOnesOwn))('%s', (_name, asking) => {
  it('is refused to who filed it, once somebody else holds it', () =>
    given(held(), transferred({ to: 'dealer-b' }))
      .when(asking({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
  it('is refused to the desk that filed it, once somebody else holds it', () =>
    given(held({ by: 'desk', for: 'dealer-a' }), transferred({ to: 'dealer-b' }))
      .when(asking({ by: 'desk' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
  it('is refused to the clerk that filed it, once the role has ended', () =>
    given(granted('2026-03-02 12:00'), held({ by: 'dealer-c', for: 'dealer-a' }))
      .when(asking({ by: 'dealer-c' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
});

describe('who filed for somebody', () => {
  it('gives it back as long as the role lasts', () =>
    given(granted(), held({ by: 'dealer-c', for: 'dealer-a' }))
      .when(releasing({ by: 'dealer-c' }))
      .then({
        type: 'Released',
        endedAt: on('2026-03-02 15:00'),
        registrationId: 'd1.1',
        because: [because('permissions.release', { relations: ['holder', 'filer'], roles: [] })],
      }));
});
