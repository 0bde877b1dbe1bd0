import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { Label } from './words.js';

/**
 * What is wrong in a policy document, where, in both languages. `path` reads `protection[0].lasts`; lines and columns
 * count from 1.
 */
export interface PolicyProblem {
  readonly code: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: Label;
}
export type Path = readonly (string | number)[];
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );

/** The longest regime we know fills 20 kB. */
export const bytesMax = 1_048_576;
const depthMax = 32;
const aliasesMax = 64;
/** Values in the document after its aliases are followed. */
const nodesMax = 40_000;
/**
 * Marks, words and spaces as the parser counts them: seven times the longest regime. Some texts of a hundred thousand
 * cost it seconds.
 */
const policyTokensMax = 20_000;

export type Source =
  | {
      readonly ok: true;
      readonly value: unknown;
      locate(path: Path): { readonly line: number; readonly column: number };
    }
  | { readonly ok: false; readonly problems: readonly [PolicyProblem, ...PolicyProblem[]] };

/**
 * Reads YAML 1.2 as data and nothing else: no tags, no merge keys, keys once and as text, a bounded size, depth and
 * number of aliases.
 * Never throws; every refusal says line and column. `tokensMax`: for documents of other kinds that may be longer than a
 * policy.
 */
export const readSource = (text: string, tokensMax = policyTokensMax): Source => {
  const lines = new LineCounter();
  const stop = (code: string, zh: string, en: string, offset?: number, path: Path = []): Source => ({
    ok: false,
    problems: [{ code, path: pathText(path), ...position(lines, offset), message: { zh, en } }],
  });
  if (Buffer.byteLength(text) > bytesMax)
    return stop('TooLarge', `文件最大 ${bytesMax} 字节。`, `A document has at most ${bytesMax} bytes.`, 0);
  const unreadable = unreadableAt(text);
  if (unreadable !== undefined)
    return {
      ok: false,
      problems: [
        {
          code: 'NotText',
          path: '',
          ...unreadable,
          message: { zh: '含有不能出现在文本中的字符。', en: 'It has characters that text cannot have.' },
        },
      ],
    };
  if (tooManyTokens(text, tokensMax))
    return stop(
      'TooManyValues',
      `内容过多：最多 ${tokensMax} 个词。`,
      `Too much in it: more than ${tokensMax} words and marks.`,
      0,
    );
  const deep = tooDeepAt(text);
  if (deep !== undefined)
    return {
      ok: false,
      problems: [
        {
          code: 'TooDeep',
          path: '',
          ...deep,
          message: { zh: `嵌套最多 ${depthMax} 层。`, en: `Nested deeper than ${depthMax} levels.` },
        },
      ],
    };
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      strict: true,
      uniqueKeys: false,
      stringKeys: true,
      merge: false,
      lineCounter: lines,
      logLevel: 'error',
      prettyErrors: false,
    });
    const [first, ...more] = [...document.errors, ...document.warnings]
      .slice(0, problemsMax)
      .map(({ message, pos }): PolicyProblem => ({
        code: 'NotYaml',
        path: '',
        ...position(lines, pos[0]),
        message: { zh: `不是合法的 YAML：${brief(message)}`, en: `Not valid YAML: ${brief(message)}` },
      }));
    if (first !== undefined) return { ok: false, problems: [first, ...more] };
    const hostile = hostileNode(document);
    if (hostile !== undefined) return stop(hostile.code, hostile.zh, hostile.en, hostile.node.range?.[0]);
    return {
      ok: true,
      value: document.toJS({ maxAliasCount: aliasesMax }),
      locate: (path) => position(lines, offsetOf(document, path)),
    };
  } catch (error) {
    // The parser recurses: what its stack cannot hold is too deep.
    if (error instanceof RangeError)
      return stop('TooDeep', `嵌套最多 ${depthMax} 层。`, `Nested deeper than ${depthMax} levels.`, 0);
    return stop(
      'NotYaml',
      `无法读取：${brief(String((error as Error).message))}`,
      `Cannot be read: ${brief(String((error as Error).message))}`,
      0,
    );
  }
};

export const problemsMax = 50;
const brief = (message: string): string => message.split('\n')[0]?.slice(0, 160) ?? '';

const position = (
  lines: LineCounter,
  offset: number | undefined,
): { readonly line: number; readonly column: number } => {
  const { line, col } = lines.linePos(offset ?? 0);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};

/**
 * Half a surrogate pair, or a control character other than tab and line end: a text whose digest nobody else would
 * compute.
 */
const unreadableAt = (text: string): { readonly line: number; readonly column: number } | undefined => {
  const found = text.search(
    // oxlint-disable-next-line no-control-regex -- these characters are what is looked for
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/,
  );
  if (found === -1) return undefined;
  const before = text.slice(0, found).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

const tooManyTokens = (text: string, tokensMax: number): boolean => {
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) if ((tokens += 1) > tokensMax) return true;
  return false;
};

/**
 * Found before parsing, because the parser recurses: brackets that stay open, dashes and question marks that stand in a
 * row, a stair of indentation.
 */
const tooDeepAt = (text: string): { readonly line: number; readonly column: number } | undefined => {
  let open = 0;
  const stair: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const indent = line.search(/\S/);
    if (indent !== -1) {
      while ((stair.at(-1) ?? -1) >= indent) stair.pop();
      stair.push(indent);
      if (stair.length > depthMax) return { line: index + 1, column: indent + 1 };
    }
    const nested = /^(?:\s*[-?:](?=\s))+/.exec(line)?.[0] ?? '';
    if (nested.replace(/\s/g, '').length > depthMax) return { line: index + 1, column: 1 };
    for (let column = 0; column < line.length; column += 1) {
      const character = line[column];
      if (character === '[' || character === '{') open += 1;
      else if ((character === ']' || character === '}') && open > 0) open -= 1;
      if (open > depthMax) return { line: index + 1, column: column + 1 };
    }
  }
  return undefined;
};

interface Hostile {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly node: Node;
}

/** Aliases that are too many, that contain themselves or that multiply; tags, which would ask for code. */
const hostileNode = (document: Document.Parsed): Hostile | undefined => {
  let found: Hostile | undefined;
  let aliases = 0;
  visit(document, {
    Node: (_, node) => {
      if ('tag' in node && node.tag !== undefined)
        found = { code: 'TagRefused', zh: '不允许使用标签。', en: 'Tags are not allowed.', node };
      found ??= twiceIn(node);
      if (isAlias(node)) aliases += 1;
      if (aliases > aliasesMax)
        found = {
          code: 'TooManyAliases',
          zh: `别名最多 ${aliasesMax} 个。`,
          en: `More than ${aliasesMax} aliases.`,
          node,
        };
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found ?? multiplied(document);
};

/** The parser's own check compares every key with every other; a set does not. */
const twiceIn = (node: Node): Hostile | undefined => {
  if (!isMap(node)) return undefined;
  const keys = new Set<unknown>();
  for (const { key } of node.items) {
    const name = isScalar(key) ? key.value : key;
    if (keys.has(name))
      return {
        code: 'DuplicateKey',
        zh: '同一个键写了两次。',
        en: 'The same key stands twice.',
        node: isScalar(key) ? key : node,
      };
    keys.add(name);
  }
  return undefined;
};

/**
 * Follows the aliases as reading would, and stops at the first that repeats itself or at the node that is one too many.
 */
const multiplied = (document: Document.Parsed): Hostile | undefined => {
  let nodes = 0;
  const walk = (node: unknown, within: readonly unknown[], depth: number): Hostile | undefined => {
    if (node === null || node === undefined) return undefined;
    nodes += 1;
    const here = node as Node;
    if (nodes > nodesMax)
      return {
        code: 'TooManyValues',
        zh: `展开后最多 ${nodesMax} 个值。`,
        en: `More than ${nodesMax} values once aliases are followed.`,
        node: here,
      };
    if (depth > depthMax)
      return {
        code: 'TooDeep',
        zh: `嵌套最多 ${depthMax} 层。`,
        en: `Nested deeper than ${depthMax} levels.`,
        node: here,
      };
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) return undefined;
      if (within.includes(target))
        return {
          code: 'CyclicAlias',
          zh: '别名引用了包含它自己的内容。',
          en: 'An alias refers to what contains it.',
          node,
        };
      return walk(target, within, depth);
    }
    const children: readonly unknown[] = isMap(node) || isSeq(node) ? node.items : isPair(node) ? [node.value] : [];
    for (const child of children) {
      const problem = walk(child, isPair(node) ? within : [...within, node], isPair(node) ? depth : depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  return walk(document.contents, [], 0);
};

/** Where the value at `path` stands; where there is none, the nearest one that contains it. */
const offsetOf = (document: Document.Parsed, path: Path): number | undefined => {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const offset = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
    if (offset !== undefined) return offset;
  }
  return document.contents?.range?.[0];
};
