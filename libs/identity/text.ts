export type TextProblem =
  | 'empty'
  | 'tooLong'
  | 'loneSurrogate'
  | 'control'
  | 'bidiControl'
  | 'invisible'
  | 'replacementCharacter'
  | 'nonCharacter'
  | 'combiningPile';
export type WellFormed =
  | { readonly ok: true; readonly text: string }
  /** `at` counts UTF-16 units from 0. */
  | { readonly ok: false; readonly why: TextProblem; readonly at: number };

export interface TextLimit {
  /** In characters (code points). */
  readonly max: number;
  /** 0 allows an empty text; without it at least one character that is no space is asked for. */
  readonly min?: 0;
  /** Notes may have line breaks (`\n`); names may not. */
  readonly lines?: boolean;
}

/** In the order in which they are reported when one character fits two. */
const FORBIDDEN: readonly (readonly [TextProblem, RegExp])[] = [
  ['control', /[\p{Cc}\u2028\u2029]/u],
  ['bidiControl', /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u],
  ['invisible', /(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/u],
  ['replacementCharacter', /\ufffd/u],
  ['nonCharacter', /\p{Noncharacter_Code_Point}/u],
  ['combiningPile', /\p{M}{5}/u],
];

/**
 * Refuses text that storage, screens or readers would show differently from what was sent: half a surrogate pair
 * (stored as another character),
 * control characters, direction overrides, invisible characters, U+FFFD (it was decoded wrongly before), piles of
 * combining marks.
 * Well-formed text is answered unchanged; keys are normalised elsewhere.
 */
export const wellFormedText = (text: string, { max, min, lines = false }: TextLimit): WellFormed => {
  if (text.length > max && Array.from(text.slice(0, max * 2 + 2)).length > max)
    return { ok: false, why: 'tooLong', at: max };
  if (!text.isWellFormed()) return { ok: false, why: 'loneSurrogate', at: loneSurrogate(text) };
  const looked = lines ? text.replaceAll('\n', ' ') : text;
  for (const [why, pattern] of FORBIDDEN) {
    const at = looked.search(pattern);
    if (at !== -1) return { ok: false, why, at };
  }
  return min !== 0 && looked.trim() === '' ? { ok: false, why: 'empty', at: 0 } : { ok: true, text };
};

const loneSurrogate = (text: string): number =>
  text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
