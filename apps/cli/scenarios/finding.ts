import type { Label } from '#policy/words.js';
import type { Branch } from './report.js';

/** Something that was not as expected. */
export interface Finding {
  readonly expected: Label;
  readonly happened: Label;
  readonly because?: readonly Branch[];
}

const text = (value: unknown): string => {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(text).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
/** What an expectation is about, as the Chinese report calls it. */
const inChinese: Readonly<Record<string, string>> = {
  'the act is': '该步',
  recorded: '记录',
  refused: '拒绝原因',
  'refused only': '仅有的拒绝原因',
  'refused field': '被拒的字段',
  cites: '引用的规则',
  state: '状态',
  class: '类别',
  holder: '持有人',
  lastDay: '最后一日',
  startsAt: '开始',
  endsAt: '到期',
  endedAt: '结束于',
  suspended: '中止',
  cause: '原因',
  extensionAsked: '已申请延期',
  waitsFor: '等待',
  step: '步骤',
  due: '时限',
  owner: '归属',
  case: '案件',
  collision: '撞单情形',
  claims: '各方',
  outcome: '裁决',
  winner: '胜方',
  arbiters: '仲裁人',
  penalties: '处罚',
  occurrence: '第几次',
  offences: '违规次数',
  standing: '信用',
  basis: '归属依据',
  credited: '业绩',
  commission: '佣金',
  weights: '权重',
  assistants: '协助人',
  basedOn: '依据的报备',
  history: '历史',
  answer: '答复',
  sees: '答复',
};
export const finding = (
  what: string,
  expected: unknown,
  happened: unknown,
  because: readonly Branch[] = [],
): Finding => {
  const zh = inChinese[what] ?? what;
  return {
    expected: { zh: `${zh} ${text(expected)}`, en: `${what} ${text(expected)}` },
    happened: { zh: `${zh} ${text(happened)}`, en: `${what} ${text(happened)}` },
    because,
  };
};

/** No finding when nothing was expected or both are the same. */
export const compared = (
  what: string,
  expected: unknown,
  happened: unknown,
  because?: readonly Branch[],
): readonly Finding[] =>
  expected === undefined || text(expected) === text(happened) ? [] : [finding(what, expected, happened, because)];
/** The same, whatever the order. */
export const comparedAsSet = (
  what: string,
  expected: readonly string[] | undefined,
  happened: readonly string[] | undefined,
  because?: readonly Branch[],
): readonly Finding[] =>
  compared(what, expected?.toSorted(), expected === undefined ? undefined : (happened ?? []).toSorted(), because);
/** Everything expected is there, in this order; more may stand between. */
export const comparedInOrder = (
  what: string,
  expected: readonly string[] | undefined,
  happened: readonly string[],
  because?: readonly Branch[],
): readonly Finding[] => {
  let from = 0;
  for (const each of expected ?? []) {
    const at = happened.indexOf(each, from);
    if (at === -1) return [finding(what, expected, happened, because)];
    from = at + 1;
  }
  return [];
};
