/**
 * Levels of arrays and objects that a request may nest. Recursive readers overflow at some thousands; nobody needs more
 * than this.
 */
export const jsonDepthMax = 32;

export type JsonProblem = 'TOO_DEEP' | 'FORBIDDEN_KEY' | 'DUPLICATE_KEY' | 'NOT_JSON';
export interface JsonScanOptions {
  readonly depthMax?: number;
  /** `refuse`: an object may not name a key twice. */
  readonly duplicateKeys?: 'refuse';
}

/** Assigning it to an ordinary object replaces its prototype. */
const forbiddenKey = '__proto__';

/**
 * Looks through JSON text before anything is built from it: nesting and keys that must never become properties.
 * `undefined`: nothing found.
 * It walks the text once without recursion. Whether the text is JSON at all is for the parser; only an unfinished
 * string or broken escape is named here.
 */
export const scanJson = (
  text: string,
  { depthMax = jsonDepthMax, duplicateKeys }: JsonScanOptions = {},
): JsonProblem | undefined => {
  const keys: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      keys.push(duplicateKeys === 'refuse' && character === '{' ? new Set() : undefined);
      if (keys.length > depthMax) return 'TOO_DEEP';
    } else if (character === '}' || character === ']') {
      keys.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (end === -1) return 'NOT_JSON';
      const problem = isKey(text, end) ? keyProblem(text.slice(at, end), keys.at(-1)) : undefined;
      if (problem !== undefined) return problem;
      at = end - 1;
    }
  }
  return undefined;
};

/** Index after the closing quote, or -1. */
const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
};

const isKey = (text: string, end: number): boolean => {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
};

/** Escapes are read first: `"\u005f_proto__"` is the same key. */
const keyProblem = (quoted: string, seen: Set<string> | undefined): JsonProblem | undefined => {
  let key: unknown;
  try {
    key = JSON.parse(quoted);
  } catch {
    return 'NOT_JSON';
  }
  if (key === forbiddenKey) return 'FORBIDDEN_KEY';
  if (seen === undefined || typeof key !== 'string') return undefined;
  if (seen.has(key)) return 'DUPLICATE_KEY';
  seen.add(key);
  return undefined;
};
