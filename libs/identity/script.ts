import { Converter } from 'opencc-js/t2cn';

/** One Han character, or any other one, in its simplified form. Characters are few, so each is asked once. */
const convert = Converter({ from: 't', to: 'cn' });
const simplified = new Map<string, string>([
  ['锺', '钟'], // A simplified form of its own, used in names beside 钟.
]);
const knownMax = 50_000;

const simplify = (character: string): string => {
  const known = simplified.get(character);
  if (known !== undefined) return known;
  let form = convert(character);
  for (let again = convert(form); again !== form; again = convert(form)) form = again;
  const result = simplified.get(form) ?? form;
  if (simplified.size < knownMax) simplified.set(character, result);
  return result;
};

/**
 * Traditional to simplified, character by character. Dictionaries of phrases read better, but give one character two
 * results
 * depending on its neighbours; a key must not depend on what stands beside it. 乾 and 干, 後 and 后 become one: for a key,
 * not for people.
 */
export const toSimplified = (text: string): string => text.replace(/\p{Script=Han}/gu, simplify);

/**
 * What spelling, width and typesetting may change without changing the name: NFKC, case, script, invisible characters.
 * Look-alikes of other alphabets (Cyrillic а for Latin a) stay what they are.
 */
export const folded = (text: string): string =>
  toSimplified(
    text
      .normalize('NFKC')
      .toLowerCase()
      .normalize('NFKC')
      .replace(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, (c) => (/\s/.test(c) ? ' ' : '')),
  ).normalize('NFKC');

/**
 * Repeats a step until it changes nothing. Taking a character out can bring a mark beside another letter, with which it
 * then
 * makes one character; so one pass is not always the last. Steps only shorten or compose, hence end; the limit is a
 * guard.
 */
export const untilStable =
  (step: (text: string) => string) =>
  (text: string): string => {
    let now = text;
    for (let pass = 0; pass < passesMax; pass += 1) {
      const next = step(now);
      if (next === now) return now;
      now = next;
    }
    return now;
  };
const passesMax = 16;

/** The alphabets whose letters look alike. A word that mixes two of them is a mistake or a trick. */
const lookAlikes = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];
export const mixesScripts = (text: string): boolean => lookAlikes.filter((script) => script.test(text)).length > 1;

/** Letters of Cyrillic and Greek that look like a Latin one, small or capital. */
const LOOK_ALIKES = /^[авекмнорстухіјѕԁԛԝһӏґёїαβεζηικμνορτυχγϲϳ]+$/u;
/**
 * Whether all that is Cyrillic or Greek in a key could be read as Latin: АВС is taken for ABC by everybody who sees it,
 * Роснефть by nobody. The first would be a second customer beside ABC, so a name cannot be written that way.
 */
export const onlyLookAlikes = (key: string): boolean => {
  const foreign = key.match(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu);
  return foreign !== null && LOOK_ALIKES.test(foreign.join(''));
};

export const characters = (text: string): number => [...text].length;
