import { maskPhone, normalisePhone } from './phone.js';

/** What a telephone number is written with, beside its digits, in whatever width or style the characters are. */
const WRITTEN_WITH = /^[\d\p{Zs}\p{Pd}\p{Cf}\p{M}()[\]【】.·+]+$/u;
/** A date, with the hour where a time follows it. */
const DATE = /(?<!\d)(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d(?:[ T]\d\d(?=[:：]))?(?!\d)/g;
/** Shorter runs of digits are floors, prices and years; with a country's `+` in front five can be a number. */
const digitsMin = 7;
const digitsMinAbroad = 5;
/** As long as a form reads one. */
const lengthMax = 40;

interface Run {
  readonly from: number;
  readonly to: number;
}

/**
 * A text with every telephone number in it masked where it stands. Whatever the form would read as a telephone is one
 * here too, however it is spaced and in whatever digits it is written; any other run of seven digits is masked with it.
 * Dates stay, unless they are a number in disguise.
 */
export const maskTelephones = (text: string): string => {
  const dates = [...text.matchAll(DATE)].map(({ index, 0: { length } }) => ({ from: index, to: index + length }));
  let shown = '';
  let done = 0;
  for (const run of runsIn(text)) {
    for (const { from, to } of aroundDates(text, run, dates)) {
      shown += text.slice(done, from) + maskedRun(text.slice(from, to));
      done = to;
    }
  }
  return shown + text.slice(done);
};

/** The run without the dates in it; whole where a date and its neighbours would be read as one number. */
const aroundDates = (text: string, run: Run, dates: readonly Run[]): readonly Run[] => {
  const pieces: Run[] = [];
  let from = run.from;
  for (const date of dates) {
    if (date.from < run.from || date.to > run.to) continue;
    if (isNumberAcross(text, run, date)) return [run];
    pieces.push({ from, to: date.from });
    from = date.to;
  }
  return [...pieces, { from, to: run.to }];
};

/** Whether groups of digits, some of a date and some beside it, would be read as a telephone number. */
const isNumberAcross = (text: string, run: Run, date: Run): boolean => {
  for (let from = Math.max(run.from, date.from - lengthMax); from < date.to; from += 1)
    for (let to = Math.max(from, date.from) + 1; to <= Math.min(run.to, from + lengthMax); to += 1)
      if (
        (from < date.from || to > date.to) &&
        isGroupEdge(text, from) &&
        isGroupEdge(text, to) &&
        normalisePhone(text.slice(from, to)).ok
      )
        return true;
  return false;
};
/** Not between two digits. */
const isGroupEdge = (text: string, at: number): boolean =>
  !(/\p{N}/u.test(text.charAt(at - 1)) && /\p{N}/u.test(text.charAt(at)));

/** Longest runs of characters that a number can be written with, from the first digit or `+` to the last digit. */
const runsIn = (text: string): readonly Run[] => {
  const runs: Run[] = [];
  let from: number | undefined;
  let to = 0;
  let at = 0;
  for (const character of text) {
    const plain = plainOf(character);
    const end = at + character.length;
    if (plain === undefined) {
      if (from !== undefined) runs.push({ from, to });
      from = undefined;
    } else if (/\d/.test(plain)) {
      from ??= at;
      to = end;
    } else if (plain === '+' && from === undefined) {
      from = at;
      to = end;
    }
    at = end;
  }
  if (from !== undefined) runs.push({ from, to });
  return runs;
};

/** One character as the form reads it; undefined where a number cannot go on over it. */
const plainOf = (character: string): string | undefined => {
  if (/^[\da-z]$/i.test(character)) return /^\d$/.test(character) ? character : undefined;
  const plain = character.normalize('NFKC');
  return WRITTEN_WITH.test(plain) ? plain : undefined;
};

const maskedRun = (run: string): string => {
  const plain = run.normalize('NFKC');
  const digits = plain.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '');
  const enough = digits.replace('+', '').length >= (plain.startsWith('+') ? digitsMinAbroad : digitsMin);
  return enough ? run.replace(/[^\p{Zs}](?:.*[^\p{Zs}])?/u, maskPhone(digits)) : run;
};
