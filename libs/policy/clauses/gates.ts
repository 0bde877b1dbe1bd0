import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code } from '#event-sourcing/vocabulary.js';
import type { Clause } from '../clause.js';
import type { ConditionFacts } from '../facts.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { factConditionSchema, nameOf } from '../naming.js';
import { appliesTo, classFilter, isAmong, whoSchema, type Caller } from '../whom.js';
import { cited, labelSchema, nameSchema, oneOrMore, type Messages } from '../words.js';

/** Acts that a gate may stand before. A deal is a fact of money: no gate ever refuses that it is recorded. */
export const gatedOperations = [
  'register',
  'recordVisit',
  'recordFollowUp',
  'recordDeposit',
  'requestExtension',
  'approve',
  'transfer',
] as const;

/** What must be so before something is done: refused, with the policy's own words, while it is not. */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      before: oneOrMore(nameOf('act')),
      needs: factConditionSchema('What must be so.'),
      says: labelSchema.describe('What whoever comes too early is told.'),
      for: whoSchema.optional().describe('Only for these; without it, for everybody.'),
      ...classFilter,
      ...cited,
    }),
  )
  .max(60)
  .optional();

const refusals = {
  GateClosed: { zh: '尚不能进行{gate?：}{gate}。', en: 'It is too early for this{gate?: }{gate}.' },
} as const satisfies Messages;

export const gates: Clause<'gates', typeof schema, typeof refusals> = {
  name: 'gates',
  schema,
  binds: 'event',
  items: { by: ['name'] },
  says: { reason: { zh: '先决条件：{item}', en: 'Condition: {item}' }, refusals },
  declares: (items) => items.map(({ name, says }) => ({ kind: 'gate' as const, name, title: says, path: ['gates'] })),
};

/** Every gate before an act that is closed to this caller. */
export const closedGates = (
  e: Evaluation,
  given: {
    readonly act: string;
    readonly class: string;
    readonly values: Readonly<Record<string, unknown>>;
    readonly who: Caller;
    readonly facts: ConditionFacts;
  },
): readonly Rejection[] => {
  const before = (e.policy.document.gates ?? []).filter(
    (gate) =>
      gate.before.includes(given.act) &&
      appliesTo(gate, given.class) &&
      (gate.for === undefined || isAmong(gate.for, given.who)),
  );
  if (before.length === 0) return [];
  const holds = e.policy.conditions.over(given.values, given.facts, false);
  return before
    .filter(({ needs }) => !holds(needs))
    .map((gate) => ({
      reason: 'GateClosed',
      because: [reasonOf(e, `gates.${gate.name}`, gate, { needs: code(gate.needs) })],
      accepted: { gate: code(gate.name) },
    }));
};
