import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type Code, type Reason } from '#event-sourcing/vocabulary.js';
import { unsound, type Clause } from '../clause.js';
import type { ConditionFacts } from '../facts.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { conditionSchema, factConditionSchema, nameOf } from '../naming.js';
import { appliesTo, classFilter, whoSchema } from '../whom.js';
import { cited, codes, labelSchema, nameSchema, type Messages } from '../words.js';
import type { Activity } from './activities.js';

/**
 * Ladders: how far a registration has come. It stands on the first step when it is filed. A step is taken by recording
 * it under the ladder's name, by whoever `by` lets, or by the activity that it is `on`, where `when` says so of what was
 * filled in: that is how a grade is given. `stops`: an activity that ends the registration.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      by: whoSchema.optional().describe('Who takes a step; without it, only activities do.'),
      steps: z
        .array(
          z.strictObject({
            name: nameSchema,
            title: labelSchema,
            on: nameOf('activity').optional(),
            when: factConditionSchema(
              'Over what was recorded, and facts: only then is `on` this step; without it, always.',
            ).optional(),
            needs: factConditionSchema('What must be so before it is taken.').optional(),
            says: labelSchema.optional().describe('What whoever takes it too early is told.'),
            ...cited,
          }),
        )
        .min(2)
        .max(40),
      order: z.enum(['forward', 'any']).default('forward').describe('forward: the next step alone.'),
      stops: z
        .array(
          z.strictObject({
            on: nameOf('activity'),
            when: conditionSchema('Over what was recorded; without it, always.').optional(),
            cause: nameOf('cause'),
            ...cited,
          }),
        )
        .max(20)
        .default([]),
      ...classFilter,
      ...cited,
    }),
  )
  .max(10)
  .optional();
type Ladder = NonNullable<z.output<typeof schema>>[number];

const refusals = {
  StepOutOfOrder: { zh: '须按顺序推进，下一步是：{steps}。', en: 'One step after the other; the next is: {steps}.' },
  StepNotReady: { zh: '尚不能进入“{step}”{says?：}{says}。', en: 'It is too early for "{step}"{says?: }{says}.' },
} as const satisfies Messages;

export const stages: Clause<'stages', typeof schema, typeof refusals> = {
  name: 'stages',
  schema,
  binds: 'filing',
  items: { by: ['name', 'on'], through: ['steps'] },
  says: { reason: { zh: '进度：{item}{step?，}{step}', en: 'Progress: {item}{step?, }{step}' }, refusals },
  declares: (items) => [
    ...items.map(({ name, title }) => ({ kind: 'ladder' as const, name, title, path: ['stages'] })),
    ...items.flatMap(({ steps }, index) =>
      steps.map(({ name, title }) => ({ kind: 'step' as const, name, title, path: ['stages', index, 'steps'] })),
    ),
  ],
  refers: (items) =>
    items.flatMap(({ name, by, steps }, index) =>
      by === undefined && steps.slice(1).some(({ on }) => on === undefined)
        ? [
            unsound(
              'StepUnreachable',
              ['stages', index],
              `“${name}”须写明 by（谁推进），或每一步的 on。`,
              `"${name}" needs by (who takes a step), or an activity (on) for every step.`,
            ),
          ]
        : [],
    ),
  again: ({ e, inputs }, name) => {
    const ladder = e.policy.document.stages?.find((each) => each.name === name);
    const step = ladder?.steps.find((each) => each.name === inputs['step']);
    if (ladder !== undefined && step !== undefined) return taken(e, { ladder, step }).because;
    const stop = ladder?.stops.find(({ cause }) => cause === inputs['cause']);
    if (ladder !== undefined && stop !== undefined) return stopped(e, { ladder, stop }).because;
    // Recorded under its own name, it rests on the ladder alone.
    return ladder === undefined ? undefined : reasonOf(e, `stages.${name}`, ladder);
  },
};

/** The steps of a ladder are recorded like an activity, whose form is the step. */
export const ladderActivities = (ladders: z.output<typeof schema>): readonly (Activity & { readonly ladder: true })[] =>
  (ladders ?? []).flatMap(({ name, title, by, steps, class: names, rule }) =>
    by === undefined
      ? []
      : [
          {
            name,
            title,
            by,
            ladder: true as const,
            about: 'registration' as const,
            fields: [
              {
                name: 'step',
                type: 'choice' as const,
                label: { zh: '步骤', en: 'Step' },
                required: true,
                partial: false,
                choices: steps.map((step) => ({ value: step.name, label: step.title })),
              },
            ],
            rows: [],
            attachments: [],
            checks: [],
            ...(names === undefined ? {} : { class: names }),
            ...(rule === undefined ? {} : { rule }),
          },
        ],
  );

export interface StageInput {
  readonly class: string;
  /** The activity, or the ladder whose step is taken. */
  readonly activity: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly facts: ConditionFacts;
}
export interface StageTaken {
  readonly ladder: Code;
  readonly step: Code;
  readonly because: Reason;
}
export type Moved =
  | { readonly moved: true; readonly taken: readonly StageTaken[]; readonly stopped?: Stopped | undefined }
  | { readonly moved: false; readonly rejections: readonly [Rejection, ...Rejection[]] };
export interface Stopped {
  readonly cause: Code;
  readonly because: Reason;
}

/** Where a ladder stands that nobody has moved; undefined: the policy has no such ladder. */
export const firstStep = (e: Evaluation, ladder: string): Code | undefined => {
  const first = e.policy.document.stages?.find(({ name }) => name === ladder)?.steps[0];
  return first === undefined ? undefined : code(first.name);
};

/** What recording an activity does to the ladders, or why the step cannot be taken. */
export const stagesOn = (e: Evaluation, given: StageInput): Moved => {
  const holds = e.policy.conditions.over(given.values, given.facts, false);
  const ladders = (e.policy.document.stages ?? []).filter((item) => appliesTo(item, given.class));
  const steps = ladders.flatMap((ladder): readonly Step[] => {
    const wanted = ladder.name === given.activity ? String(given.values['step']) : undefined;
    return ladder.steps
      .filter(({ name, on, when }) => name === wanted || (on === given.activity && (when === undefined || holds(when))))
      .filter(({ name }) => name !== standsOn(ladder, given.facts))
      .map((step) => ({ ladder, step }));
  });
  const [first, ...more] = steps.flatMap((each) => tooEarly(e, each, given));
  if (first !== undefined) return { moved: false, rejections: [first, ...more] };
  return { moved: true, taken: steps.map((each) => taken(e, each)), stopped: stopOn(e, ladders, given) };
};
interface Step {
  readonly ladder: Ladder;
  readonly step: Ladder['steps'][number];
}
/** A ladder begins on its first step. */
const standsOn = ({ name, steps }: Ladder, { stages: known }: ConditionFacts): string =>
  known.get(name) ?? steps[0]!.name;

const tooEarly = (e: Evaluation, { ladder, step }: Step, given: StageInput): readonly Rejection[] => {
  const place = ladder.steps.findIndex(({ name }) => name === standsOn(ladder, given.facts));
  const next = ladder.steps[place + 1];
  const clause = `stages.${ladder.name}`;
  const rule = { rule: [...new Set([...(ladder.rule ?? []), ...(step.rule ?? [])])] };
  if (ladder.order === 'forward' && step !== next)
    return [
      {
        reason: 'StepOutOfOrder',
        field: 'step',
        because: [reasonOf(e, clause, rule, { step: code(step.name), on: code(standsOn(ladder, given.facts)) })],
        accepted: { steps: codes(next === undefined ? [] : [next.name]) },
      },
    ];
  return step.needs === undefined || e.policy.conditions.over(given.values, given.facts, false)(step.needs)
    ? []
    : [
        {
          reason: 'StepNotReady',
          field: 'step',
          because: [reasonOf(e, `${clause}.${step.name}`, rule, { needs: code(step.needs) })],
          accepted: { step: code(step.name) },
        },
      ];
};
const taken = (e: Evaluation, { ladder, step }: Step): StageTaken => ({
  ladder: code(ladder.name),
  step: code(step.name),
  because: reasonOf(
    e,
    `stages.${ladder.name}`,
    { rule: [...new Set([...(ladder.rule ?? []), ...(step.rule ?? [])])] },
    { step: code(step.name) },
  ),
});
const stopOn = (e: Evaluation, ladders: readonly Ladder[], given: StageInput): Stopped | undefined => {
  const holds = e.policy.conditions.over(given.values);
  const found = ladders
    .flatMap((ladder) => ladder.stops.map((stop) => ({ ladder, stop })))
    .find(({ stop: { on, when } }) => on === given.activity && (when === undefined || holds(when)));
  return found === undefined ? undefined : stopped(e, found);
};
const stopped = (
  e: Evaluation,
  { ladder, stop }: { readonly ladder: Ladder; readonly stop: Ladder['stops'][number] },
): Stopped => ({
  cause: code(stop.cause),
  because: reasonOf(e, `stages.${ladder.name}`, stop, { cause: code(stop.cause) }),
});
