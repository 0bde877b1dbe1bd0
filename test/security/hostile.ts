/** A number or text that JSON.stringify would never write: put into the body as it stands. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** JSON with raw parts, own `__proto__` keys and repeated names left as an attacker would send them. */
export const hostileJson = (value: unknown): string => {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map((item) => hostileJson(item === undefined ? null : item)).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => `${JSON.stringify(name)}:${hostileJson(inner)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
};

const fullWidth = '１３８００００１１１１';
/** Text that storage, screens, spreadsheets, shells or databases would read as something else. */
export const hostileTexts: Readonly<Record<string, string>> = {
  nul: 'a\0b',
  loneSurrogate: '王\ud800',
  loneLow: '\udc00',
  rightToLeft: '\u202egnp.exe',
  isolate: '\u2066a\u2069',
  zeroWidth: '王\u200b芳',
  byteOrderMark: '\ufeff王芳',
  softHyphen: '王\u00ad芳',
  tag: '王\u{e0041}',
  bell: '\u0007',
  escape: '\u001b[31m',
  carriageReturn: 'a\r\nSet-Cookie: a=b',
  lineSeparator: 'a\u2028b',
  replacement: '\ufffd',
  nonCharacter: '\ufffe',
  privateUse: '\ue000',
  traditional: '王芳電話',
  fullWidth,
  cyrillic: 'Аmу',
  hangulFiller: '\u3164',
  combining: `a${'\u0301'.repeat(10_000)}`,
  zalgo: `王${'\u0335'.repeat(6)}`,
  emoji: '👩‍👩‍👧‍👦',
  fullwidthSpace: '\u3000',
  empty: '',
  blank: '   ',
  sheet: "=cmd|' /C calc'!A0",
  plus: '+1',
  at: '@SUM(1)',
  sql: "'; DROP TABLE events;--",
  mongo: '{"$ne":null}',
  dollar: '$where',
  template: '${7*7}',
  path: '../../etc/passwd',
  backslash: '..\\..\\a',
  percent: '%00%0a',
  markup: '<script>alert(1)</script>',
  proto: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  dots: 'a..b',
  long: '长'.repeat(5_000),
  huge: 'x'.repeat(200_000),
  number: '1e400',
  minusZero: '-0',
  infinite: 'Infinity',
  notANumber: 'NaN',
  yes: 'true',
  nothing: 'null',
  undefinedText: 'undefined',
};

/** Dates and instants that do not exist, or that `Date` would make into others. */
export const hostileTimes: readonly string[] = [
  '2026-02-30',
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '10000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2026-03-02T24:00:00Z',
  '2026-03-02T23:59:60Z',
  '2026-03-02T10:00:00',
  '2026-03-02T10:00:00+99:00',
  '2026-13-01',
  '1970-01-01T00:00:00Z',
  '2026-3-2',
  '２０２６-03-02',
  '',
  '今天',
  '1e12',
];
export const hostileNumbers: readonly (RawJson | number)[] = [
  new RawJson('1e400'),
  new RawJson('-1e400'),
  new RawJson('9007199254740993'),
  new RawJson('-0'),
  new RawJson('0.1'),
  new RawJson('1E2'),
  -1,
  0,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  1.5,
];
export const hostileMoney: readonly string[] = [
  '0',
  '-1',
  '-0',
  '1e5',
  '1.5',
  '9'.repeat(18),
  '9'.repeat(19),
  '007',
  '+1',
  ' 1',
  '１２',
  '0x10',
  '',
];
/** What is no scalar at all. */
export const hostileShapes: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  { $ne: null },
  { a: { b: { c: 1 } } },
  [null],
];
export const hostileKeys: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '$ne',
  'a.b',
  '',
  'a'.repeat(65),
  '1a',
  'phone ',
  '名字',
];
