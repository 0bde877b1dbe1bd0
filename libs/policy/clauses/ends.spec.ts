import { FOREVER } from '#time/instant.js';
import { accepted, at, inventedBut, refusals, under, underInvented } from '../testing/evaluations.js';
import { judgeTermination } from './ends.js';

const dataDepartment = under('data-dept-three-month');
const administration = under('two-month-admin-filing');
const found = (cause: string, date: string, roles = ['reviewer']) =>
  judgeTermination(dataDepartment, { cause, at: at(date), roles, relations: [] });

describe('ends', () => {
  it('R06.16 false information ends the protection', () => {
    expect(refusals(found('falseInformation', '2026-04-01 10:00').judgement)).toEqual([]);
    expect(found('falseInformation', '2026-04-01 10:00')).toMatchObject({
      effect: 'terminate',
      because: { clause: 'ends.falseInformation', rules: ['R06.16'] },
    });
  });
  it('R06.17 and keeps the filer from that customer for three months', () => {
    const { ban } = found('falseInformation', '2026-04-01 10:00');
    expect(ban).toMatchObject({ scope: 'filerAndCustomer', until: at('2026-07-02'), because: { rules: ['R06.17'] } });
    expect(at('2026-06-15') < ban!.until).toBe(true);
    expect(at('2026-07-02') < ban!.until).toBe(false);
  });
  it('R06.15 signing with a competitor ends it, and bans nobody', () =>
    expect(found('signedWithCompetitor', '2026-04-01')).toMatchObject({ judgement: { allowed: true } }));
  it('R06.15 without a ban', () => expect(found('signedWithCompetitor', '2026-04-01').ban).toBeUndefined());
  it('is found by those whom the clause names', () => {
    expect(refusals(found('falseInformation', '2026-04-01', ['party']).judgement)).toEqual(['FinderNotPermitted']);
    expect(accepted(found('falseInformation', '2026-04-01', ['party']).judgement)).toEqual({
      roles: ['reviewer', 'administrator'],
      relations: [],
    });
    expect(refusals(found('weather', '2026-04-01').judgement)).toEqual(['CauseUnknown']);
    expect(accepted(found('weather', '2026-04-01').judgement)).toEqual({
      causes: ['signedWithCompetitor', 'falseInformation'],
    });
  });
  it('R09.08, R09.10 an untrue filing and a premature dispute make it void', () => {
    for (const [cause, rule] of [
      ['untrueInformation', 'R09.08'],
      ['prematureDispute', 'R09.10'],
    ] as const) {
      expect(
        judgeTermination(administration, { cause, at: at('2026-03-20'), roles: ['administrator'], relations: [] }),
      ).toMatchObject({ effect: 'void', because: { rules: [rule] } });
    }
  });
  it('a ban may be counted from the discovery, for everybody, or for ever', () => {
    const given = {
      cause: 'falseInformation',
      at: at('2026-04-10 10:00'),
      discoveredAt: at('2026-04-01 10:00'),
      roles: ['reviewer'],
      relations: [],
    } as const;
    expect(judgeTermination(underInvented(), given).ban).toMatchObject({ scope: 'customer', until: at('2026-07-01') });
    expect(judgeTermination(underInvented(), { ...given, discoveredAt: undefined }).ban).toMatchObject({
      until: at('2026-07-10'),
    });
    expect(
      judgeTermination(
        inventedBut('lasts: { days: 90, counting: exclusive }, starts', 'lasts: { permanent: true }, starts'),
        given,
      ).ban?.until,
    ).toBe(FOREVER);
  });
});
