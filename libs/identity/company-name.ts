import { characters, folded, mixesScripts, onlyLookAlikes } from './script.js';

export type CompanyName =
  /** A strong key: the name without its legal form, in one spelling. */
  | { readonly ok: true; readonly key: string }
  /** A weak key at best: `key` finds candidates and decides nothing; without `key` nothing was left. */
  | {
      readonly ok: false;
      readonly why: 'empty' | 'onlyLegalForm' | 'tooShort' | 'onlyDigits' | 'mixedScripts' | 'lookAlikes';
      readonly key?: string;
    };

/** Longest first, so that 股份有限公司 is not cut to 股份. 集团 stays: a group and its member are two companies. */
const chineseForms = ['有限责任公司', '股份有限公司', '有限公司', '股份公司', '责任公司', '公司'];
const latinForms = new Set([
  'co',
  'company',
  'ltd',
  'limited',
  'inc',
  'incorporated',
  'llc',
  'llp',
  'corp',
  'corporation',
  'plc',
  'gmbh',
  'pte',
  'pty',
  'bhd',
  'sdn',
  'coltd',
]);

/**
 * One key for all spellings of one company: width, case, 繁/简, spaces, punctuation and the legal form (有限责任公司, Co., Ltd)
 * are dropped.
 * What stands in brackets is kept and the brackets are not: 兆度（重庆）and 兆度（成都）are two companies, （重庆）and (重庆) are not.
 */
export const normaliseCompanyName = (text: string): CompanyName => {
  const words = wordsOf(text);
  if (words.length === 0) return { ok: false, why: 'empty' };
  const key = settle(words);
  if (isOnlyForm(key)) return { ok: false, why: 'onlyLegalForm', key };
  if (mixesScripts(key)) return { ok: false, why: 'mixedScripts', key };
  if (onlyLookAlikes(key)) return { ok: false, why: 'lookAlikes', key };
  if (/^\p{N}+$/u.test(key)) return { ok: false, why: 'onlyDigits', key };
  // A trade name in Chinese has two characters at least; one Latin letter is a name that firms have.
  return characters(key) < 2 && !/^\p{Script=Latin}$/u.test(key)
    ? { ok: false, why: 'tooShort', key }
    : { ok: true, key };
};

/**
 * Runs of Han characters and words of other letters and digits. Between Han characters spaces and marks say nothing
 * (示例有限 公司), dots inside an abbreviation vanish (L.L.C.) and part words elsewhere (X.INC); & reads as a word.
 */
const wordsOf = (text: string): string[] =>
  folded(text)
    .replace(/(?<=\p{Script=Han})[^\p{L}\p{N}\p{M}+&]+(?=\p{Script=Han})/gu, '')
    .replace(/(?<=\p{L})['’](?=\p{L})/gu, '')
    .replace(/(?<=(?<![\p{L}\p{N}\p{M}])\p{L})\.\s*(?=\p{L}(?![\p{L}\p{N}\p{M}]))/gu, '')
    .replaceAll('&', ' and ')
    .match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}+])+/gu) ?? [];

/**
 * Cuts legal forms from the end until none is left; joining words may make a new one, so the result is read again until
 * it stands.
 */
const settle = (words: readonly string[]): string => {
  const cut = [...words];
  for (let last = cut.at(-1); last !== undefined; last = cut.at(-1)) {
    const form = chineseForms.find((each) => last.endsWith(each));
    if (form !== undefined && (cut.length > 1 || last !== form)) {
      cut.pop();
      if (last !== form) cut.push(last.slice(0, -form.length));
    } else if (latinForms.has(last) && cut.length > 1) cut.pop();
    else break;
  }
  const key = cut.join('');
  const again = wordsOf(key);
  return again.length === cut.length && again.every((word, index) => word === cut[index]) ? key : settle(again);
};
const isOnlyForm = (key: string): boolean => latinForms.has(key) || chineseForms.includes(key);
