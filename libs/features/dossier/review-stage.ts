import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { reviewChain, reviewDeadline, reviewStep, type ReviewStep } from '#policy/clauses/review.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { ReviewStage } from './events.js';

export interface StageOf {
  readonly class: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly startedAt: Instant;
}

const stage = (evaluation: Evaluation, step: ReviewStep, chain: readonly Code[], startedAt: Instant): ReviewStage => {
  const { at } = reviewDeadline(evaluation, step, startedAt);
  return {
    step: step.name,
    index: chain.indexOf(step.name),
    chain,
    roles: step.roles,
    ...(at === undefined ? {} : { dueAt: at }),
    onTimeout: step.onTimeout,
  };
};

/** The first step that must be taken, or none: the filing takes effect by itself. */
export const firstStage = (evaluation: Evaluation, { startedAt, ...of }: StageOf): ReviewStage | undefined => {
  const steps = reviewChain(evaluation, of);
  return steps[0] === undefined
    ? undefined
    : stage(
        evaluation,
        steps[0],
        steps.map(({ name }) => name),
        startedAt,
      );
};
/**
 * The same step waited for anew: whoever must take it has the whole time again, and a deadline of the past decides
 * nothing now.
 */
export const stageAgain = (
  evaluation: Evaluation,
  { chain, step, roles, onTimeout }: ReviewStage,
  startedAt: Instant,
): ReviewStage => ({
  ...stage(evaluation, reviewStep(evaluation, step), chain, startedAt),
  roles,
  ...(onTimeout === 'none' ? { dueAt: undefined, onTimeout } : {}),
});
/** The steps are those that applied at filing: a value that changes meanwhile, or is erased, adds and drops none. */
export const stageAfter = (
  evaluation: Evaluation,
  { chain, index }: ReviewStage,
  startedAt: Instant,
): ReviewStage | undefined => {
  const next = chain[index + 1];
  return next === undefined ? undefined : stage(evaluation, reviewStep(evaluation, next), chain, startedAt);
};
