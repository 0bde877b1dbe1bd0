import type { AnyEvent, Recorded } from '#event-sourcing/event.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { DerivedFact, Reason } from '#event-sourcing/vocabulary.js';
import type { RecordedRejection } from '#features/audit/events.js';
import type { HistoryEntry } from '#features/audit/history/history.js';
import type { Policy } from '#policy/policy.js';
import { reasonText, rejectionText, type Language } from '#policy/sentences.js';
import type { Label } from '#policy/words.js';
import type { World } from './world.js';
import { dateIn, isInstant, timeIn } from '#time/instant.js';

/** One branch of the reason tree: a sentence, and what lies behind it. */
export interface Branch {
  readonly text: Label;
  readonly under: readonly Branch[];
}
/** One expectation that was not met. */
export interface Failure {
  readonly line: number;
  readonly expected: Label;
  readonly happened: Label;
  readonly because: readonly Branch[];
}

const same = (text: string): Label => ({ zh: text, en: text });

/** The rule, the clause's path and the inputs of one reason. */
export const branchOf = (reason: Reason, policy: Policy): Branch => ({
  text: { zh: reasonText(reason, 'zh', { policy }), en: reasonText(reason, 'en', { policy }) },
  under: [
    same(
      `${reason.clause} · ${reason.meaning} · ${reason.policy}${reason.calendars === undefined ? '' : ` · ${reason.calendars.join(', ')}`}`,
    ),
    ...(Object.keys(reason.inputs).length === 0
      ? []
      : [
          same(
            Object.entries(reason.inputs)
              .map(([name, value]) => `${name}: ${factText(value, policy.timeZone)}`)
              .join(', '),
          ),
        ]),
  ].map((text) => ({ text, under: [] })),
});

const rejectionBranch = (rejection: RecordedRejection, policy: Policy): Branch => ({
  text: withCode(rejection.reason, rejectionText(rejection as Parameters<typeof rejectionText>[0], { policy })),
  under: [
    ...Object.entries({
      ...(rejection.field === undefined ? {} : { field: rejection.field as DerivedFact }),
      ...rejection.accepted,
    }).map(([name, value]) => ({ text: same(`${name}: ${factText(value, policy.timeZone)}`), under: [] })),
    ...(rejection.because ?? []).map((reason) => branchOf(reason, policy)),
  ],
});
const withCode = (reason: string, { zh, en }: Label): Label => ({ zh: `${reason}：${zh}`, en: `${reason}: ${en}` });

/** Why an act was answered as it was. */
export const becauseOf = (outcome: Outcome, policy: Policy): readonly Branch[] =>
  outcome.outcome === 'indeterminate'
    ? []
    : (outcome.events as readonly Recorded[]).flatMap(({ event }): readonly Branch[] => {
        const body = event as AnyEvent & {
          readonly because?: readonly Reason[];
          readonly rejections?: readonly RecordedRejection[];
        };
        if (body.rejections !== undefined)
          return body.rejections.map((rejection) => rejectionBranch(rejection, policy));
        return [{ text: same(event.type), under: (body.because ?? []).map((reason) => branchOf(reason, policy)) }];
      });

/** What happened to a subject so far: one branch an event, with its reasons. */
export const historyTree = (entries: readonly HistoryEntry[], policy: Policy): readonly Branch[] =>
  entries.map(({ type, times, actor, body }) => ({
    text: same(
      `${localText(times.recordedAt, policy.timeZone)} ${type} · ${actor.onBehalfOf === undefined ? actor.party : `${actor.party} → ${actor.onBehalfOf}`}`,
    ),
    under: ((body['because'] ?? []) as unknown as readonly Reason[]).map((reason) => branchOf(reason, policy)),
  }));

/** What happened to a customer, for people who ask why. */
export const treeOf = async (
  spoken: { readonly customer?: string | undefined; readonly line: number },
  world: World,
): Promise<readonly Branch[]> =>
  historyTree(await world.history(await world.liveDossier(spoken)), world.evaluation.policy);

export const localText = (when: string, zone: string): string =>
  isInstant(when)
    ? `${dateIn(when, zone)} ${timeIn(when, zone)
        .replace(/:00\.000$/, '')
        .replace(/\.000$/, '')}`
    : when;
export const factText = (value: unknown, zone: string): string => {
  if (Array.isArray(value)) return `[${value.map((each) => factText(each, zone)).join(', ')}]`;
  return value === undefined || value === null ? 'none' : localText(String(value), zone);
};

/** A failure as it is printed: where, what was expected, what happened, and the reasons that led there. */
export const failureText = (file: string, { line, expected, happened, because }: Failure, language: Language): string =>
  [
    `    ${file}:${line}`,
    `      ${language === 'zh' ? '预期' : 'expected'}: ${expected[language]}`,
    `      ${language === 'zh' ? '实际' : 'happened'}: ${happened[language]}`,
    ...(because.length === 0
      ? []
      : [
          `      ${language === 'zh' ? '缘由' : 'because'}:`,
          ...because.flatMap((branch) => branchLines(branch, language, 8)),
        ]),
  ].join('\n');

const branchLines = ({ text, under }: Branch, language: Language, indent: number): readonly string[] => [
  `${' '.repeat(indent)}- ${text[language]}`,
  ...under.flatMap((branch) => branchLines(branch, language, indent + 2)),
];
