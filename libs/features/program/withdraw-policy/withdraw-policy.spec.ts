import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { AnyEvent, Happening } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { given, on, programId, rehearsalText } from '../../dossier/testing/rehearsal.js';
import type { ProgramEvent } from '../events.js';
import { programFolding, programStream, publishedCitedAt, publishedInForce, type ProgramFacts } from '../facts.js';
import { withdrawPolicy } from './withdraw-policy.js';

const text = rehearsalText({ 'version: "1"': 'version: "2"' });
const digest = createHash('sha256').update(text).digest('hex');
const planned = inStream(programStream(programId), '2026-03-01', {
  type: 'PolicyPublished',
  programId,
  version: '2',
  digest,
  text,
  effectiveFrom: on('2026-04-01 00:00'),
  authority: '总经理',
} as AnyEvent);
const second = { programId, version: '2', authority: '总经理' };
const withdrawn = { type: 'PolicyWithdrawn', ...second, digest, effectiveFrom: on('2026-04-01 00:00') };

describe('withdraw a policy', () => {
  it('takes back a version that has not begun', () =>
    given(planned).when(administering(withdrawPolicy, second)).then(withdrawn));
  it('is refused from a minute before it begins: a ruling that is on its way may cite it', async () => {
    for (const at of ['2026-03-31 23:59', '2026-04-01 00:00', '2026-05-01 09:00'])
      await given(planned)
        .when(administering(withdrawPolicy, second, { at }))
        .thenRefused('PolicyVersionBegun');
    await given(planned)
      .when(administering(withdrawPolicy, second, { at: '2026-03-31 23:58' }))
      .then(withdrawn);
  });
  it('is refused for a version that nobody published, or that was withdrawn, and says which there are', async () => {
    await given(planned)
      .when(administering(withdrawPolicy, { ...second, version: '3' }))
      .thenRefused('PolicyVersionUnknown', { versions: ['2'] });
    await given(planned, inStream(programStream(programId), '2026-03-02', withdrawn as AnyEvent))
      .when(administering(withdrawPolicy, second))
      .thenRefused('PolicyVersionUnknown', { versions: [] });
  });
  it('is refused in a program nobody opened, and to who owns no policy', async () => {
    await given(planned)
      .when(administering(withdrawPolicy, { ...second, programId: 'nowhere' as ProgramId }))
      .thenRefused('ProgramUnknown');
    await given(planned)
      .when(administering(withdrawPolicy, second, { by: 'reviewer' }))
      .thenRefused('RoleMissing', { roles: ['policyOwner', 'administrator'] });
  });
});

const minute = (count: number): string => new Date(Date.UTC(2026, 0, 1) + count * 60_000).toISOString();
/** Versions come, move and go; nothing begins in the past, nothing goes that has begun. What held then stays what held. */
const history = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 30 }),
    version: fc.constantFrom('2', '3', '4'),
    ahead: fc.integer({ min: 0, max: 90 }),
    withdraw: fc.boolean(),
  }),
  { maxLength: 25 },
);
const first = { type: 'PolicyPublished', programId, version: '1', digest: 'd1', effectiveFrom: minute(0), text: '' };

it('what the policy was at a moment is the same later, whatever is published, moved or withdrawn since', () => {
  fc.assert(
    fc.property(history, (steps) => {
      let now = 0;
      const apply = (facts: ProgramFacts, event: object): ProgramFacts =>
        programFolding.apply(facts, { event, at: minute(now) } as Happening<ProgramEvent>);
      let facts = apply(programFolding.initial, first);
      // What a ruling of that moment cites, once everything that happened in it is recorded.
      const cited = new Map<number, string | undefined>();
      for (const { after, version, ahead, withdraw } of steps) {
        now += after;
        const known = facts.policies.find((policy) => policy.version === version);
        if (known !== undefined && known.effectiveFrom <= minute(now + 1)) continue;
        if (withdraw && known !== undefined) facts = apply(facts, { type: 'PolicyWithdrawn', version });
        if (!withdraw)
          facts = apply(facts, { ...first, version, digest: `d${version}`, effectiveFrom: minute(now + ahead) });
        cited.set(now, publishedInForce(facts, minute(now) as never)?.version);
      }
      for (const [at, version] of cited) expect(publishedCitedAt(facts, minute(at) as never)?.version).toBe(version);
    }),
    { numRuns: 500 },
  );
});
