import { SheetRefusedError } from '../sheet-file/refusals.js';

export interface Decoded {
  readonly text: string;
  readonly encoding: 'utf-8' | 'gb18030';
}

/**
 * Reads bytes as text, strictly: what does not decode is refused, never replaced by U+FFFD, because a replaced digit of
 * a telephone
 * number is another customer. UTF-8 with or without its mark first, then GB18030, which contains GBK and GB 2312.
 */
export const decodeText = (bytes: Uint8Array): Decoded => {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) throw new SheetRefusedError('Utf16');
  const utf8 = decodeFatal('utf-8', bytes);
  if (utf8 !== undefined) return { text: printable(utf8), encoding: 'utf-8' };
  if (isDamagedUtf8(bytes)) throw new SheetRefusedError('Utf8Damaged', damagedLine(bytes));
  const gb = decodeFatal('gb18030', bytes);
  if (gb === undefined) throw new SheetRefusedError('EncodingUnknown');
  return { text: printable(gb), encoding: 'gb18030' };
};

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, index) => bytes[index] === byte);

const decodeFatal = (encoding: string, bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return undefined;
    throw error;
  }
};

/**
 * Text of a sheet has tabs and line ends and no other control character; NUL between letters is UTF-16 without its
 * mark.
 */
const printable = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- Control characters are what is looked for.
  const found = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (found === null) return text;
  throw new SheetRefusedError(
    found[0] === '\0' && /^[^\0]\0|^\0[^\0]/.test(text) ? 'Utf16' : 'Binary',
    lineOf(text, found.index),
  );
};

/**
 * Share of unreadable among non-ASCII characters below which bytes are UTF-8 with a scratch. Chinese text in GBK is
 * unreadable as UTF-8 almost everywhere.
 */
const damagedShareMax = 0.1;
const replacement = '\ufffd';

/** GB18030 would swallow one lost byte of a UTF-8 file and answer with other characters all through it. */
const isDamagedUtf8 = (bytes: Uint8Array): boolean => {
  let unreadable = 0;
  let foreign = 0;
  for (const character of new TextDecoder('utf-8').decode(bytes)) {
    if (character <= '\u007f') continue;
    foreign += 1;
    if (character === replacement) unreadable += 1;
  }
  return unreadable < foreign * damagedShareMax;
};
const damagedLine = (bytes: Uint8Array): number => {
  const text = new TextDecoder('utf-8').decode(bytes);
  return lineOf(text, text.indexOf(replacement));
};
const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;
