import fc from 'fast-check';
import { under, underInvented } from '../testing/evaluations.js';
import { strongKeysOf, weakKeysOf } from './identity.js';

const dataDepartment = under('data-dept-three-month');
const administration = under('two-month-admin-filing');
const invented = underInvented();

describe('identity', () => {
  it('a key whose parts are not all there is not formed', () => {
    expect(strongKeysOf(administration, 'purchase', { customerName: '王芳', phone: '13800001111' })).toEqual([]);
    expect(
      strongKeysOf(administration, 'purchase', { customerName: '王芳', phone: '13800001111', project: '滨江花园' }),
    ).toHaveLength(1);
  });
  it('a hidden phone is never a strong key', () => {
    expect(strongKeysOf(invented, 'field', { phone: '138****1111' })).toEqual([]);
    expect(weakKeysOf(invented, 'field', { phone: '138****1111', customerName: '王先生' })).toEqual(
      weakKeysOf(invented, 'field', { phone: '13800001111', customerName: '王芳' }),
    );
  });
  it('R06 one company is one customer, however its name is written', () => {
    const keys = (customerName: string) => strongKeysOf(dataDepartment, 'project', { customerName });
    expect(keys('重庆长江机械有限责任公司')).toEqual(keys('重慶長江機械 有限公司'));
    expect(keys('兆度（重庆）有限公司')).not.toEqual(keys('兆度（成都）有限公司'));
  });
  it('a phone that has been read gives the key of the phone as it was written', () => {
    const digits = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
    fc.assert(
      fc.property(digits, (phone) => {
        for (const keys of [strongKeysOf, weakKeysOf])
          expect(keys(invented, 'field', { phone: `+86${phone}`, customerName: '王芳' })).toEqual(
            keys(invented, 'field', { phone, customerName: '王芳' }),
          );
      }),
    );
  });
  it('keys of different kinds never meet', () => {
    const kinds = strongKeysOf(invented, 'field', { phone: '13800001111', company: '长江机械有限公司' }).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['phone', 'company']);
  });
  it('what a form has inherited is no field of it', () =>
    expect(strongKeysOf(invented, 'field', Object.create({ phone: '13800001111' }) as Record<string, unknown>)).toEqual(
      [],
    ));
  it('two forms with one key agree in every part of it', () => {
    const form = fc.record({
      customerName: fc.constantFrom('王芳', '李强', '欧阳娜娜'),
      phone: fc.constantFrom('13800001111', '13900002222'),
      project: fc.constantFrom('滨江花园', '滨江花园1期', '滨江花园2期'),
    });
    fc.assert(
      fc.property(form, form, (a, b) => {
        const [one, two] = [strongKeysOf(administration, 'purchase', a), strongKeysOf(administration, 'purchase', b)];
        expect([one.length, two.length]).toEqual([1, 1]);
        expect(one[0]!.value === two[0]!.value).toBe(
          a.customerName === b.customerName && a.phone === b.phone && a.project === b.project,
        );
      }),
    );
  });
});
