import { z } from 'zod';
import { code, type Code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { neverFires, unsound, type Clause } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { clockOf, PolicyMisuse, reasonOf, type Evaluation } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { nameOf } from '../naming.js';
import { rolesThatCannot } from './permissions.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { cited, codes, nameSchema, oneOrMore } from '../words.js';

const choice = <const O extends readonly [string, ...string[]]>(outcomes: O) =>
  z
    .union([z.enum(outcomes), z.strictObject({ outcome: z.enum(outcomes), ...cited })])
    .transform((given): { readonly outcome: O[number]; readonly rule?: string[] | undefined } =>
      typeof given === 'string'
        ? { outcome: given as O[number] }
        : (given as { outcome: O[number]; rule?: string[] | undefined }),
    );

export const verdictOutcomes = ['assign', 'split', 'release', 'bothVoid'] as const;

/**
 * What a second claim on a subject meets, by situation: while another is protected (`secondClaim`), while another waits
 * for its review (`pendingSecondClaim`), when it ranks before a protected one but is recorded after it (`lateArrival`),
 * when it comes from the same party (`ownRepeat`), when its keys lead to several subjects that others have claims on
 * (`possibleSameSubject`).
 */
const schema = z
  .strictObject({
    secondClaim: choice(['refuse', 'case']),
    pendingSecondClaim: choice(['queue', 'refuse', 'case']),
    lateArrival: choice(['overturn', 'case', 'refuse']),
    ownRepeat: choice(['refuse', 'renew']),
    possibleSameSubject: choice(['case', 'refuse'])
      .optional()
      .describe('Without it: a case where the policy opens cases at all, otherwise the filing is refused.'),
    case: z
      .strictObject({
        arbiters: oneOrMore(nameOf('role')),
        outcomes: oneOrMore(z.enum(verdictOutcomes)),
        criteria: z
          .array(nameSchema)
          .max(20)
          .default([])
          .describe("What the arbiter compares, in the paper's order; the judgement stays free."),
        within: durationSchema.optional(),
        ...cited,
      })
      .optional(),
    ...cited,
  })
  .optional();

/** The situations in which a second claim opens a case. */
const opens = ({ collision: given }: PolicyDocument): readonly string[] =>
  (['secondClaim', 'pendingSecondClaim', 'lateArrival', 'possibleSameSubject'] as const).filter(
    (situation) => given?.[situation]?.outcome === 'case',
  );
/** Whether anything at all opens a case: only then is there somebody to arbitrate and a clock to stand still. */
export const opensCases = (document: PolicyDocument): boolean =>
  opens(document).length > 0 || document.objections !== undefined;

export const collision: Clause<'collision', typeof schema> = {
  name: 'collision',
  schema,
  meaning: wholeMonthsSince,
  binds: 'event',
  says: {
    reason: { zh: '撞单：{item}{outcome?，}{outcome}', en: 'Collision: {item}{outcome?, }{outcome}' },
    refusals: {},
    names: {
      assign: { zh: '判归一方', en: 'assign' },
      split: { zh: '分成', en: 'split' },
      release: { zh: '释放', en: 'release' },
      bothVoid: { zh: '双方无效', en: 'both void' },
      refuse: { zh: '不予受理', en: 'refused' },
      case: { zh: '立案裁决', en: 'a case' },
      queue: { zh: '排队待审', en: 'queued' },
      overturn: { zh: '改判', en: 'overturned' },
      renew: { zh: '重新起算', en: 'renewed' },
    },
  },
  refers: (given, document) => {
    const { secondClaim, lateArrival, possibleSameSubject } = given;
    const objected = document.objections !== undefined;
    const stopsClock =
      objected || [secondClaim, lateArrival, possibleSameSubject].some((situation) => situation?.outcome === 'case');
    const causes = [...opens(document), ...(objected ? ['objections'] : [])];
    return [
      ...(causes.length > 0 && given.case === undefined
        ? [
            unsound(
              'CaseMissing',
              ['collision'],
              `${causes.join('、')} 会立案，须写明 case（由谁裁决、有哪些结果）。`,
              `${causes.join(', ')} open a case: say under case who arbitrates and what may come out.`,
            ),
          ]
        : []),
      ...(stopsClock && document.suspension === undefined
        ? [
            unsound(
              'SuspensionMissing',
              ['collision'],
              '立案会影响受保护的报备，须写明 suspension（保护期如何中止）。',
              'A case stops a running clock: say under suspension how.',
            ),
          ]
        : []),
    ];
  },
  lints: (given, document) => [
    ...(document.intake.ranks === 'recordedAt' && given !== undefined && given.lateArrival.outcome !== 'refuse'
      ? [
          neverFires(
            ['collision', 'lateArrival'],
            '按入账时间排序，不会有迟到的较早报备。',
            'Claims are ranked as they are recorded: none can arrive late.',
          ),
        ]
      : []),
    ...(given?.case !== undefined && !opensCases(document)
      ? [neverFires(['collision', 'case'], '没有任何情形会立案。', 'No situation opens a case.')]
      : []),
    ...(given?.possibleSameSubject !== undefined && (document.identity?.strongKeys.length ?? 0) < 2
      ? [
          neverFires(
            ['collision', 'possibleSameSubject'],
            '只有一种强键，不会指向多个客户。',
            'With one strong key alone no form leads to several subjects.',
          ),
        ]
      : []),
    ...rolesThatCannot(document, 'arbitrate', given?.case?.arbiters, ['collision', 'case', 'arbiters']),
  ],
  needs: (given) =>
    given.case === undefined
      ? []
      : [{ operation: 'arbitrate', path: ['collision', 'case'], zh: '会立案裁决', en: 'Cases are opened' }],
  again: ({ e, inputs, reason }, situation) =>
    reason.clause === 'collision.case'
      ? 'raisedAt' in inputs
        ? caseDeadline(e, inputs['raisedAt'] as Instant).because
        : caseRules(e).because
      : situation === 'possibleSameSubject'
        ? possibleSameSubjectRule(e).because
        : collisionRule(e, situation as Situation).because,
};

export type Situation = 'secondClaim' | 'pendingSecondClaim' | 'lateArrival' | 'ownRepeat';
interface Outcomes {
  secondClaim: 'refuse' | 'case';
  pendingSecondClaim: 'queue' | 'refuse' | 'case';
  lateArrival: 'overturn' | 'case' | 'refuse';
  ownRepeat: 'refuse' | 'renew';
}

/** What happens to the claim that comes second. */
export const collisionRule = <S extends Situation>(
  e: Evaluation,
  situation: S,
): { readonly outcome: Outcomes[S]; readonly because: Reason } => {
  const rule = e.policy.document.collision?.[situation];
  if (rule === undefined) throw new PolicyMisuse(`${e.policy.reference} has no claims that could collide`);
  return {
    outcome: rule.outcome as Outcomes[S],
    because: reasonOf(e, `collision.${situation}`, rule, { outcome: code(rule.outcome) }),
  };
};

/**
 * What a form meets whose keys lead to several subjects that others have claims on. Where the policy does not say and
 * somebody arbitrates, that is a question for him; where nobody does, the filer is told.
 */
export const possibleSameSubjectRule = (
  e: Evaluation,
): { readonly outcome: 'case' | 'refuse'; readonly because: Reason } => {
  const { possibleSameSubject: rule, case: arbitrated } = e.policy.document.collision ?? {};
  const outcome = rule?.outcome ?? (arbitrated === undefined ? 'refuse' : 'case');
  return { outcome, because: reasonOf(e, 'collision.possibleSameSubject', rule, { outcome: code(outcome) }) };
};

export interface CaseRules {
  readonly arbiters: readonly Code[];
  readonly outcomes: readonly (typeof verdictOutcomes)[number][];
  readonly criteria: readonly Code[];
  readonly because: Reason;
}
/** Who arbitrates and what may come out. A policy that never opens a case names nobody. */
export const caseRules = (e: Evaluation): CaseRules => {
  const rules = e.policy.document.collision?.case;
  return {
    arbiters: codes(rules?.arbiters ?? []),
    outcomes: rules?.outcomes ?? [],
    criteria: codes(rules?.criteria ?? []),
    because: reasonOf(e, 'collision.case', rules, { arbiters: codes(rules?.arbiters ?? []) }),
  };
};

/** By when a case is to be decided (exclusive); undefined: the policy sets no date. */
export const caseDeadline = (
  e: Evaluation,
  raisedAt: Instant,
): { readonly at: Instant | undefined; readonly because: Reason } => {
  const rules = e.policy.document.collision?.case;
  if (rules?.within === undefined)
    return { at: undefined, because: reasonOf(e, 'collision.case', rules, { raisedAt }) };
  const at = endOf(rules.within, raisedAt, clockOf(e, 'collision'));
  return {
    at,
    because: reasonOf(
      e,
      'collision.case',
      rules,
      { raisedAt, ...lengthFacts(rules.within) },
      'workingDays' in rules.within ? { from: raisedAt, to: at } : undefined,
    ),
  };
};
