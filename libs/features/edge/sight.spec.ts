import { knownRoles } from '#policy/roles.js';
import { shown, sightOf, sightTables, redacted } from './sight.js';

describe('what a role sees of others', () => {
  it('nothing, as a plain party or as the author of the rules', () => {
    for (const table of Object.keys(sightTables) as (keyof typeof sightTables)[])
      expect([sightOf(table, ['party']), sightOf(table, ['policyOwner']), sightOf(table, [])]).toEqual([
        'none',
        'none',
        'none',
      ]);
  });
  it('every role is decided in every table', () => {
    for (const table of Object.values(sightTables))
      expect(Object.keys(table).toSorted()).toEqual([...knownRoles].toSorted());
  });
  it('the widest of several roles counts', () => {
    expect(sightOf('claims', ['auditor', 'desk', 'party'])).toBe('clear');
    expect(sightOf('claims', ['party', 'auditor'])).toBe('masked');
  });
});

describe('what is shown to whoever may not see telephone numbers', () => {
  it('texts have them masked', () => expect(shown('电话 138 0000 1111', 'masked')).toBe('电话 138****1111'));
  it('numbers and flags are shown as they are', () => {
    expect([shown(3, 'masked'), shown(true, 'masked'), shown('13800001111', 'clear')]).toEqual([
      3,
      true,
      '13800001111',
    ]);
  });
  it('of reasons about both sides: neither number nor name of the others', () => {
    expect(redacted('ben（江畔渠道）13800000001 晚到 12 分钟', ['江畔渠道', 'ben'])).not.toMatch(
      /ben|江畔|13800000001/,
    );
    expect(redacted('先到者得', ['ben', ''])).toBe('先到者得');
  });
});
