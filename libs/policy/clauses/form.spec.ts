import fc from 'fast-check';
import { accepted, inventedBut, refusals, rulesOf, under, underInvented } from '../testing/evaluations.js';
import type { Field, FieldValue } from '../field.js';
import { fieldTypesOf, writtenValue } from '../field.js';
import { compileClauses } from '../clauses.js';
import { noFacts } from '../facts.js';
import { judgeForm } from './form.js';
import { strongNormalisers } from './identity.js';

const zhaodu = under('zhaodu-intent-customer');
const dataDepartment = under('data-dept-three-month');
const administration = under('two-month-admin-filing');
const invented = underInvented();

const lawful = (type: Field['type']): Field => ({
  name: 'lawful',
  type,
  label: { zh: '值', en: 'Value' },
  required: false,
  partial: false,
});

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
      expectedAmount: '200,000.00',
      expectedUnitPrice: '3500',
      expectedSigning: '2026-06-01',
      feedback: '已约谈',
      ...values,
    },
  });

describe('a value that is kept', () => {
  const spellings = fc.oneof(
    fc.constantFrom(
      '13900000028转1',
      '(023)63000001-801',
      '023-63000001转801',
      '400-800-1234#5',
      '139 0000 0028',
      'X.INC',
      'X Inc.',
      '示例有限 公司',
      '示例有限公司',
      ' Wang Fang ',
      '王 芳',
      '9135 0100-m000100y43',
      '滨江花园二期项目',
      '#3—2',
      '渝中区 ＃3',
    ),
    fc.string({ unit: 'grapheme', maxLength: 14 }),
    fc.stringMatching(/^[0+]?\d{6,12}[-转x#]?\d{0,4}$/),
  );
  const types = {
    phone: 'phone',
    companyName: 'companyName',
    personName: 'personName',
    creditCode: 'creditCode',
    project: 'text',
    address: 'address',
    text: 'text',
  } as const;
  it.each(strongNormalisers)('%s: forms the key that was formed when it was filed, or is refused', (as) => {
    const { document } = invented.policy;
    const identity = { ...document.identity!, strongKeys: [{ kind: 'lawful', parts: [{ field: 'lawful', as }] }] };
    const forms = [{ ...document.form[0]!, fields: [lawful(types[as])] }];
    const changed = { ...document, identity, form: forms };
    const e = { ...invented, policy: { ...invented.policy, document: changed, compiled: compileClauses(changed) } };
    fc.assert(
      fc.property(spellings, (text) => {
        const judge = (value: FieldValue) =>
          judgeForm(e, { class: 'field', values: { lawful: value }, attachments: [] });
        const once = judge(text);
        if (text.trim() === '') return;
        if (once.misread.length > 0) {
          expect(once.misread[0]).toMatchObject({ reason: 'FieldInvalid', field: 'lawful' });
          expect(once.misread[0]!.because![0]!.inputs['problem']).toBeTruthy();
          expect(once.strongKeys).toEqual([]);
          return;
        }
        expect(once.strongKeys).toHaveLength(1);
        expect(judge(once.values['lawful']!)).toMatchObject({ strongKeys: once.strongKeys, values: once.values });
      }),
      { numRuns: 300 },
    );
  });
  it('money written again as it is shown is the same money', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 100_000_000n }), (fen) => {
        expect(field({ amount: writtenValue('money', String(fen)) }).values['amount']).toBe(String(fen));
      }),
    );
  });
});

describe('an unknown class', () => {
  it('is said, instead of a list of unknown fields', () =>
    expect(judgeForm(zhaodu, { class: 'walkin', values: { phone: '13800001111' }, attachments: [] }).misread).toEqual([
      expect.objectContaining({ reason: 'ClassUnknown', field: 'class', accepted: { classes: ['walkIn'] } }),
    ]));
});

describe('an old credit code that breaks its check digit', () => {
  const filed = (attested: string[], creditCode = '91350100M000100Y44') =>
    judgeForm(dataDepartment, { class: 'project', values: { creditCode }, attachments: [], attested });
  it('is refused, unless a desk attests the licence', () => {
    expect(filed([]).misread).toMatchObject([{ reason: 'FieldInvalid', field: 'creditCode' }]);
    expect(filed(['creditCode'])).toMatchObject({
      misread: [],
      values: { creditCode: '91350100M000100Y44' },
      strongKeys: [{ kind: 'creditCode' }],
    });
  });
  it('still has eighteen characters of the alphabet', () =>
    expect(filed(['creditCode'], '91350100M000100Y4').misread).toHaveLength(1));
});

describe('form', () => {
  it('R04.02 is complete with name, phone and address, and reads them in one spelling', () => {
    const judged = walkIn({});
    expect(refusals(judged.judgement)).toEqual([]);
    expect(rulesOf(judged.judgement)).toEqual(['R04.02']);
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
    expect(refusals(walkIn({ address: ' \u3000' }).judgement)).toEqual(['FieldMissing']);
    expect(rulesOf(walkIn({ address: '' }).judgement)).toEqual(['R04.02']);
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
    expect(refusals(project({}, []).judgement)).toEqual(['AttachmentMissing']);
    expect(rulesOf(project({}, []).judgement)).toEqual(['R06.07']);
    expect(project({}, []).missing).toEqual(['businessCard']);
  });
  it('R06.04 keeps amounts, prices and dates in clear, and people and firms sealed', () => {
    const judged = project();
    expect(refusals(judged.judgement)).toEqual([]);
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
        expectedAmount: '12.345',
        expectedSigning: '2026-02-30',
        colour: 'red',
      },
      attachments: [],
    });
    expect(refusals(judged.judgement)).toEqual([
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
    expect(JSON.stringify(judged.judgement)).not.toMatch(/2026-02-30|有限公司|12\.5/);
  });

  it('R29.17 a surname and a title name nobody, unless the policy takes them to find candidates', () => {
    expect(refusals(walkIn({ customerName: '王先生' }).judgement)).toEqual(['FieldInvalid']);
    const partial = field({ customerName: '王先生', phone: '138****1111', company: '长江机械有限公司' });
    expect(refusals(partial.judgement)).toEqual([]);
    expect(partial.strongKeys.map(({ kind }) => kind)).toEqual(['company']);
    expect(partial.weakKeys).toHaveLength(1);
    expect(partial.weakKeys).toEqual(field({ customerName: '王芳', phone: '13800001111' }).weakKeys);
  });
  it('a complete form that names nobody is refused', () => {
    expect(refusals(field({ phone: '138****1111' }).judgement)).toEqual(['NoStrongKey']);
    expect(accepted(field({ phone: '' }).judgement)).toEqual({ fields: ['phone', 'company'] });
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
    ['amount', '1,000,000.00', [], undefined],
    ['amount', 2000, [], undefined],
    ['amount', '1000000.01', ['FieldOutOfRange'], { min: '0', max: '1000000.00', unit: 'yuan' }],
    ['amount', '-0.01', ['FieldOutOfRange'], { min: '0', max: '1000000.00', unit: 'yuan' }],
    ['amount', '2000.005', ['FieldInvalid'], { example: '2000.00', unit: 'yuan' }],
    ['amount', true, ['FieldInvalid'], { example: '2000.00', unit: 'yuan' }],
    ['amount', '1e5', ['FieldInvalid'], { example: '2000.00', unit: 'yuan' }],
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
    const { judgement } = field({ [name]: value });
    expect(refusals(judgement)).toEqual(codes);
    expect(accepted(judgement)).toEqual(bounds);
  });

  it("a moment without an offset is wall time of the policy's zone", () =>
    expect(field({ visitAt: '2026-03-03 15:00' }, 'preFiling').clearValues['visitAt']).toBe(
      '2026-03-03T07:00:00.000Z',
    ));
  it('what a policy calls personal is sealed, whatever its type', () => {
    // The statistic that sums it up would be refused.
    const sealed = inventedBut(
      /\{ name: area, type: number,([\s\S]*)sums: \[amount, area\]/,
      '{ name: area, type: number, personal: true,$1sums: [amount]',
    );
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
        const types = fieldTypesOf(invented.policy);
        const written = Object.entries(judged.values).map(([key, value]) => [key, writtenValue(types.get(key), value)]);
        const again = judgeForm(invented, {
          class: name,
          values: Object.fromEntries(written) as Record<string, FieldValue>,
          attachments: ['customerSignature'],
        });
        expect(again.values).toEqual(judged.values);
        expect(again.strongKeys).toEqual(judged.strongKeys);
        expect({ ...judged.clearValues, ...judged.personalValues }).toEqual(judged.values);
        expect(judged.judgement.allowed && judged.missing.length > 0).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});

describe('what a form asks for can depend on who fills it in, and on what stands in it', () => {
  const of = (role: string, attachments: string[] = []) => {
    const e = inventedBut(
      'label: { zh: 客户签字, en: "Customer\'s signature" }',
      'requiredWhen: \'partyHas("clerk")\', label: { zh: 客户签字, en: "Customer\'s signature" }',
    );
    const values = { customerName: '王芳', phone: '13800001111' };
    const facts = { ...noFacts, party: { roles: [role] } };
    return judgeForm(e, { class: 'visited', values, attachments, facts }).missing;
  };
  it('a paper is wanted of those alone who owe it', () =>
    expect([of('clerk'), of('party'), of('clerk', ['customerSignature'])]).toEqual([['customerSignature'], [], []]));
  it('a check that does not hold refuses with the words of the policy, beside all else that is wrong', () => {
    const visited = (values: Record<string, FieldValue>, attachments = ['customerSignature']) =>
      refusals(field(values, 'visited', attachments).judgement);
    expect(visited({ amount: '100' })).toEqual(['CheckFailed']);
    expect(visited({ amount: '100', signing: '2026-04-01' })).toEqual([]);
    expect(visited({})).toEqual([]);
    expect(visited({ amount: '100' }, [])).toEqual(['AttachmentMissing', 'CheckFailed']);
  });
  it('a value that cannot be read fulfils no check', () =>
    expect(
      refusals(field({ amount: '100', signing: '2026-02-30' }, 'visited', ['customerSignature']).judgement),
    ).toEqual(['FieldInvalid', 'CheckFailed']));
});
