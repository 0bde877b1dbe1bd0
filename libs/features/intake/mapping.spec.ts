import { readFileSync } from 'node:fs';
import { shippedPolicy } from '#policy/testing/shipped.js';
import { checkHeader, checkMapping, loadMapping, type Mapping } from './mapping.js';

const text = readFileSync('libs/policy/documents/zhaodu-intent-customer/register.mapping.yaml', 'utf8');
const mappingOf = (source: string): Mapping => {
  const loaded = loadMapping(source);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.mapping;
};
const policy = shippedPolicy('zhaodu-intent-customer');
const codes = (problems: readonly { readonly code: string }[]): readonly string[] => problems.map(({ code }) => code);

describe('a mapping', () => {
  it('that is shipped fits its policy and its register', () => {
    expect(checkMapping(mappingOf(text), policy)).toEqual([]);
    expect(
      checkHeader(mappingOf(text), [
        '登记时间',
        '报备人',
        '部门',
        '客户名称',
        '电话',
        '地址',
        '客户类型',
        '定金',
        '备注',
      ]),
    ).toEqual([]);
  });

  it.each([
    ['ClassNotFiled', '{ class: walkIn }', '{ class: depositPaid }'],
    ['FieldUnknown', '备注: need', '备注: remark'],
    ['FieldUnmapped', '  地址: address\n', ''],
    ['DepositUnmapped', 'deposit: { column: 定金, unit: yuan }\n', ''],
    ['ChannelUnknown', 'channel: paper', 'channel: fax'],
  ])('%s is said before the first row is read', (code, from, to) => {
    expect(text).toContain(from);
    expect(codes(checkMapping(mappingOf(text.replace(from, to)), policy))).toContain(code);
  });

  it('that does not read says where, in both languages', () => {
    const loaded = loadMapping(text.replace('column: 登记时间', 'colum: 登记时间'));
    expect(loaded).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([
        expect.objectContaining({
          path: 'time.column',
          line: 7,
          message: { zh: expect.any(String), en: expect.any(String) },
        }),
      ]),
    });
  });
});
