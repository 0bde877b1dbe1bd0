import type { Refusal } from '#event-sourcing/decision.js';
import { alike } from '#policy/sentences.js';
import type { Label } from '#policy/words.js';
import type { ImportStep, RowResult } from './row-result.js';

/**
 * What became of a sheet, counted. Every row is counted once among the outcomes; a refused row may meet several rules.
 */
export interface ImportSummary {
  readonly rows: number;
  readonly accepted: number;
  readonly complete: number;
  readonly refused: number;
  readonly malformed: number;
  readonly answered: number;
  readonly recordedBefore: number;
  /** What followed from accepted rows, by event type. */
  readonly followed: Readonly<Record<string, number>>;
  /**
   * Refused rows by step, code and, if it is one, field: `permission ProtectedByAnother`, `registration FieldMissing
   * address`; what is wrong with a field comes last: `registration FieldInvalid phone tooShort`.
   */
  readonly refusals: Readonly<Record<string, number>>;
  /** Refused rows by the rule of the paper, `R04.02`; `-` where no rule is cited. */
  readonly rules: Readonly<Record<string, number>>;
  /** Rows with a cell that cannot be read, by code. */
  readonly problems: Readonly<Record<string, number>>;
  /** What the rows are told, each thing once, with how many are: by what it is about and what it says. */
  readonly told: Readonly<Record<string, Told>>;
}
interface Told {
  readonly about: keyof typeof abouts;
  readonly says: Refusal | Label;
  readonly count: number;
}

export const emptySummary: ImportSummary = {
  rows: 0,
  accepted: 0,
  complete: 0,
  refused: 0,
  malformed: 0,
  answered: 0,
  recordedBefore: 0,
  followed: {},
  refusals: {},
  rules: {},
  problems: {},
  told: {},
};

/** Counts one more row. */
export const summed = (summary: ImportSummary, result: RowResult): ImportSummary => {
  const next: ImportSummary = {
    ...summary,
    rows: summary.rows + 1,
    recordedBefore: summary.recordedBefore + (result.recordedBefore ? 1 : 0),
    [result.outcome]: summary[result.outcome] + 1,
  };
  switch (result.outcome) {
    case 'accepted':
      return { ...next, followed: counted(summary.followed, result.followed) };
    case 'complete':
    case 'answered':
      return next;
    case 'malformed':
      return {
        ...next,
        problems: counted(
          summary.problems,
          result.problems.map(({ code }) => code),
        ),
        told: telling(
          summary.told,
          result.problems.map(({ text }) => ({ about: 'reading', says: text })),
        ),
      };
    case 'refused': {
      const rules = result.rejections.flatMap(({ because }) => (because ?? []).flatMap((reason) => reason.rules));
      return {
        ...next,
        refusals: counted(
          summary.refusals,
          result.rejections.map(({ reason, field, because }) => {
            const problem = because?.[0]?.inputs['problem'];
            const about = field === undefined ? [] : [field, ...(typeof problem === 'string' ? [problem] : [])];
            return [result.step, reason, ...about].join(' ');
          }),
        ),
        rules: counted(summary.rules, rules.length === 0 ? ['-'] : rules),
        told: telling(
          summary.told,
          result.rejections.map((rejection) => ({ about: result.step, says: alike(rejection) })),
        ),
      };
    }
  }
};

const counted = (
  counts: Readonly<Record<string, number>>,
  found: readonly string[],
): Readonly<Record<string, number>> => {
  const next = { ...counts };
  for (const name of new Set(found)) next[name] = (next[name] ?? 0) + 1;
  return next;
};

const telling = (
  told: Readonly<Record<string, Told>>,
  found: readonly Omit<Told, 'count'>[],
): Readonly<Record<string, Told>> => {
  const byKey = new Map(found.map((one) => [JSON.stringify([one.about, one.says]), one]));
  return {
    ...told,
    ...Object.fromEntries([...byKey].map(([key, one]) => [key, { ...one, count: (told[key]?.count ?? 0) + 1 }])),
  };
};

const abouts = {
  reading: { zh: '读取', en: 'reading' },
  answer: { zh: '报备编号', en: 'registration code' },
  permission: { zh: '许可', en: 'permission' },
  registration: { zh: '报备', en: 'filing' },
  deposit: { zh: '定金', en: 'deposit' },
} as const satisfies Readonly<Record<ImportStep | 'answer' | 'reading', Label>>;
const byCount = (counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(counts).toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

/** The summary as people read it, for the desk and for the group chat. `say` puts a refusal into words. */
export const summaryText = (
  summary: ImportSummary,
  { dryRun, say }: { readonly dryRun: boolean; readonly say: (rejection: Refusal) => Label },
): Label => {
  const { rows, accepted, complete, refused, malformed, answered, recordedBefore } = summary;
  const told = Object.values(summary.told)
    .map(({ about, says, count }) => ({ about: abouts[about], text: 'reason' in says ? say(says) : says, count }))
    .toSorted((one, other) => other.count - one.count || (one.text.zh < other.text.zh ? -1 : 1));
  const rules = byCount(summary.rules)
    .filter(([rule]) => rule !== '-')
    .map(([rule, count]) => `${rule} × ${count}`)
    .join(', ');
  return {
    zh: [
      dryRun
        ? `共 ${rows} 行：完整 ${complete}，不予受理 ${refused}，无法读取 ${malformed}。（试算：只检查表单，未记录任何内容。）`
        : `共 ${rows} 行：受理 ${accepted}，不予受理 ${refused}，无法读取 ${malformed}。`,
      ...(recordedBefore > 0 ? [`其中 ${recordedBefore} 行此前已用同一文件导入过，没有重复记录。`] : []),
      ...(answered > 0 ? [`另有 ${answered} 行上次已受理（带报备编号），没有再报。`] : []),
      ...told.map(({ about, text, count }) => `  ${count} 行 · ${about.zh}：${text.zh}`),
      ...(rules === '' ? [] : [`  依据：${rules}`]),
    ].join('\n'),
    en: [
      dryRun
        ? `${rows} rows: ${complete} complete, ${refused} refused, ${malformed} unreadable. (A dry run: only the forms were judged, nothing was recorded.)`
        : `${rows} rows: ${accepted} accepted, ${refused} refused, ${malformed} unreadable.`,
      ...(recordedBefore > 0
        ? [`${recordedBefore} of them had been imported from this very file before; nothing was recorded twice.`]
        : []),
      ...(answered > 0
        ? [`${answered} more rows carry the code of a registration from the last time; they were not filed again.`]
        : []),
      ...told.map(({ about, text, count }) => `  ${count} ${count === 1 ? 'row' : 'rows'} · ${about.en}: ${text.en}`),
      ...(rules === '' ? [] : [`  Rules: ${rules}`]),
    ].join('\n'),
  };
};
