import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type Code, type Reason } from '#event-sourcing/vocabulary.js';
import { error, unsound, type Clause, type Finding } from '../clause.js';
import { fieldsAskedIn } from '../condition.js';
import type { PolicyDocument } from '../document.js';
import type { ConditionFacts } from '../facts.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { factConditionSchema, nameOf } from '../naming.js';
import { isPersonal } from '../field.js';
import { ownFieldsOf } from '../own-fields.js';
import type { Path } from '../reading.js';
import { tablesCited } from '../tables-at-hand.js';
import { appliesTo, classFilter, isAmong, whoSchema, type Caller } from '../whom.js';
import { cited, labelSchema, nameSchema, oneOrMore, type Messages } from '../words.js';

/** Acts that a gate may stand before. */
export const gatedOperations = [
  'register',
  'recordVisit',
  'recordFollowUp',
  'recordDeposit',
  'requestExtension',
  'approve',
  'transfer',
  'recordDeal',
  'amendRegistration',
] as const;
/** Facts of money: they happened, and are recorded whatever a gate says. It may only flag them. */
const ofMoney: ReadonlySet<string> = new Set(['recordDeposit', 'recordDeal']);
/** An authority's own rulings: it refuses them or makes them, and is not flagged for what it decided. */
const ofAuthority: ReadonlySet<string> = new Set(['approve', 'transfer']);

/** What must be so before something is done: while it is not, it is refused with the policy's own words, or flagged. */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      before: oneOrMore(nameOf('act')),
      needs: factConditionSchema('What must be so.'),
      otherwise: z
        .enum(['refuse', 'flag'])
        .default('refuse')
        .describe('flag: it is taken, and marked with a flag that has the name of the gate.'),
      says: labelSchema.describe('What whoever comes too early is told, and what the flag is called.'),
      for: whoSchema.optional().describe('Only for these; without it, for everybody.'),
      ...classFilter,
      ...cited,
    }),
  )
  .max(60)
  .optional();

/** What was taken although a rule of the policy was not met. */
export interface Raised {
  readonly flag: Code;
  readonly because: Reason;
}

const refusals = {
  GateClosed: { zh: '尚不能进行{gate?：}{gate}。', en: 'It is too early for this{gate?: }{gate}.' },
} as const satisfies Messages;

export const gates: Clause<'gates', typeof schema, typeof refusals> = {
  name: 'gates',
  schema,
  binds: 'event',
  items: { by: ['name'] },
  says: { reason: { zh: '先决条件：{item}', en: 'Condition: {item}' }, refusals },
  declares: (items) =>
    items.map(({ name, says, otherwise }) => ({
      kind: otherwise === 'flag' ? ('flag' as const) : ('gate' as const),
      name,
      title: says,
      path: ['gates'],
    })),
  refers: (items) =>
    items.flatMap(({ before, otherwise }, index) => {
      const [wrong, ...rest] = before.filter((act) => (otherwise === 'refuse' ? ofMoney : ofAuthority).has(act));
      if (wrong === undefined) return [];
      const acts = [wrong, ...rest].join(', ');
      return [
        otherwise === 'refuse'
          ? unsound(
              'MoneyRefused',
              ['gates', index, 'before'],
              `收款与成交是事实，不得拒绝登记（${acts}）：请写 otherwise: flag。`,
              `Money that was received and deals are facts, and never refused (${acts}): write otherwise: flag.`,
            )
          : unsound(
              'RulingFlagged',
              ['gates', index, 'before'],
              `裁定只能拒绝，不能打标记（${acts}）。`,
              `A ruling is refused, or made: it is not flagged (${acts}).`,
            ),
      ];
    }),
  lints: (items, document) =>
    (items ?? []).flatMap(({ before, needs }, index) => {
      const asked = [...fieldsAskedIn(needs)];
      return before.flatMap((act) => asked.flatMap((field) => unread(document, act, field, ['gates', index, 'needs'])));
    }),
  again: ({ e, inputs }, name) => {
    const gate = e.policy.document.gates?.find((each) => each.name === name);
    return gate === undefined ? undefined : becauseOf(e, gate, inputs['tables'] as readonly Code[] | undefined);
  },
};
/** A field that a gate asks and that says nothing there, or that may be either of two. */
const unread = (document: PolicyDocument, act: string, field: string, path: Path): readonly Finding[] => {
  const filed = document.form.flatMap(({ fields }) => fields).filter(({ name }) => name === field);
  const isOwn = ownFieldsOf(document, act)?.fields.some(({ name }) => name === field) === true;
  if (isOwn)
    return filed.length === 0
      ? []
      : [
          error(
            'FieldAmbiguous',
            path,
            `字段“${field}”既在报备表中，又在“${act}”中填写：请改用不同的名称。`,
            `The field "${field}" is filed, and filled in with "${act}" too: give one of them another name.`,
          ),
        ];
  if (filed.length === 0)
    return [
      error(
        'FieldNotFilled',
        path,
        `“${act}”之前没有人填写字段“${field}”。`,
        `Nobody has filled in the field "${field}" before "${act}".`,
      ),
    ];
  return act === 'register' || !filed.some(isPersonal)
    ? []
    : [
        error(
          'FieldSealed',
          path,
          `字段“${field}”报备后即加密，“${act}”之前读不到它。`,
          `The field "${field}" is sealed once it is filed: it cannot be read before "${act}".`,
        ),
      ];
};
type Gate = NonNullable<z.output<typeof schema>>[number];
/** `tables`: the versions of those that the condition looked into. */
const becauseOf = (e: Evaluation, gate: Gate, tables?: readonly Code[]): Reason =>
  reasonOf(e, `gates.${gate.name}`, gate, { needs: code(gate.needs), tables });

export interface GatedAct {
  readonly act: string;
  readonly class: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly who: Caller;
  readonly facts: ConditionFacts;
}
/** Every gate before an act that is closed to this caller: what it refuses, and what it only flags. */
export const gatesBefore = (
  e: Evaluation,
  given: GatedAct,
): { readonly closed: readonly Rejection[]; readonly raised: readonly Raised[] } => {
  const before = (e.policy.document.gates ?? []).filter(
    (gate) =>
      gate.before.includes(given.act) &&
      appliesTo(gate, given.class) &&
      (gate.for === undefined || isAmong(gate.for, given.who)),
  );
  if (before.length === 0) return { closed: [], raised: [] };
  const holds = e.policy.conditions.over(given.values, given.facts, false);
  const unmet = before.filter(({ needs }) => !holds(needs));
  const because = (gate: Gate): Reason => becauseOf(e, gate, tablesCited(gate.needs, given.facts.tables));
  return {
    closed: unmet
      .filter(({ otherwise }) => otherwise === 'refuse')
      .map((gate) => ({ reason: 'GateClosed', because: [because(gate)], accepted: { gate: code(gate.name) } })),
    raised: unmet
      .filter(({ otherwise }) => otherwise === 'flag')
      .map((gate) => ({ flag: code(gate.name), because: because(gate) })),
  };
};

/** Of the grants that are good for one act those without which a gate before this act would be closed, or flag it. */
export const grantsUsed = (e: Evaluation, given: GatedAct, once: readonly string[]): readonly string[] => {
  const granted = new Set(given.facts.granted);
  const unmet = (): number => {
    const { closed, raised } = gatesBefore(e, { ...given, facts: { ...given.facts, granted } });
    return closed.length + raised.length;
  };
  const unmetAnyway = unmet();
  return once.filter((name) => {
    granted.delete(name);
    const isNeeded = unmet() > unmetAnyway;
    if (isNeeded) granted.add(name);
    return isNeeded;
  });
};
