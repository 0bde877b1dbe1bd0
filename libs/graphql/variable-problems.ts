import type { FieldProblem } from './errors.js';

/**
 * GraphQL's words for a variable that does not fit. They quote the value, which may be personal and long, so they are
 * taken apart and said anew.
 */
const invalidValue = /^Variable "\$(\w+)" got invalid value/;
const place = / at "([\w.[\]]{1,200})"; /g;
const missingVariable = /^Variable "\$(\w+)" of (?:required|non-null) type "([\w[\]!]{1,100})"/;
/** What our scalars say, in both languages. */
const ours =
  /; ((Fen|Instant|CalendarDate|PositionToken|Identifier|FormValues|DerivedFacts) is .{1,300}) \/ (\2 .{1,300})$/s;
const saidMax = 800;

/**
 * Where the variable is wrong, as `input.form`, and what would be accepted; `undefined` for words about something else.
 */
export const variableProblem = (message: string): FieldProblem | undefined => {
  const missing = missingVariable.exec(message);
  if (missing !== null)
    return { path: missing[1]!, message: { zh: '必填。', en: 'Is required.' }, accepted: { type: missing[2]! } };
  const variable = invalidValue.exec(message)?.[1];
  if (variable === undefined) return undefined;
  const path = [...message.matchAll(place)].at(-1)?.[1] ?? variable;
  return { path: path.replaceAll(/\[(\d+)\]/g, '.$1'), message: wordsOf(message) };
};

const wordsOf = (message: string): FieldProblem['message'] => {
  const own = ours.exec(message.slice(-saidMax));
  if (own !== null) return { zh: own[3]!, en: own[1]! };
  const said = message.slice(message.lastIndexOf('; ') + 2);
  if (/^Field "\w+" is not defined by type/.test(said)) return { zh: '没有这个字段。', en: 'There is no such field.' };
  const [, required] = /^Field "(\w{1,100})" of required type/.exec(said) ?? [];
  if (required !== undefined) return { zh: `缺少必填字段 ${required}。`, en: `The field ${required} is required.` };
  return { zh: '类型或取值不符。', en: 'Has the wrong type or value.' };
};
