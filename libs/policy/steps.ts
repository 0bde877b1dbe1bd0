import { z } from 'zod';
import { code, type Code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf, type ClockSetting, type Duration } from '#time/clock.js';
import { unsound, type Unsound } from './clause.js';
import { PolicyMisuse, reasonOf, type Evaluation } from './evaluation.js';
import { durationSchema, lengthFacts } from './lengths.js';
import { conditionSchema, nameOf } from './naming.js';
import type { Path } from './reading.js';
import { appliesTo, classFilter } from './whom.js';
import { cited, codes, labelSchema, nameSchema, oneOrMore } from './words.js';

/** What the clock does when a step is not taken in time. */
export const timeouts = ['approve', 'reject', 'escalate', 'none'] as const;

/** One after the other, or side by side, somebody says yes or no: to a filing, or to what somebody requests. */
export const stepSchema = z.strictObject({
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
});
export type Step = z.output<typeof stepSchema>;

/** Steps of one chain, what its reasons are called, and how its deadlines count. */
export interface Steps {
  readonly clause: string;
  readonly steps: readonly Step[];
  readonly clock: ClockSetting;
}

export const stepProblems = (steps: readonly Step[], path: Path): readonly Unsound[] => [
  ...unequalGroups(steps, path),
  ...steps.flatMap(({ onTimeout, within, escalatesTo }, index) => [
    ...(onTimeout !== 'none' && within === undefined
      ? [unsound('TimeoutWithoutDeadline', [...path, index], '有 onTimeout 就须有 within。', 'onTimeout needs within.')]
      : []),
    ...((onTimeout === 'escalate') === (escalatesTo !== undefined)
      ? []
      : [
          unsound(
            'EscalationUnclear',
            [...path, index],
            'onTimeout: escalate 与 escalatesTo 须同时出现。',
            'onTimeout: escalate and escalatesTo belong together.',
          ),
        ]),
  ]),
];

/** Steps side by side have one deadline, for the classes they share, and stand next to each other. */
const unequalGroups = (steps: readonly Step[], path: Path): readonly Unsound[] =>
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
            [...path, index, 'together'],
            '同一组（together）的步骤须相邻，class、when、within、onTimeout 相同，且不升级。',
            'Steps of one `together` stand next to each other, with the same class, when, within and onTimeout, and do not escalate.',
          ),
        ];
  });

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

const asStep = (step: Step, index: number, of: number, because: Reason): ReviewStep => ({
  name: code(step.name),
  index,
  of,
  roles: codes(step.roles),
  onTimeout: step.onTimeout,
  escalatesTo: codes(step.escalatesTo ?? []),
  together: step.together,
  opinion: step.opinion,
  ...(step.within === undefined ? {} : { within: step.within }),
  because,
});

/** The steps that have to be passed for these values. */
export const chainOf = (
  e: Evaluation,
  { clause, steps: all }: Steps,
  given: { readonly class: string; readonly values: Readonly<Record<string, string | number | boolean>> },
): readonly ReviewStep[] => {
  const holds = e.policy.conditions.over(given.values);
  const steps = all.filter((step) => appliesTo(step, given.class) && (step.when === undefined || holds(step.when)));
  return steps.map((step, index) =>
    asStep(
      step,
      index,
      steps.length,
      reasonOf(e, `${clause}.${step.name}`, step, { class: code(given.class), roles: codes(step.roles) }),
    ),
  );
};

/** A step by its name, whether or not its condition holds now: the chain was settled when it began. */
export const stepNamed = (e: Evaluation, { clause, steps }: Steps, name: string): ReviewStep => {
  const step = steps.find((each) => each.name === name);
  if (step === undefined) throw new PolicyMisuse(`${e.policy.reference} has no step ${name} under ${clause}`);
  return asStep(step, 0, 1, reasonOf(e, `${clause}.${step.name}`, step, { roles: codes(step.roles) }));
};

/**
 * By when a step has to be taken (exclusive); undefined: it waits for ever. Throws UnknownYearError when it counts
 * working days of a year nobody published.
 */
export const stepDeadline = (
  e: Evaluation,
  { clock }: Steps,
  step: ReviewStep,
  startedAt: Instant,
): { readonly at: Instant | undefined; readonly because: Reason } => {
  if (step.within === undefined) return { at: undefined, because: step.because };
  const at = endOf(step.within, startedAt, clock);
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
