import type { Sheet } from '#event-sourcing/ports/sheet.js';
import { shortCode } from '#identity/short-code.js';
import type { Refusal } from '#event-sourcing/decision.js';
import type { Policy } from '#policy/policy.js';
import { rejectionText, type Language } from '#policy/sentences.js';
import { resultColumns } from './mapping.js';
import type { RowResult } from './row-result.js';

const outcomes: Readonly<Record<RowResult['outcome'], Readonly<Record<Language, string>>>> = {
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
  results: ReadonlyMap<number, RowResult>,
  language: Language,
  policy: Policy,
): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } => ({
  header: [...ownColumns(sheet), ...resultColumns[language]],
  rows: sheet.rows.map(({ line, cells }) => [
    ...ownColumns(sheet).map((name) => cells[name] ?? ''),
    ...answer(results.get(line), language, policy),
  ]),
});

/** An answer that comes back mended is answered anew. */
const answered = new Set<string>(Object.values(resultColumns).flat());
const ownColumns = ({ header }: Sheet): readonly string[] => header.filter((name) => !answered.has(name));

const answer = (result: RowResult | undefined, language: Language, policy: Policy): readonly string[] => {
  if (result === undefined) return ['', '', '', '', ''];
  const outcome = outcomes[result.outcome][language] + (result.recordedBefore ? before[language] : '');
  switch (result.outcome) {
    case 'complete':
      return [outcome, '', '', '', ''];
    // Said anew: what the sheet brings back beside its rows is anybody's writing.
    case 'answered':
      return [outcome, shortCode(result.registrationId), result.lastDay ?? '', '', ''];
    case 'malformed':
      return [outcome, '', '', result.problems.map(({ text }) => text[language]).join(' '), ''];
    case 'refused':
      return [outcome, '', '', sentences(result.rejections, language, policy), rulesOf(result.rejections)];
    case 'accepted':
      return [
        outcome,
        shortCode(result.registrationId),
        result.protectedUntil?.lastDay ?? '',
        sentences(result.depositRefused ?? [], language, policy),
        rulesOf(result.depositRefused ?? []),
      ];
  }
};

const sentences = (rejections: readonly Refusal[], language: Language, policy: Policy): string =>
  rejections.map((rejection) => rejectionText(rejection, { policy })[language]).join(' ');
const rulesOf = (rejections: readonly Refusal[]): string =>
  [...new Set(rejections.flatMap(({ because }) => (because ?? []).flatMap(({ rules }) => rules)))].join(' ');
