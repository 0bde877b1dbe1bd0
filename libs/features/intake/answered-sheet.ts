import type { Sheet } from '#event-sourcing/ports/sheet.js';
import { shortCode } from '#identity/short-code.js';
import type { Refusal } from '#event-sourcing/decision.js';
import type { Policy } from '#policy/policy.js';
import { rejectionText, type Language } from '#policy/sentences.js';
import { verdictColumns } from './mapping.js';
import type { RowVerdict } from './verdict.js';

const outcomes: Readonly<Record<RowVerdict['outcome'], Readonly<Record<Language, string>>>> = {
  accepted: { zh: '受理', en: 'accepted' },
  refused: { zh: '不予受理', en: 'refused' },
  malformed: { zh: '无法读取', en: 'unreadable' },
  complete: { zh: '表单完整', en: 'complete' },
  answered: { zh: '受理', en: 'accepted' },
};
const before: Readonly<Record<Language, string>> = { zh: '（此前已记录）', en: ' (recorded before)' };

/** The same sheet back, row for row, with what became of each: handed to whoever filled it in. */
export const answeredSheet = (
  sheet: Sheet,
  verdicts: ReadonlyMap<number, RowVerdict>,
  language: Language,
  policy: Policy,
): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } => ({
  header: [...ownColumns(sheet), ...verdictColumns[language]],
  rows: sheet.rows.map(({ line, cells }) => [
    ...ownColumns(sheet).map((name) => cells[name] ?? ''),
    ...answer(verdicts.get(line), language, policy),
  ]),
});

/** An answer that comes back mended is answered anew. */
const answered = new Set<string>(Object.values(verdictColumns).flat());
const ownColumns = ({ header }: Sheet): readonly string[] => header.filter((name) => !answered.has(name));

const answer = (verdict: RowVerdict | undefined, language: Language, policy: Policy): readonly string[] => {
  if (verdict === undefined) return ['', '', '', '', ''];
  const outcome = outcomes[verdict.outcome][language] + (verdict.recordedBefore ? before[language] : '');
  switch (verdict.outcome) {
    case 'complete':
      return [outcome, '', '', '', ''];
    // Said anew: what the sheet brings back beside its rows is anybody's writing.
    case 'answered':
      return [outcome, shortCode(verdict.registrationId), verdict.lastDay ?? '', '', ''];
    case 'malformed':
      return [outcome, '', '', verdict.problems.map(({ text }) => text[language]).join(' '), ''];
    case 'refused':
      return [outcome, '', '', sentences(verdict.rejections, language, policy), rulesOf(verdict.rejections)];
    case 'accepted':
      return [
        outcome,
        shortCode(verdict.registrationId),
        verdict.protectedUntil?.lastDay ?? '',
        sentences(verdict.depositRefused ?? [], language, policy),
        rulesOf(verdict.depositRefused ?? []),
      ];
  }
};

const sentences = (rejections: readonly Refusal[], language: Language, policy: Policy): string =>
  rejections.map((rejection) => rejectionText(rejection, { policy })[language]).join(' ');
const rulesOf = (rejections: readonly Refusal[]): string =>
  [...new Set(rejections.flatMap(({ because }) => (because ?? []).flatMap(({ rules }) => rules)))].join(' ');
