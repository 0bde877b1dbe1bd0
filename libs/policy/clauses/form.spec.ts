import fc from 'fast-check';
import { accepted, inventedBut, refusals, rulesOf, under, underInvented } from '../testing/evaluations.js';
import type { FieldValue } from '../field.js';
import { judgeForm } from './form.js';

const zhaodu = under('zhaodu-intent-customer');
const dataDepartment = under('data-dept-three-month');
const administration = under('two-month-admin-filing');
const invented = underInvented();

const walkIn = (values: Record<string, FieldValue>) =>
  judgeForm(zhaodu, {
    class: 'walkIn',
    values: { customerName: '王芳', phone: '138 0000 1111', address: '渝北区金开大道88号', ...values },
    attachments: [],
  });
const field = (values: Record<string, FieldValue>, name = 'field', attachments: string[] = []) =>
  judgeForm(invented, { class: name, values: { customerName: '王芳', phone: '13800001111', ...values }, attachments });
const project = (values: Record<string, FieldValue> = {}, attachments = ['businessCard']) =>
  judgeForm(dataDepartment, {
    class: 'project',
    attachments,
    values: {
      customerName: '重庆兆度销售工程有限公司',
      project: '滨江花园',
      keyPerson: '李强',
      keyPersonPhone: '13900002222',
      expectedAmount: '20000000',
      expectedUnitPrice: '350000',
      expectedSigning: '2026-06-01',
      feedback: '已约谈',
      ...values,
    },
  });

describe('form', () => {
  it('R04.02 is complete with name, phone and address, and reads them in one spelling', () => {
    const judged = walkIn({});
    expect(refusals(judged.verdict)).toEqual([]);
    expect(rulesOf(judged.verdict)).toEqual(['R04.02']);
    expect(judged).toMatchObject({
      missing: [],
      values: { phone: '+8613800001111' },
      clearValues: {},
      personalValues: { customerName: '王芳', phone: '+8613800001111', address: '渝北区金开大道88号' },
    });
    expect(judged.strongKeys.map(({ kind }) => kind)).toEqual(['phone']);
  });
  it('R04.02 is not valid without an address', () => {
    expect(walkIn({ address: '' })).toMatchObject({ missing: ['address'] });
    expect(refusals(walkIn({ address: ' \u3000' }).verdict)).toEqual(['FieldMissing']);
    expect(rulesOf(walkIn({ address: '' }).verdict)).toEqual(['R04.02']);
  });
  it('R09.04 wants the project', () =>
    expect(
      judgeForm(administration, {
        class: 'purchase',
        values: { customerName: '王芳', phone: '13800001111', project: '' },
        attachments: [],
      }).missing,
    ).toEqual(['project']));
  it('R09.06 the same person, phone and project are one subject, however they are written', () => {
    const key = (customerName: string, phone: string, name: string) =>
      judgeForm(administration, { class: 'purchase', values: { customerName, phone, project: name }, attachments: [] })
        .strongKeys;
    expect(key('王芳', '138-0000-1111', '滨江花园二期')).toEqual(key(' 王 芳', '+86 13800001111', '滨江花园2期'));
    expect(key('王芳', '13800001111', '滨江花园一期')).not.toEqual(key('王芳', '13800001111', '滨江花园二期'));
  });
  it("R06.07 wants the key person's business card", () => {
    expect(refusals(project({}, []).verdict)).toEqual(['AttachmentMissing']);
    expect(rulesOf(project({}, []).verdict)).toEqual(['R06.07']);
    expect(project({}, []).missing).toEqual(['businessCard']);
  });
  it('R06.04 keeps amounts, prices and dates in clear, and people and firms sealed', () => {
    const judged = project();
    expect(refusals(judged.verdict)).toEqual([]);
    expect(judged.clearValues).toEqual({
      expectedAmount: '20000000',
      expectedUnitPrice: '350000',
      expectedSigning: '2026-06-01',
    });
    expect(Object.keys(judged.personalValues).toSorted()).toEqual([
      'customerName',
      'feedback',
      'keyPerson',
      'keyPersonPhone',
      'project',
    ]);
  });
  it('R06.03 says everything that is wrong at once', () => {
    const judged = judgeForm(dataDepartment, {
      class: 'project',
      values: {
        customerName: '有限公司',
        keyPersonPhone: '12',
        expectedAmount: '12.5',
        expectedSigning: '2026-02-30',
        colour: 'red',
      },
      attachments: [],
    });
    expect(refusals(judged.verdict)).toEqual([
      'FieldUnknown',
      'FieldInvalid',
      'FieldInvalid',
      'FieldInvalid',
      'FieldInvalid',
      'FieldMissing',
      'FieldMissing',
      'FieldMissing',
      'FieldMissing',
      'AttachmentMissing',
    ]);
    expect(judged.missing).toEqual(['project', 'keyPerson', 'expectedUnitPrice', 'feedback', 'businessCard']);
    expect(JSON.stringify(judged.verdict)).not.toMatch(/2026-02-30|有限公司|12\.5/);
  });

  it('R29.17 a surname and a title name nobody, unless the policy takes them to find candidates', () => {
    expect(refusals(walkIn({ customerName: '王先生' }).verdict)).toEqual(['FieldInvalid']);
    const partial = field({ customerName: '王先生', phone: '138****1111', company: '长江机械有限公司' });
    expect(refusals(partial.verdict)).toEqual([]);
    expect(partial.strongKeys.map(({ kind }) => kind)).toEqual(['company']);
    expect(partial.weakKeys).toHaveLength(1);
    expect(partial.weakKeys).toEqual(field({ customerName: '王芳', phone: '13800001111' }).weakKeys);
  });
  it('a complete form that names nobody is refused', () => {
    expect(refusals(field({ phone: '138****1111' }).verdict)).toEqual(['NoStrongKey']);
    expect(accepted(field({ phone: '' }).verdict)).toEqual({ fields: ['phone', 'company'] });
  });
  it('R17.05 a field may be required by a condition', () => {
    expect(field({ kind: 'villa' }).missing).toEqual(['building']);
    expect(field({ kind: 'villa', designer: '李强' }).missing).toEqual([]);
    expect(field({ kind: 'flat' }).missing).toEqual([]);
  });
  it('R29.16 an attachment may be wanted of one class only', () => {
    expect(field({}, 'visited').missing).toEqual(['customerSignature']);
    expect(field({}, 'visited', ['customerSignature']).missing).toEqual([]);
    expect(field({}).missing).toEqual([]);
  });

  it.each<[string, FieldValue, string[], unknown]>([
    ['amount', '100000000', [], undefined],
    ['amount', '100000001', ['FieldOutOfRange'], { min: '0', max: '100000000' }],
    ['amount', '-1', ['FieldOutOfRange'], { min: '0', max: '100000000' }],
    ['amount', 100, ['FieldInvalid'], { unit: 'fen' }],
    ['amount', '1e5', ['FieldInvalid'], { unit: 'fen' }],
    ['area', 1, [], undefined],
    ['area', 0, ['FieldOutOfRange'], { min: 1, max: 100_000 }],
    ['area', Number.NaN, ['FieldInvalid'], { example: 12 }],
    ['area', Number.POSITIVE_INFINITY, ['FieldInvalid'], { example: 12 }],
    ['area', '12', ['FieldInvalid'], { example: 12 }],
    ['kind', 'office', ['FieldInvalid'], { choices: ['villa', 'flat'] }],
    ['consent', 'yes', ['FieldInvalid'], { choices: [true, false] }],
    ['consent', true, [], undefined],
    ['signing', '2025-12-31', ['FieldOutOfRange'], { min: '2026-01-01' }],
    ['signing', '2026-02-29', ['FieldInvalid'], { example: '2026-03-02' }],
    ['signing', '2026-01-01', [], undefined],
    ['building', 'x'.repeat(501), ['FieldInvalid'], { max: 500 }],
    ['building', 'a\u0000b', ['FieldInvalid'], {}],
    ['building', '\ud800', ['FieldInvalid'], {}],
    ['building', '3-2-101', [], undefined],
    ['company', '有限公司', ['FieldInvalid'], {}],
    [
      'constructor',
      'x',
      ['FieldUnknown'],
      {
        fields: [
          'customerName',
          'phone',
          'company',
          'amount',
          'area',
          'kind',
          'building',
          'designer',
          'consent',
          'signing',
        ],
      },
    ],
  ])('%s = %j gives %j', (name, value, codes, bounds) => {
    const { verdict } = field({ [name]: value });
    expect(refusals(verdict)).toEqual(codes);
    expect(accepted(verdict)).toEqual(bounds);
  });

  it("a moment without an offset is wall time of the policy's zone", () =>
    expect(field({ visitAt: '2026-03-03 15:00' }, 'preFiling').clearValues['visitAt']).toBe(
      '2026-03-03T07:00:00.000Z',
    ));
  it('what a policy calls personal is sealed, whatever its type', () => {
    const sealed = inventedBut('{ name: area, type: number,', '{ name: area, type: number, personal: true,');
    const judged = judgeForm(sealed, {
      class: 'field',
      values: { customerName: '王芳', phone: '13800001111', area: 90 },
      attachments: [],
    });
    expect(judged.clearValues).toEqual({});
    expect(judged.personalValues['area']).toBe(90);
  });

  it('never throws, never repeats a value in a refusal, and reads what it wrote', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 40, unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom('王芳', '13800001111', '2026-03-01', '100', 'villa', '2026-03-03T07:00:00.000Z', '__proto__'),
    );
    const values = fc.dictionary(
      fc.constantFrom(
        'customerName',
        'phone',
        'company',
        'amount',
        'area',
        'kind',
        'building',
        'designer',
        'consent',
        'signing',
        'visitAt',
        '__proto__',
        'toString',
      ),
      value,
    );
    fc.assert(
      fc.property(values, fc.constantFrom('field', 'preFiling', 'visited'), (given, name) => {
        const judged = judgeForm(invented, { class: name, values: given, attachments: ['customerSignature'] });
        const again = judgeForm(invented, { class: name, values: judged.values, attachments: ['customerSignature'] });
        expect(again.values).toEqual(judged.values);
        expect(again.strongKeys).toEqual(judged.strongKeys);
        expect({ ...judged.clearValues, ...judged.personalValues }).toEqual(judged.values);
        expect(judged.verdict.allowed && judged.missing.length > 0).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
