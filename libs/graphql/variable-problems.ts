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
  /(?:^|; )((Fen|Instant|CalendarDate|PositionToken|Identifier|FormValues|DerivedFacts) is .{1,300}) \/ (\2 .{1,300})$/s;
const saidMax = 800;
/** The field of a form that was not accepted: its name, which is a word of the policy, or which one it is. */
const formField = /(?:^|; )FormValues is not accepted at "([\w.-]{1,64})"/;
/** An argument that a variable left without a value: no rule of GraphQL's finds it before the field is asked for. */
const nullArgument = /^Argument "(\w+)" of (?:required|non-null) type "([\w[\]!]{1,100})"/;

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
  return { path: inside(path.replaceAll(/\[(\d+)\]/g, '.$1'), message), message: wordsOf(message) };
};

/** The same of a value that stands in the document itself: there the words are those of our scalars alone. */
export const literalProblem = (message: string): FieldProblem | undefined => {
  const scalar = ours.exec(message);
  return scalar?.index === 0 ? { path: inside(scalar[2]!, message), message: wordsOf(message) } : undefined;
};

/** The same of an argument that was given null where it has a default: it is left out for that. */
export const argumentProblem = (message: string): FieldProblem | undefined => {
  const [, path, type] = nullArgument.exec(message) ?? [];
  if (path === undefined) return undefined;
  return {
    path,
    message: {
      zh: '不得为 null；省去即用默认值，无默认值的须填写。',
      en: 'Must not be null; leave it out for its default, or give a value where it has none.',
    },
    accepted: { type: type! },
  };
};

const inside = (path: string, message: string): string => {
  const field = formField.exec(message.slice(-saidMax))?.[1];
  return field === undefined ? path : `${path}.${field}`;
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
