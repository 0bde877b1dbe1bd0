import { folded, untilStable } from './script.js';

export type PlaceKey = { readonly ok: true; readonly key: string } | { readonly ok: false; readonly why: 'empty' };

const digits = new Map([
  ['一', 1],
  ['二', 2],
  ['三', 3],
  ['四', 4],
  ['五', 5],
  ['六', 6],
  ['七', 7],
  ['八', 8],
  ['九', 9],
]);
/** 1 to 99, as phases and blocks are numbered. */
const NUMERAL = /([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=期|标段|号楼|栋|幢|单元)/gu;
const numeralValue = (numeral: string): string => {
  if (!numeral.includes('十')) return String(digits.get(numeral) ?? 0);
  const [tens = '', ones = ''] = numeral.split('十');
  return String((digits.get(tens) ?? 1) * 10 + (digits.get(ones) ?? 0));
};

/** Punctuation between two digits stays a hyphen: 3-2-101 is not 32101. */
const unpunctuated = (text: string): string =>
  folded(text)
    .replace(/(?<=\p{N})[\p{P}\p{S}\s]+(?=\p{N})/gu, '-')
    .replace(/(?<!\p{N})-|-(?!\p{N})|[^\p{L}\p{N}\p{M}-]/gu, '');

/**
 * One key for all spellings of a project: width, case, 繁/简, spaces, punctuation, 二期 and 2期, Ⅱ期 and 2期, a closing 项目.
 * Different phases stay different projects.
 */
export const normaliseProject = (text: string): PlaceKey => {
  const key = projectLetters(romanPhases(text.normalize('NFKC')));
  return key === '' ? { ok: false, why: 'empty' } : { ok: true, key };
};
const projectLetters = untilStable((text) =>
  unpunctuated(text)
    .replace(NUMERAL, numeralValue)
    .replace(/(?<=..)(?:项目)+$/u, ''),
);

const romanPhases = (text: string): string =>
  text.replace(/(?<![A-Za-z])(VIII|VII|VI|IV|IX|III|II|I|V|X)(?=\s*(?:期|标段|標段))/g, (roman) =>
    String(['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X'].indexOf(roman) + 1),
  );

/**
 * A light key of an address: no spaces and punctuation, # read as 号, no leading 中国. Levels that are missing are not
 * guessed: it finds candidates.
 */
export const normaliseAddress = (text: string): PlaceKey => {
  const key = addressLetters(text.normalize('NFKC').replaceAll('#', '号'));
  return key === '' ? { ok: false, why: 'empty' } : { ok: true, key };
};
const addressLetters = untilStable((text) =>
  unpunctuated(text)
    .replace(NUMERAL, numeralValue)
    .replace(/^(?:中国)+(?=.)/u, ''),
);
