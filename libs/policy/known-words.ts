import { warning, type Finding } from './clause.js';
import type { Path } from './reading.js';
import type { Label, Messages } from './words.js';

/**
 * Words of closed lists that a document's shape leaves open, because what was published once must load for ever: a word
 * that is not on its list is told by `check`, with the one that was probably meant.
 */
export const wordProblems = (
  code: string,
  words: readonly string[],
  known: readonly string[],
  path: Path,
  what: Label,
): readonly Finding[] =>
  words
    .filter((word) => !known.includes(word))
    .map((word) => {
      const meant = nearest(word, known);
      return warning(
        code,
        path,
        `“${word}”不是${what.zh}${meant === undefined ? '' : `，是否为 ${meant}？`}${meant === undefined ? '，' : ''}可用：${known.join('、')}。`,
        `"${word}" is no ${what.en}${meant === undefined ? '' : `; did you mean ${meant}?`}${meant === undefined ? ';' : ''} There are: ${known.join(', ')}.`,
      );
    });

/** The channels by which something comes in or is told. */
export const channelNames = {
  system: { zh: '系统', en: 'the system' },
  desk: { zh: '登记处', en: 'desk' },
  paper: { zh: '纸质', en: 'paper' },
  email: { zh: '电子邮件', en: 'e-mail' },
  mail: { zh: '邮件', en: 'mail' },
  fax: { zh: '传真', en: 'fax' },
  phone: { zh: '电话', en: 'telephone' },
  mobile: { zh: '手机', en: 'mobile phone' },
  sms: { zh: '短信', en: 'text message' },
  wechat: { zh: '微信', en: 'WeChat' },
} as const satisfies Messages;

/** The known word that two slips of a finger would turn into this one. */
const nearest = (word: string, known: readonly string[]): string | undefined => {
  const [best] = known.map((each) => ({ each, slips: slips(word, each) })).toSorted((a, b) => a.slips - b.slips);
  return best !== undefined && best.slips <= 2 && best.slips < word.length ? best.each : undefined;
};
const slips = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries())
    row = row.reduce<number[]>(
      (next, above, index) =>
        index === 0
          ? [line + 1]
          : [...next, Math.min(above + 1, next[index - 1]! + 1, row[index - 1]! + (letter === to[index - 1] ? 0 : 1))],
      [],
    );
  return row.at(-1)!;
};
