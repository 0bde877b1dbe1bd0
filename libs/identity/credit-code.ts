export type CreditCode =
  | { readonly ok: true; readonly code: string; readonly organisationCode: string }
  | { readonly ok: false; readonly why: 'length' | 'alphabet' | 'registrationOffice' | 'region' }
  /** Old licences carry codes whose check digit is wrong: `code` may stand where somebody attests the licence. */
  | { readonly ok: false; readonly why: 'organisationCheck' | 'check'; readonly code: string };

/** GB 32100: no I, O, S, V, Z, which people mistake for digits. The place of a character is its value. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/**
 * Checks a unified social credit code (统一社会信用代码) and the organisation code inside it (GB 11714). Nothing is corrected:
 * an O is not read as 0. One wrong character is always noticed, because 31 is a prime.
 */
export const creditCode = (text: string): CreditCode => {
  const code = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase();
  if (code.length !== 18) return { ok: false, why: 'length' };
  if (![...code].every((character) => ALPHABET.includes(character))) return { ok: false, why: 'alphabet' };
  if (code[17] !== creditCheck(code)) return { ok: false, why: 'check', code };
  if (!/^[1-9A-GNY]/.test(code)) return { ok: false, why: 'registrationOffice' };
  if (!/^\d{6}$/.test(code.slice(2, 8))) return { ok: false, why: 'region' };
  if (code[16] !== organisationCheck(code.slice(8, 16))) return { ok: false, why: 'organisationCheck', code };
  return { ok: true, code, organisationCode: code.slice(8, 17) };
};

/** The 18th character for the first 17. */
export const creditCheck = (code: string): string => {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * ALPHABET.indexOf(code.charAt(index)), 0);
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
};

/**
 * The 9th character of an organisation code for its first 8: letters count from A = 10 without gaps, 10 is written X.
 */
export const organisationCheck = (code: string): string => {
  const sum = ORGANISATION_WEIGHTS.reduce(
    (total, weight, index) => total + weight * Number.parseInt(code.charAt(index), 36),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
};
