import { z } from 'zod';
import { code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { warning, type Clause } from '../clause.js';
import { clockOf, reasonOf, type Evaluation } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { chainOf, stepDeadline, stepNamed, stepProblems, stepSchema, type ReviewStep, type Steps } from '../steps.js';
import { cited, codes, type Messages } from '../words.js';
import { rolesThatCannot } from './permissions.js';

/**
 * The steps between a complete form and its effect, one after the other, or side by side. Without a step that applies,
 * a registration takes effect at once. `duplicateCheck`: reviewers see the candidates that weak keys found.
 */
const schema = z.strictObject({
  duplicateCheck: z.boolean().default(false),
  steps: z.array(stepSchema).max(20).default([]),
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
  refers: ({ steps }) => stepProblems(steps, ['review', 'steps']),
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
/** The events that begin to wait. */
const filings: ReadonlySet<string> = new Set(['Registered', 'Resubmitted']);

export const reviewSteps = (e: Evaluation): Steps => ({
  clause: 'review',
  steps: e.policy.document.review.steps,
  clock: clockOf(e, 'review'),
});
/** The steps that this registration has to pass; none: it takes effect at once. */
export const reviewChain = (
  e: Evaluation,
  given: { readonly class: string; readonly values: Readonly<Record<string, string | number | boolean>> },
): readonly ReviewStep[] => chainOf(e, reviewSteps(e), given);
/** A step by its name: the chain was settled when the registration was filed. */
export const reviewStep = (e: Evaluation, name: string): ReviewStep => stepNamed(e, reviewSteps(e), name);

/** The reason of a registration that takes effect without a review. */
export const effectiveAtOnce = (e: Evaluation, name: string): Reason =>
  reasonOf(e, 'review', e.policy.document.review, { class: code(name), steps: 0 });

/** Why a step is waited for, until when, and on which calendar that was counted. */
export const stageReason = (e: Evaluation, name: string, startedAt: Instant): Reason => {
  const { because } = reviewDeadline(e, reviewStep(e, name), startedAt);
  return { ...because, rules: [...new Set([...codes(e.policy.document.review.rule ?? []), ...because.rules])] };
};

/** By when a step of the review has to be taken; undefined: it waits for ever. */
export const reviewDeadline = (
  e: Evaluation,
  step: ReviewStep,
  startedAt: Instant,
): { readonly at: Instant | undefined; readonly because: Reason } => stepDeadline(e, reviewSteps(e), step, startedAt);
