import { z } from 'zod';
import { code, type Code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf, type Duration } from '#time/clock.js';
import { unsound, warning, type Clause, type Unsound } from '../clause.js';
import { clockOf, PolicyMisuse, reasonOf, type Evaluation } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { conditionSchema, nameOf } from '../naming.js';
import { appliesTo, classFilter } from '../whom.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { cited, codes, labelSchema, nameSchema, oneOrMore, type Messages } from '../words.js';
import { rolesThatCannot } from './permissions.js';

/** What the clock does when a step is not taken in time. */
export const timeouts = ['approve', 'reject', 'escalate', 'none'] as const;

/**
 * The steps between a complete form and its effect, one after the other, or side by side. Without a step that applies,
 * a registration takes effect at once. `duplicateCheck`: reviewers see the candidates that weak keys found.
 */
const schema = z.strictObject({
  duplicateCheck: z.boolean().default(false),
  steps: z
    .array(
      z.strictObject({
        name: nameSchema,
        title: labelSchema.optional(),
        roles: oneOrMore(nameOf('role')),
        within: durationSchema.optional(),
        onTimeout: z.enum(timeouts).default('none'),
        escalatesTo: oneOrMore(nameOf('role')).optional(),
        together: nameSchema
          .optional()
          .describe('Steps of one name stand open side by side: each must say yes, in any order, and one no is a no.'),
        opinion: z.enum(['required', 'optional']).default('optional').describe('Whether a yes needs a word with it.'),
        when: conditionSchema('A CEL condition over the form; the step is left out when it is false.').optional(),
        ...classFilter,
        ...cited,
      }),
    )
    .max(20)
    .default([]),
  ...cited,
});

const refusals = {
  OpinionMissing: { zh: '此步骤须写明意见。', en: 'This step wants a word with the yes.' },
} as const satisfies Messages;

export const review: Clause<'review', typeof schema, typeof refusals> = {
  name: 'review',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  items: { by: ['name'], through: ['steps'] },
  says: {
    reason: {
      zh: '审核{item?：}{item}{length?，期限 }{length}',
      en: 'Review{item?: }{item}{length?, due within }{length}',
    },
    refusals,
  },
  declares: ({ steps }) => steps.map(({ name, title }) => ({ kind: 'step', name, title, path: ['review', 'steps'] })),
  refers: ({ steps }) => [
    ...unequalGroups(steps),
    ...steps.flatMap(({ onTimeout, within, escalatesTo }, index) => [
      ...(onTimeout !== 'none' && within === undefined
        ? [
            unsound(
              'TimeoutWithoutDeadline',
              ['review', 'steps', index],
              '有 onTimeout 就须有 within。',
              'onTimeout needs within.',
            ),
          ]
        : []),
      ...((onTimeout === 'escalate') === (escalatesTo !== undefined)
        ? []
        : [
            unsound(
              'EscalationUnclear',
              ['review', 'steps', index],
              'onTimeout: escalate 与 escalatesTo 须同时出现。',
              'onTimeout: escalate and escalatesTo belong together.',
            ),
          ]),
    ]),
  ],
  lints: ({ steps }, document) =>
    steps.flatMap(({ name, within, roles, escalatesTo }, index) => [
      ...(within === undefined
        ? [
            warning(
              'DeadlineMissing',
              ['review', 'steps', index],
              `审核步骤“${name}”没有期限，可能永远等待。`,
              `The step "${name}" has no deadline and may wait for ever.`,
            ),
          ]
        : []),
      ...rolesThatCannot(document, 'approve', [...roles, ...(escalatesTo ?? [])], ['review', 'steps', index]),
    ]),
  needs: ({ steps }) =>
    steps.length === 0
      ? []
      : (['approve', 'reject'] as const).map((operation) => ({
          operation,
          path: ['review'],
          zh: '有审核步骤',
          en: 'There are steps of review',
        })),
  again: ({ e, inputs, body, times }, step) => {
    if (step === '') return effectiveAtOnce(e, String(inputs['class']));
    // A filing says why it waits, a ruling by which step it was made.
    return filings.has(String(body['type']))
      ? stageReason(e, step, (inputs['startedAt'] as Instant | undefined) ?? times.recordedAt)
      : reviewStep(e, step).because;
  },
};
type Step = z.output<typeof schema>['steps'][number];

/** Steps side by side have one deadline, for the classes they share, and stand next to each other. */
const unequalGroups = (steps: readonly Step[]): readonly Unsound[] =>
  steps.flatMap((step, index) => {
    const first = step.together === undefined ? index : steps.findIndex(({ together }) => together === step.together);
    const terms = ({ within, onTimeout, when, class: names }: Step): string =>
      JSON.stringify([within, onTimeout, when, names]);
    const apart = steps.slice(first, index).some(({ together }) => together !== step.together);
    return index === first || (!apart && step.onTimeout !== 'escalate' && terms(step) === terms(steps[first]!))
      ? []
      : [
          unsound(
            'GroupUnequal',
            ['review', 'steps', index, 'together'],
            '同一组（together）的步骤须相邻，class、when、within、onTimeout 相同，且不升级。',
            'Steps of one `together` stand next to each other, with the same class, when, within and onTimeout, and do not escalate.',
          ),
        ];
  });

/** The events that begin to wait. */
const filings: ReadonlySet<string> = new Set(['Registered', 'Resubmitted']);

export interface ReviewStep {
  readonly name: Code;
  /** 0-based place among the steps that apply, and how many these are. */
  readonly index: number;
  readonly of: number;
  readonly roles: readonly Code[];
  readonly within?: Duration;
  readonly onTimeout: (typeof timeouts)[number];
  readonly escalatesTo: readonly Code[];
  /** The group that stands open with it. */
  readonly together?: string | undefined;
  readonly opinion: 'required' | 'optional';
  readonly because: Reason;
}

/** The steps that this registration has to pass; none: it takes effect at once. */
export const reviewChain = (
  e: Evaluation,
  given: { readonly class: string; readonly values: Readonly<Record<string, string | number | boolean>> },
): readonly ReviewStep[] => {
  const holds = e.policy.conditions.over(given.values);
  const steps = e.policy.document.review.steps.filter(
    (step) => appliesTo(step, given.class) && (step.when === undefined || holds(step.when)),
  );
  return steps.map((step, index) => ({
    name: code(step.name),
    index,
    of: steps.length,
    roles: codes(step.roles),
    onTimeout: step.onTimeout,
    escalatesTo: codes(step.escalatesTo ?? []),
    together: step.together,
    opinion: step.opinion,
    ...(step.within === undefined ? {} : { within: step.within }),
    because: reasonOf(e, `review.${step.name}`, step, { class: code(given.class), roles: codes(step.roles) }),
  }));
};

/**
 * A step by its name, whether or not its condition holds now: the chain was settled when the registration was filed.
 */
export const reviewStep = (e: Evaluation, name: string): ReviewStep => {
  const step = e.policy.document.review.steps.find((each) => each.name === name);
  if (step === undefined) throw new PolicyMisuse(`${e.policy.reference} has no review step ${name}`);
  return {
    name: code(step.name),
    index: 0,
    of: 1,
    roles: codes(step.roles),
    onTimeout: step.onTimeout,
    escalatesTo: codes(step.escalatesTo ?? []),
    together: step.together,
    opinion: step.opinion,
    ...(step.within === undefined ? {} : { within: step.within }),
    because: reasonOf(e, `review.${step.name}`, step, { roles: codes(step.roles) }),
  };
};

/** The reason of a registration that takes effect without a review. */
export const effectiveAtOnce = (e: Evaluation, name: string): Reason =>
  reasonOf(e, 'review', e.policy.document.review, { class: code(name), steps: 0 });

/** Why a step is waited for, until when, and on which calendar that was counted. */
export const stageReason = (e: Evaluation, name: string, startedAt: Instant): Reason => {
  const { because } = reviewDeadline(e, reviewStep(e, name), startedAt);
  return { ...because, rules: [...new Set([...codes(e.policy.document.review.rule ?? []), ...because.rules])] };
};

/**
 * By when a step has to be taken (exclusive); undefined: it waits for ever. Throws UnknownYearError when it counts
 * working days of a year nobody published.
 */
export const reviewDeadline = (
  e: Evaluation,
  step: ReviewStep,
  startedAt: Instant,
): { readonly at: Instant | undefined; readonly because: Reason } => {
  if (step.within === undefined) return { at: undefined, because: step.because };
  const at = endOf(step.within, startedAt, clockOf(e, 'review'));
  const counted = 'workingDays' in step.within ? { from: startedAt, to: at } : undefined;
  return {
    at,
    because: reasonOf(
      e,
      String(step.because.clause),
      { rule: step.because.rules },
      { startedAt, ...lengthFacts(step.within), onTimeout: code(step.onTimeout) },
      counted,
    ),
  };
};
