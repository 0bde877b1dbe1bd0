import { z } from 'zod';
import { code, type Code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { cited, codes, durationSchema, lengthFacts, nameSchema, oneOrMore } from '../words.js';

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
 * for its review
 * (`pendingSecondClaim`), when it ranks before a protected one but is recorded after it (`lateArrival`), when it comes
 * from the same party (`ownRepeat`).
 */
export const collisionSchema = z.strictObject({
  secondClaim: choice(['refuse', 'case']),
  pendingSecondClaim: choice(['queue', 'refuse', 'case']),
  lateArrival: choice(['overturn', 'case', 'refuse']),
  ownRepeat: choice(['refuse', 'renew']),
  case: z
    .strictObject({
      arbiters: oneOrMore(nameSchema),
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
});

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
  const rule = e.policy.document.collision[situation];
  return {
    outcome: rule.outcome as Outcomes[S],
    because: reasonOf(e, `collision.${situation}`, rule, { outcome: code(rule.outcome) }),
  };
};

export interface CaseRules {
  readonly arbiters: readonly Code[];
  readonly outcomes: readonly (typeof verdictOutcomes)[number][];
  readonly criteria: readonly Code[];
  readonly because: Reason;
}
/** Who arbitrates and what may come out. A policy that never opens a case names nobody. */
export const caseRules = (e: Evaluation): CaseRules => {
  const rules = e.policy.document.collision.case;
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
  const rules = e.policy.document.collision.case;
  if (rules?.within === undefined)
    return { at: undefined, because: reasonOf(e, 'collision.case', rules, { raisedAt }) };
  const at = endOf(rules.within, raisedAt, {
    zone: e.policy.timeZone,
    ...(e.calendar === undefined ? {} : { calendar: e.calendar }),
  });
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
