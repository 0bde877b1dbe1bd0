import { buildSchema, getVariableValues, parse, type OperationDefinitionNode } from 'graphql';
import { FenScalar, FormValuesScalar } from './scalars.js';
import { variableProblem } from './variable-problems.js';

const schema = buildSchema(
  'scalar Fen scalar FormValues input Row { name: String! count: Int } input I { amount: Fen form: FormValues rows: [Row!] } type Query { q(i: I!): Int }',
);
for (const scalar of [FenScalar, FormValuesScalar])
  Object.assign(schema.getType(scalar.name)!, { parseValue: scalar.parseValue });
const { variableDefinitions } = parse('query ($i: I!) { q(i: $i) }').definitions[0] as OperationDefinitionNode;

/** What GraphQL itself says of a variable, taken apart. */
const problemOf = (variables: Record<string, unknown>) => {
  const { errors } = getVariableValues(schema, variableDefinitions!, variables, { maxErrors: 1 });
  return variableProblem(errors![0]!.message);
};

describe('what GraphQL says of a variable that does not fit', () => {
  it('names the field, in both languages, in the words of our scalars', () => {
    expect(problemOf({ i: { amount: '1.5' } })).toEqual({
      path: 'i.amount',
      message: { zh: expect.stringContaining('整数文本'), en: expect.stringMatching(/^Fen is whole fen/) },
    });
    expect(problemOf({ i: { form: { a: { b: 1 } } } })).toEqual({
      path: 'i.form.a',
      message: {
        zh: expect.stringContaining('“a”不能受理'),
        en: expect.stringMatching(/^FormValues is not accepted at "a"/),
      },
    });
  });
  it('counts into lists', () => {
    expect(problemOf({ i: { rows: [{ name: 'a' }, { name: 'b', count: 'x' }] } })).toMatchObject({
      path: 'i.rows.1.count',
    });
    expect(problemOf({ i: { rows: [{}] } })).toEqual({
      path: 'i.rows.0',
      message: { zh: '缺少必填字段 name。', en: 'The field name is required.' },
    });
  });
  it('knows fields that there are not, and variables that are missing', () => {
    expect(problemOf({ i: { amuont: '1' } })).toEqual({
      path: 'i',
      message: { zh: '没有这个字段。', en: 'There is no such field.' },
    });
    expect(problemOf({})).toEqual({
      path: 'i',
      message: { zh: '必填。', en: 'Is required.' },
      accepted: { type: 'I!' },
    });
  });
  it('never quotes what was sent', () => {
    for (const sent of ['+13800001111', '13800001111 at "i.form"; 13800001111 / 13800001111'])
      expect(
        JSON.stringify([
          problemOf({ i: { amount: sent } }),
          problemOf({ i: [sent] }),
          problemOf({ i: { rows: [{ name: 'a', count: sent }] } }),
        ]),
      ).not.toContain('13800001111');
  });
  it('leaves words about anything else alone', () => {
    expect(variableProblem('Cannot query field "a" on type "Query".')).toBeUndefined();
  });
});
