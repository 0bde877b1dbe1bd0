import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { reviewChain, reviewDeadline, reviewStep } from '#policy/clauses/review.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { ReviewStage } from './events.js';

export interface StageOf {
  readonly class: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly startedAt: Instant;
}

/** The stage at a place of the chain: one step, or all that stand open side by side with it. */
const stage = (
  evaluation: Evaluation,
  chain: readonly Code[],
  index: number,
  startedAt: Instant,
): ReviewStage | undefined => {
  const name = chain[index];
  if (name === undefined) return undefined;
  const first = reviewStep(evaluation, name);
  const open = chain
    .slice(index)
    .filter((each) => first.together !== undefined && reviewStep(evaluation, each).together === first.together);
  const { at } = reviewDeadline(evaluation, first, startedAt);
  return {
    step: first.name,
    index: index + Math.max(open.length, 1) - 1,
    chain,
    roles: open.length > 1 ? rolesOf(evaluation, open) : first.roles,
    ...(at === undefined ? {} : { dueAt: at }),
    onTimeout: first.onTimeout,
    ...(open.length > 1 ? { open } : {}),
  };
};
const rolesOf = (evaluation: Evaluation, steps: readonly Code[]): readonly Code[] => [
  ...new Set(steps.flatMap((step) => reviewStep(evaluation, step).roles)),
];

/** The first step that must be taken, or none: the filing takes effect by itself. */
export const firstStage = (evaluation: Evaluation, { startedAt, ...of }: StageOf): ReviewStage | undefined =>
  stage(
    evaluation,
    reviewChain(evaluation, of).map(({ name }) => name),
    0,
    startedAt,
  );
/**
 * The same step waited for anew: whoever must take it has the whole time again, and a deadline of the past decides
 * nothing now.
 */
export const stageAgain = (evaluation: Evaluation, waited: ReviewStage, startedAt: Instant): ReviewStage => {
  const { dueAt: _, ...same } = waited;
  const { at } = reviewDeadline(evaluation, reviewStep(evaluation, waited.step), startedAt);
  return { ...same, ...(waited.onTimeout === 'none' || at === undefined ? {} : { dueAt: at }) };
};

/** The step that whoever holds these roles takes: of several that stand open, the first that is theirs. */
export const stepTakenBy = (evaluation: Evaluation, { step, open }: ReviewStage, roles: readonly string[]): Code =>
  open?.find((each) => reviewStep(evaluation, each).roles.some((role) => roles.includes(role))) ?? step;

/**
 * What is waited for after a step said yes: the others that stand open beside it, or the next. The steps are those that
 * applied at filing: a value that changes meanwhile, or is erased, adds and drops none.
 */
export const stageAfter = (
  evaluation: Evaluation,
  waited: ReviewStage,
  taken: Code,
  startedAt: Instant,
): ReviewStage | undefined => {
  const [step, ...more] = (waited.open ?? []).filter((each) => each !== taken);
  if (step === undefined) return stage(evaluation, waited.chain, waited.index + 1, startedAt);
  const { open: _, ...same } = waited;
  const left = [step, ...more];
  return { ...same, step, roles: rolesOf(evaluation, left), ...(more.length === 0 ? {} : { open: left }) };
};
