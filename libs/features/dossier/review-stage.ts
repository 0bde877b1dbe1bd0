import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { reviewSteps } from '#policy/clauses/review.js';
import type { Evaluation } from '#policy/evaluation.js';
import { chainOf, stepDeadline, stepNamed, type Steps } from '#policy/steps.js';
import type { ReviewStage } from './events.js';

export interface StageOf {
  readonly class: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly startedAt: Instant;
}

/** The stage at a place of the chain: one step, or all that stand open side by side with it. */
const stage = (
  evaluation: Evaluation,
  steps: Steps,
  { chain, index, startedAt }: { readonly chain: readonly Code[]; readonly index: number; readonly startedAt: Instant },
): ReviewStage | undefined => {
  const name = chain[index];
  if (name === undefined) return undefined;
  const first = stepNamed(evaluation, steps, name);
  const open = chain
    .slice(index)
    .filter((each) => first.together !== undefined && stepNamed(evaluation, steps, each).together === first.together);
  const { at } = stepDeadline(evaluation, steps, first, startedAt);
  return {
    step: first.name,
    index: index + Math.max(open.length, 1) - 1,
    chain,
    roles: open.length > 1 ? rolesOf(evaluation, steps, open) : first.roles,
    ...(at === undefined ? {} : { dueAt: at }),
    onTimeout: first.onTimeout,
    ...(open.length > 1 ? { open } : {}),
  };
};
const rolesOf = (evaluation: Evaluation, steps: Steps, names: readonly Code[]): readonly Code[] => [
  ...new Set(names.flatMap((name) => stepNamed(evaluation, steps, name).roles)),
];

/** The first step that must be taken, or none: the filing takes effect by itself. */
export const firstStage = (
  evaluation: Evaluation,
  { startedAt, ...of }: StageOf,
  steps = reviewSteps(evaluation),
): ReviewStage | undefined =>
  stage(evaluation, steps, { chain: chainOf(evaluation, steps, of).map(({ name }) => name), index: 0, startedAt });
/**
 * The same step waited for anew: whoever must take it has the whole time again, and a deadline of the past decides
 * nothing now.
 */
export const stageAgain = (evaluation: Evaluation, waited: ReviewStage, startedAt: Instant): ReviewStage => {
  const { dueAt: _, ...same } = waited;
  const steps = reviewSteps(evaluation);
  const { at } = stepDeadline(evaluation, steps, stepNamed(evaluation, steps, waited.step), startedAt);
  return { ...same, ...(waited.onTimeout === 'none' || at === undefined ? {} : { dueAt: at }) };
};

/** The step that whoever holds these roles takes: of several that stand open, the first that is theirs. */
export const stepTakenBy = (
  evaluation: Evaluation,
  { step, open }: ReviewStage,
  roles: readonly string[],
  steps = reviewSteps(evaluation),
): Code => open?.find((each) => stepNamed(evaluation, steps, each).roles.some((role) => roles.includes(role))) ?? step;

/**
 * What is waited for after a step said yes: the others that stand open beside it, or the next. The steps are those that
 * applied at filing: a value that changes meanwhile, or is erased, adds and drops none.
 */
export const stageAfter = (
  evaluation: Evaluation,
  waited: ReviewStage,
  taken: Code,
  startedAt: Instant,
  steps = reviewSteps(evaluation),
): ReviewStage | undefined => {
  const [step, ...more] = (waited.open ?? []).filter((each) => each !== taken);
  if (step === undefined) return stage(evaluation, steps, { chain: waited.chain, index: waited.index + 1, startedAt });
  const { open: _, ...same } = waited;
  const left = [step, ...more];
  return { ...same, step, roles: rolesOf(evaluation, steps, left), ...(more.length === 0 ? {} : { open: left }) };
};
