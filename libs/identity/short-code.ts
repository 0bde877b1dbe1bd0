import { createHash } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * What people read to each other on the phone for a registration: 8 characters from the SHA-256 of its id and one check
 * character.
 * 40 bits are few: among a million registrations two may share a code, so a look-up by code answers a list.
 */
export const shortCode = (id: string): string => {
  const bits = createHash('sha256').update(id, 'utf8').digest().readUIntBE(0, 5);
  const body = Array.from({ length: 8 }, (_, index) => ALPHABET.charAt(Math.floor(bits / 32 ** (7 - index)) % 32)).join(
    '',
  );
  return body + checkCharacter(body);
};

/**
 * The code as we write it, or null when it was misread. Small letters, spaces, hyphens, O for 0, I and L for 1 are
 * forgiven.
 */
export const verifyShortCode = (text: string): string | null => {
  const code = text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (code.length !== 9 || ![...code].every((character) => ALPHABET.includes(character))) return null;
  return checkCharacter(code.slice(0, 8)) === code[8] ? code : null;
};

/**
 * A sum over the field of 32 elements with a different weight at each place: it notices every wrong character and every
 * swap of two.
 */
const checkCharacter = (body: string): string => {
  let sum = 0;
  let weight = 2;
  for (const character of body) {
    sum ^= times(ALPHABET.indexOf(character), weight);
    weight = times(weight, 2);
  }
  return ALPHABET.charAt(sum);
};

/** Multiplies in GF(32) modulo x⁵ + x² + 1, of which 2 is a generator. */
const times = (a: number, b: number): number => {
  let product = 0;
  for (let bit = 0; bit < 5; bit += 1) if ((b >> bit) & 1) product ^= a << bit;
  for (let bit = 8; bit >= 5; bit -= 1) if ((product >> bit) & 1) product ^= 0b100101 << (bit - 5);
  return product;
};
