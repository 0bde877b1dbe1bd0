import type { FieldProblem } from './errors.js';

/** GraphQL's words for a variable that does not fit. They quote the value, which may be personal and long, so they are taken apart and said anew. */
const invalidValue = /^Variable "\$(\w+)" got invalid value/;
const place = / at "([\w.[\]]{1,200})"; /g;
const missingVariable = /^Variable "\$(\w+)" of (?:required|non-null) type "([\w[\]!]{1,100})"/;
const ours = /([^"]{1,300}?) \/ ([^"]{1,300})$/;
const partsMax = 300;

/** Where the variable is wrong, as `input.form`, and what would be accepted; `undefined` for words about something else. */
export const variableProblem = (message: string): FieldProblem | undefined => {
  const missing = missingVariable.exec(message);
  if (missing !== null) return { path: missing[1]!, message: { zh: '必填。', en: 'Is required.' }, accepted: { type: missing[2]! } };
  const variable = invalidValue.exec(message)?.[1];
  if (variable === undefined) return undefined;
  const path = [...message.matchAll(place)].at(-1)?.[1] ?? variable;
  return { path: path.replaceAll(/\[(\d+)\]/g, '.$1'), message: wordsOf(message) };
};

const wordsOf = (message: string): FieldProblem['message'] => {
  const said = message.slice(message.lastIndexOf('; ') + 2).slice(0, partsMax * 2);
  if (/^Field "\w+" is not defined by type/.test(said)) return { zh: '没有这个字段。', en: 'There is no such field.' };
  if (/^Field "\w+" of required type/.test(said)) return { zh: `缺少必填字段 ${said.split('"')[1] ?? ''}。`, en: `The field ${said.split('"')[1] ?? ''} is required.` };
  // Our own scalars say it in both languages; the first sentence of theirs may hold a semicolon.
  const own = ours.exec(message.slice(-partsMax * 2));
  if (own !== null && /[\u4e00-\u9fff]/.test(own[2]!)) return { zh: own[2]!, en: sentence(own[1]!) };
  return { zh: '类型或取值不符。', en: 'Has the wrong type or value.' };
};
/** What stands behind the quoted value and its place. */
const sentence = (text: string): string => text.slice(Math.max(0, text.search(/(?:Fen|Instant|CalendarDate|PositionToken|Identifier|FormValues|DerivedFacts) is /)));
