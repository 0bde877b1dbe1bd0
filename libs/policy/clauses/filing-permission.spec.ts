import { at, refusals, rulesOf, under, underInvented } from '../testing/evaluations.js';
import { judgePermission, permissionClause, permissionEnds } from './filing-permission.js';

const zhaodu = under('zhaodu-intent-customer');
const judge = (granted?: { at: string; until?: string; to: string }, now = '2026-03-02 10:00') =>
  judgePermission(zhaodu, {
    class: 'walkIn',
    party: 'S2',
    now: at(now),
    ...(granted === undefined
      ? {}
      : {
          granted: {
            at: at(granted.at),
            to: granted.to,
            ...(granted.until === undefined ? {} : { until: at(granted.until) }),
          },
        }),
  });

describe('permission before filing', () => {
  it('R04.11 without the grant a submission is refused', () => {
    expect(refusals(judge())).toEqual(['PermissionMissing']);
    expect(rulesOf(judge())).toEqual(['R04.10', 'R04.11']);
  });
  it('R04.11 with the grant of 09:30 it may be handed in', () =>
    expect(refusals(judge({ at: '2026-03-02 09:30', to: 'S2' }))).toEqual([]));
  it("another's grant is no grant", () =>
    expect(refusals(judge({ at: '2026-03-02 09:30', to: 'S1' }))).toEqual(['PermissionForAnother']));
  it('R04.11 a grant is good until the end of the next day', () => {
    const until = permissionEnds(zhaodu, { class: 'walkIn', at: at('2026-03-02 09:30') });
    expect(until).toBe(at('2026-03-04'));
    expect(
      refusals(judge({ at: '2026-03-02 09:30', to: 'S2', until: '2026-03-04 00:00' }, '2026-03-03 23:59')),
    ).toEqual([]);
    expect(
      refusals(judge({ at: '2026-03-02 09:30', to: 'S2', until: '2026-03-04 00:00' }, '2026-03-04 00:00')),
    ).toEqual(['PermissionRunOut']);
  });
  it('is asked of the classes that the policy names, and of no other', () => {
    expect(permissionClause(underInvented(), 'designer')).toEqual({ required: true, validFor: { hours: 24 } });
    expect(permissionClause(underInvented(), 'field')).toEqual({ required: false });
    expect(refusals(judgePermission(underInvented(), { class: 'field', now: at('2026-03-02'), party: 'S1' }))).toEqual(
      [],
    );
    expect(permissionEnds(underInvented(), { class: 'field', at: at('2026-03-02') })).toBeUndefined();
  });
});
