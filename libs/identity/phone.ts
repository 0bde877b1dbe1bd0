import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/max/metadata';

export type PhoneProblem = 'empty' | 'notANumber' | 'tooShort' | 'tooLong' | 'noSuchNumber';
export type Phone =
  /** A strong key. `e164` is `+8613800001111`; numbers behind one switchboard differ by `extension`. */
  | {
      readonly ok: true;
      readonly e164: string;
      readonly kind: 'mobile' | 'fixed' | 'other';
      readonly extension?: string;
      readonly masked: string;
    }
  /**
   * Digits somebody hid (R29.11 `133****3333`, R10.03 `1380000****`): a weak key that only finds candidates. `masked`
   * compares with that of a whole number.
   */
  | {
      readonly ok: false;
      readonly why: 'masked';
      readonly prefix: string;
      readonly suffix: string;
      readonly hidden: number;
      readonly masked: string;
    }
  | { readonly ok: false; readonly why: PhoneProblem };

const lengthMax = 40;
const MASKED = /^(?:\+86|0086|86(?=1\d{2,}[*]))?(\d{0,8})(\*{2,})(\d{0,8})$/;
const EXTENSION = /(?:转|轉|分机|ext\.?|x|#|,)(\d{1,6})$/i;

/**
 * Reads a phone number as people write it: full-width digits, spaces, hyphens, `+86`, `0086`, an extension after 转.
 * Local landlines without an area code are refused: nobody knows the city. Digits of other scripts and letters are
 * refused, not guessed.
 */
export const normalisePhone = (text: string, defaultCountry: CountryCode = 'CN'): Phone => {
  if (text.length > lengthMax) return { ok: false, why: 'tooLong' };
  const compact = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\p{Cf}()[\]【】.·]/gu, '')
    .replace(/[*＊●•○×_?]/gu, '*');
  if (compact === '') return { ok: false, why: 'empty' };
  const mask = MASKED.exec(/x{2,}/i.test(compact) ? compact.replace(/x/gi, '*') : compact);
  if (mask !== null) return maskedPhone(mask[1] ?? '', mask[2] ?? '', mask[3] ?? '');
  const extension = EXTENSION.exec(compact);
  const number = extension === null ? compact : compact.slice(0, extension.index);
  if (!/^\+?\d+$/.test(number)) return { ok: false, why: 'notANumber' };
  const parsed = parsePhoneNumberFromString(number, { defaultCountry, extract: false }, metadata);
  if (parsed === undefined || !parsed.isValid()) return { ok: false, why: lengthProblem(number, defaultCountry) };
  return {
    ok: true,
    e164: parsed.number,
    kind: kindOf(parsed.getType()),
    masked: maskPhone(parsed.number),
    ...(extension?.[1] === undefined ? {} : { extension: extension[1] }),
  };
};

/** At least three visible digits, else it is no key at all. */
const maskedPhone = (prefix: string, stars: string, suffix: string): Phone =>
  prefix.length + suffix.length < 3
    ? { ok: false, why: 'tooShort' }
    : { ok: false, why: 'masked', prefix, suffix, hidden: stars.length, masked: `${prefix}****${suffix}` };

const lengthProblem = (number: string, country: CountryCode): PhoneProblem => {
  const digits = number.replace(/^(?:\+|00)/, '').length;
  const mobile = country === 'CN' && /^(?:\+?86|0086)?1[3-9]/.test(number);
  const national = mobile ? number.replace(/^(?:\+86|0086|86(?=1))/, '').length : digits;
  if (national < (mobile ? 11 : 8)) return 'tooShort';
  return national > (mobile ? 11 : 15) ? 'tooLong' : 'noSuchNumber';
};

const kindOf = (type: string | undefined): 'mobile' | 'fixed' | 'other' =>
  type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? 'mobile' : type === 'FIXED_LINE' ? 'fixed' : 'other';

/**
 * What others may see of a number, and the weak key of one that was filed hidden: the first three and the last four
 * digits
 * (`133****3333`), fewer of a short one. The country code of mainland China is left out, every other stays.
 */
export const maskPhone = (e164: string): string => {
  const digits = e164.replace(/^\+86(?=\d{9,})/, '').replace(/^\+/, '');
  const [prefix, suffix] = digits.length >= 10 ? [3, 4] : digits.length >= 7 ? [2, 2] : [0, 0];
  return `${digits.slice(0, prefix)}****${suffix === 0 ? '' : digits.slice(-suffix)}`;
};

/** Whether a whole number can be the hidden one: R29.23 recovers a claim by giving the full number. */
export const fitsMask = (e164: string, mask: { readonly prefix: string; readonly suffix: string }): boolean => {
  const digits = e164.replace(/^\+86(?=\d{9,})/, '').replace(/^\+/, '');
  return (
    digits.length > mask.prefix.length + mask.suffix.length &&
    digits.startsWith(mask.prefix) &&
    digits.endsWith(mask.suffix)
  );
};
