import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { record, type OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { shortCode } from '#identity/short-code.js';
import { type PoliciesNamed } from '../../../edge/answers.js';
import { BilingualText } from '#graphql/bilingual-text.js';
import { connectionOf } from '#graphql/connection.js';
import { listMax, ProtectionPeriod, sharesMax, sharesOf, ShareType } from '../../../edge/record-types.js';
import { DerivedFactsScalar, InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { fieldTypesOf, writtenValue, type FieldValue } from '#policy/field.js';
import { registrationStates } from '#policy/selection.js';
import { shown } from '../../../edge/sight.js';
import type { RegistrationState } from '../../events.js';
import { stateAt, type RegistrationCard } from './registration-card.js';

const upper = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
export const RegistrationStateName = Object.fromEntries(
  registrationStates.map((state) => [upper(state), state]),
) as Readonly<Record<string, RegistrationState>>;
registerEnumType(RegistrationStateName, {
  name: 'RegistrationState',
  description:
    'Computed for now: a clock that has run out is over, also before anybody recorded it. / 按当前时刻计算。',
});

const laddersMax = 10;
@ObjectType('LadderStage', { description: 'How far a registration has come on one ladder. / 一项进度。' })
export class LadderType {
  @Field(() => String) ladder!: string;
  @Field(() => String) step!: string;
}

const partsMax = 20;
@ObjectType('PartHeld', { description: 'Who works on a registration beside its holder. / 分工。' })
export class PartHeldType {
  @Field(() => String) part!: string;
  @Field(() => ID) party!: string;
}

@ObjectType('ReviewStage', { description: 'The step that is waited for. / 当前审核步骤。' })
export class ReviewStageType {
  @Field(() => String) step!: string;
  @listMax(20) @Field(() => [String]) roles!: string[];
  @listMax(20)
  @Field(() => [String], { description: 'All steps that applied when it was filed. / 报备时确定的全部步骤。' })
  chain!: string[];
  @Field(() => InstantScalar, { nullable: true }) dueAt?: string;
  @Field(() => String, { description: 'What happens when nobody acts in time. / 超时处理。' }) onTimeout!: string;
}

@ObjectType('Registration', { description: "One party's claim on a subject. / 报备。" })
export class RegistrationType {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: 'Short code with a check character, for people. / 报备编号（含校验位）。' })
  code!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => ID) holder!: string;
  @Field(() => ID) filedBy!: string;
  @Field(() => String) class!: string;
  @Field(() => String) channel!: string;
  @Field(() => RegistrationStateName) state!: RegistrationState;
  @Field(() => InstantScalar) filedAt!: string;
  @Field(() => InstantScalar) occurredAt!: string;
  @Field(() => InstantScalar, { description: 'The time that ranks it among other claims. / 排序时刻。' })
  rankedAt!: string;
  @Field(() => ReviewStageType, { nullable: true }) review?: ReviewStageType;
  @listMax(laddersMax)
  @Field(() => [LadderType], { description: 'Where each ladder of the policy stands. / 各项进度。' })
  stages!: LadderType[];
  @listMax(partsMax)
  @Field(() => [PartHeldType], {
    description: 'Who works on it beside its holder, by parts of the policy. / 各项分工的担任者。',
  })
  parts!: PartHeldType[];
  @Field(() => ProtectionPeriod, {
    nullable: true,
    description: 'Its latest; `state` says whether it still runs. / 最近一次保护期。',
  })
  protection?: ProtectionPeriod;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Its clock stands still since then. / 自此时起暂停计时。',
  })
  suspendedSince?: string;
  @Field(() => InstantScalar, { nullable: true }) endedAt?: string;
  @Field(() => String, { nullable: true }) cause?: string;
  @Field(() => ID, { nullable: true }) caseId?: string;
  @Field(() => Boolean) extensionRequested!: boolean;
  @listMax(sharesMax) @Field(() => [ShareType]) shares!: ShareType[];
  @Field(() => DerivedFactsScalar, {
    description:
      'Fields of the form that say nothing about a person; money in yuan. / 表单中的非个人信息，金额单位：元。',
  })
  details!: unknown;
  /** Opened when the query names `customer`: an unopened box costs nothing. */
  openCustomer!: () => Promise<object | null>;
  @Field(() => String, { nullable: true, description: 'policy@version#digest' }) policy?: string;
  @Field(() => PositionTokenScalar, { description: 'It is as of this place in the journal. / 数据对应的日志位置。' })
  position!: string;
}
export const RegistrationConnection = connectionOf(RegistrationType, 'Registration');
@ObjectType('ListedRegistrationConnection', {
  description: 'A list of the policy, in its order: of what the reader may see. / 制度规定的列表，限可见范围。',
})
export class ListedRegistrations extends RegistrationConnection {
  @Field(() => BilingualText) title!: BilingualText;
  @Field(() => Int, { description: 'Of all pages. / 总数。' }) total!: number;
  @Field(() => Boolean, {
    description: 'False: the program has more registrations than one question looks at; the latest count. / 是否完整。',
  })
  complete!: boolean;
}

/** How one card is shown: to whom, when, as of where, with the box that was opened for it. */
export interface Showing {
  readonly sight: 'clear' | 'masked';
  /** The party that reads, where it sees nothing of others: of a split its own share. */
  readonly party?: string;
  readonly now: Instant;
  readonly position: string;
  readonly opened: () => Promise<readonly (OpenedBox | 'erased')[]>;
  /** The policies that the claims were filed under: they say what is money. */
  readonly policies: PoliciesNamed;
}

export const toRegistration = (
  card: RegistrationCard,
  { sight, party, now, position, opened, policies }: Showing,
): RegistrationType => {
  const policy = policies(card.policy);
  const types = policy && fieldTypesOf(policy);
  const written = <V extends object>(values: V): object =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, writtenValue(types?.get(name), value as FieldValue)]),
    );
  return {
    id: card.registrationId,
    code: shortCode(card.registrationId),
    dossierId: card.dossierId,
    programId: card.programId,
    holder: card.holder,
    filedBy: card.filedBy,
    class: card.class,
    channel: card.channel,
    state: stateAt(card, now),
    filedAt: card.filedAt,
    occurredAt: card.occurredAt,
    rankedAt: card.rankedAt,
    extensionRequested: card.extensionRequested,
    shares: sharesOf(card.shares?.filter(({ partyId }) => party === undefined || partyId === party)),
    details: written(card.details),
    position,
    openCustomer: async () => {
      const [form, ...changes] = (await opened()).map((box) => record<string | number | boolean>(box, 'form'));
      if (form === undefined || form === 'erased') return null;
      const now = new Map([...form, ...changes.flatMap((change) => (change === 'erased' ? [] : [...change]))]);
      return written(Object.fromEntries([...now].map(([name, value]) => [name, shown(value, sight)])));
    },
    parts: Object.entries(card.parts ?? {}).map(([part, holder]) => ({ part, party: holder })),
    stages: Object.entries(card.stages ?? {}).map(([ladder, step]) => ({ ladder, step })),
    ...(card.review === undefined
      ? {}
      : {
          review: {
            step: card.review.step,
            roles: [...card.review.roles],
            chain: [...card.review.chain],
            onTimeout: card.review.onTimeout,
            ...(card.review.dueAt === undefined ? {} : { dueAt: card.review.dueAt }),
          },
        }),
    ...(card.startsAt === undefined || card.endsAt === undefined || card.lastDay === undefined
      ? {}
      : { protection: { startsAt: card.startsAt, endsAt: card.endsAt, lastDay: card.lastDay } }),
    ...(card.suspendedSince === undefined ? {} : { suspendedSince: card.suspendedSince }),
    ...(card.endedAt === undefined ? {} : { endedAt: card.endedAt }),
    ...(card.cause === undefined ? {} : { cause: card.cause }),
    ...(card.caseId === undefined ? {} : { caseId: card.caseId }),
    ...(card.policy === undefined ? {} : { policy: card.policy }),
  };
};
