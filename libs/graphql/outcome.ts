import type { Type } from '@nestjs/common';
import { createUnionType, Extensions, Field, ID, ObjectType } from '@nestjs/graphql';
import type { Refusal } from '#event-sourcing/decision.js';
import type { Reason } from '#event-sourcing/vocabulary.js';
import { BilingualText } from './bilingual-text.js';
import { DerivedFactsScalar, PositionTokenScalar } from './scalars.js';

/** What a list in an answer may hold at most; longer ones are cut. */
export const reasonsMax = 20;
/** Clauses that one reason or one event rests on. */
export const becauseMax = 8;
export const rulesMax = 10;

@ObjectType({ description: 'The clause that a ruling rests on, as it stood then. / 裁定所依据的条款（当时版本）。' })
export class Because {
  @Field(() => String, { description: 'policy@version#digest' }) policy!: string;
  @Field(() => String, { description: 'Path in the policy document. / 条款在制度文件中的路径。' }) clause!: string;
  @Field(() => String, { description: 'Version of what the clause means: protection/1. / 条款含义的版本。' })
  meaning!: string;
  @Extensions({ listMax: rulesMax })
  @Field(() => [String], { description: 'Rule ids of the regime. / 规则编号。' })
  rules!: string[];
  @Field(() => DerivedFactsScalar, { description: 'The derived facts it was computed from. / 推导出的事实。' })
  inputs!: unknown;
}

@ObjectType({ description: 'One reason for a refusal. / 一条拒绝理由。' })
export class RefusalReason {
  @Field(() => String, { description: 'For programs; never changes its meaning. / 机器可读代码。' }) code!: string;
  @Field(() => BilingualText) message!: BilingualText;
  @Field(() => String, { nullable: true, description: 'The field of the input to change. / 需要修改的字段。' })
  field?: string;
  @Extensions({ listMax: rulesMax })
  @Field(() => [String])
  rules!: string[];
  @Extensions({ listMax: becauseMax })
  @Field(() => [Because])
  because!: Because[];
  @Field(() => DerivedFactsScalar, { nullable: true, description: 'What would be accepted. / 可接受的取值。' })
  accepted?: unknown;
}

@ObjectType({
  description:
    'Nothing was done, and why. Recorded: the same command id gets this answer again. / 已拒绝并留痕；同一命令编号得到同一答复。',
})
export class Refused {
  @Extensions({ listMax: reasonsMax })
  @Field(() => [RefusalReason])
  reasons!: RefusalReason[];
  @Field(() => PositionTokenScalar) position!: string;
}

@ObjectType({
  description:
    'Nobody knows yet whether it was done. Send the same command id again to learn it. / 结果未知，请用同一命令编号重试。',
})
export class Indeterminate {
  @Field(() => ID) commandId!: string;
}

/** The words for a rejection, by its code; features keep theirs beside their deciders. */
export type RefusalText = (rejection: Refusal) => { readonly zh: string; readonly en: string };

export const becauseOf = ({ policy, clause, meaning, rules, inputs }: Reason): Because => ({
  policy,
  clause,
  meaning,
  rules: rules.slice(0, rulesMax).map(String),
  inputs,
});

/** `ProtectedByAnother` in events and policies, `PROTECTED_BY_ANOTHER` for clients. */
export const upperSnake = (reason: string): string => reason.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();

const refusalReason = (rejection: Refusal, text: RefusalText): RefusalReason => {
  const because = (rejection.because ?? []).slice(0, becauseMax).map(becauseOf);
  return {
    code: upperSnake(rejection.reason),
    message: { ...text(rejection) },
    rules: [...new Set(because.flatMap(({ rules }) => rules))].slice(0, rulesMax),
    because,
    ...(rejection.field === undefined ? {} : { field: rejection.field }),
    ...(rejection.accepted === undefined ? {} : { accepted: rejection.accepted }),
  };
};

/** The `Refused` member of a mutation's union. `position`: token of the recorded refusal. */
export const refused = (rejections: readonly Refusal[], text: RefusalText, position: string): Refused =>
  Object.assign(new Refused(), {
    reasons: rejections.slice(0, reasonsMax).map((rejection) => refusalReason(rejection, text)),
    position,
  });

/** The `Indeterminate` member. */
export const indeterminate = (commandId: string): Indeterminate => Object.assign(new Indeterminate(), { commandId });

/**
 * `<name>Result` = done | Refused | Indeterminate. Members are told apart by their class, or by `__typename` on a plain
 * object.
 * Resolvers answer with an instance of `done`, `refused(…)` or `indeterminate(…)`.
 */
export const resultOf = <Done extends object>(name: string, done: Type<Done>) =>
  createUnionType({
    name: `${name}Result`,
    types: () => [done, Refused, Indeterminate] as const,
    resolveType: (value: object & { readonly __typename?: string }) => {
      if (value instanceof Refused || value.__typename === 'Refused') return Refused;
      return value instanceof Indeterminate || value.__typename === 'Indeterminate' ? Indeterminate : done;
    },
  });
