import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/max/metadata';

export type PhoneProblem = 'empty' | 'notANumber' | 'tooShort' | 'tooLong' | 'noSuchNumber';
export type Phone =
  /**
   * A strong key. `e164` is `+8613800001111`; numbers behind one switchboard differ by `extension`, a mobile has none.
   * `canonical` is the one spelling that is kept and compared: `+862363000001;ext=801`. Read again, it stays itself.
   */
  | {
      readonly ok: true;
      readonly e164: string;
      readonly canonical: string;
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
const EXTENSION = /(?:[;,]?ext(?:ension)?[=:]*|[转轉](?:分[机機])?[=:]*|分[机機][=:]*|[x#,])(\d{1,6})$/i;
/** `(023)63000001-801`: a last group of digits behind a hyphen, where what stands before it is a whole number. */
const DASHED = /^(.*\d)-(\d{1,6})$/;

/**
 * Reads a phone number as people write it: full-width digits, spaces, hyphens, `+86`, `0086`, an extension after 转 or a
 * hyphen, `13800001111.0` as workbooks make it. A mobile with an extension is the mobile.
 * Local landlines without an area code are refused: nobody knows the city. Digits of other scripts and letters are
 * refused, not guessed.
 */
export const normalisePhone = (text: string, defaultCountry: CountryCode = 'CN'): Phone => {
  if (text.length > lengthMax) return { ok: false, why: 'tooLong' };
  const written = text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .replace(/^([1-9]\d{6,14})\.0+$/, '$1')
    .replace(/[()[\]【】.·]/gu, '');
  const compact = written.replaceAll('-', '').replace(/[*＊●•○×_?]/gu, '*');
  if (compact === '') return { ok: false, why: 'empty' };
  const mask = MASKED.exec(/x{2,}/i.test(compact) ? compact.replace(/x/gi, '*') : compact);
  if (mask !== null) return maskedPhone(mask[1] ?? '', mask[2] ?? '', mask[3] ?? '');
  const marked = EXTENSION.exec(compact);
  const number = marked === null ? compact : compact.slice(0, marked.index);
  if (!/^\+?\d+$/.test(number)) return { ok: false, why: 'notANumber' };
  const whole = wholeNumber(number, defaultCountry);
  if (whole !== undefined) return whole(marked?.[1]);
  const [, before = '', last = ''] = DASHED.exec(written) ?? [];
  const switchboard = wholeNumber(before.replaceAll('-', ''), defaultCountry);
  return switchboard?.(last) ?? { ok: false, why: lengthProblem(number, defaultCountry) };
};

/** The number, and what an extension makes of it; undefined where there is no such number. */
const wholeNumber = (
  digits: string,
  defaultCountry: CountryCode,
): ((extension: string | undefined) => Phone) | undefined => {
  const parsed = parsePhoneNumberFromString(digits, { defaultCountry, extract: false }, metadata);
  if (parsed === undefined || !parsed.isValid()) return undefined;
  const kind = kindOf(parsed.getType());
  return (given) => {
    const extension = kind === 'mobile' ? undefined : given;
    return {
      ok: true,
      e164: parsed.number,
      canonical: extension === undefined ? parsed.number : `${parsed.number};ext=${extension}`,
      kind,
      masked: maskPhone(parsed.number),
      ...(extension === undefined ? {} : { extension }),
    };
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
