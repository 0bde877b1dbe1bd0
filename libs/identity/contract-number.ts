import { mixesScripts, onlyLookAlikes, untilStable } from './script.js';

/** A contract's number: as it is shown, and the one spelling by which two of them are the same. */
export interface ContractNumber {
  readonly shown: string;
  readonly key: string;
}

export const contractNumberMax = 60;

/** Signs that people type for a hyphen. */
const HYPHENS = /[\p{Pd}\u2212\u00ad_]/gu;
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;

/** Full width, typesetting and what cannot be seen change no number. */
const read = untilStable((text) =>
  text
    .normalize('NFKC')
    .replace(HYPHENS, '-')
    .replace(INVISIBLE, (c) => (/\s/.test(c) ? ' ' : ''))
    .replace(/\s+/g, ' ')
    .trim(),
);

/**
 * Reads the number of a contract: spaces, width, case and the kind of hyphen make no other one. Undefined where it
 * holds no letter and no digit, is too long, or is written in letters that look like others.
 */
export const contractNumber = (text: string): ContractNumber | undefined => {
  if (!text.isWellFormed()) return undefined;
  const shown = read(text);
  const key = untilStable((each) => read(each).replaceAll(' ', '').toLowerCase())(shown);
  const readable = /[\p{L}\p{N}]/u.test(key) && [...shown].length <= contractNumberMax;
  return readable && !mixesScripts(key) && !onlyLookAlikes(key) ? { shown, key } : undefined;
};
