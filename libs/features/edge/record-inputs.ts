import { Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import type { Attachment, Share } from '../dossier/events.js';
import type { Duration } from '#time/clock.js';
import { Identifier } from '#graphql/input-limits.js';

@InputType({ description: 'What was handed in beside the form, by the hash of its content. / 附件（按内容哈希）。' })
export class AttachmentInput {
  @Field(() => String)
  @Identifier({ max: 40 })
  kind!: string;
  @Field(() => String, { description: 'SHA-256 in 64 hex digits. / 64 位十六进制。' })
  @MaxLength(64)
  @Matches(/^[0-9a-f]{64}$/)
  sha256!: string;
}
export const attachmentsMax = 20;
export const attachmentsOf = (given: readonly AttachmentInput[]): readonly Attachment[] =>
  given.map(({ kind, sha256 }) => ({ kind: kind as Code, sha256: sha256 as Code }));

@InputType()
export class ShareInput {
  @Field(() => ID)
  @Identifier()
  partyId!: string;
  @Field(() => Int, { description: '1–1000000' })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  weight!: number;
}
export const sharesGiven = (given: readonly ShareInput[]): readonly Share[] =>
  given.map(({ partyId, weight }) => ({ partyId: partyId as PartyId, weight }));

export const LengthUnit = { DAYS: 'days', MONTHS: 'months', WORKING_DAYS: 'workingDays', HOURS: 'hours' } as const;
export type LengthUnitName = (typeof LengthUnit)[keyof typeof LengthUnit];
registerEnumType(LengthUnit, { name: 'LengthUnit' });
export const LengthCounting = {
  INCLUSIVE: 'inclusive',
  EXCLUSIVE: 'exclusive',
  ROLLING: 'rolling',
  CORRESPONDING: 'corresponding',
} as const;
export type LengthCountingName = (typeof LengthCounting)[keyof typeof LengthCounting];
registerEnumType(LengthCounting, { name: 'LengthCounting', description: 'How the first day counts. / 起算方式。' });

@InputType({
  description:
    'A length inside the range that the policy leaves to the one who decides. / 在制度允许范围内选定的期限。',
})
export class LengthInput {
  @Field(() => LengthUnit)
  @IsIn(Object.values(LengthUnit))
  unit!: LengthUnitName;
  @Field(() => Int)
  @IsInt()
  @Min(1)
  @Max(876_000)
  count!: number;
  @Field(() => LengthCounting, {
    nullable: true,
    description: 'Of days, months and working days; hours have none. / 天、月、工作日须写明。',
  })
  @IsOptional()
  @IsIn(Object.values(LengthCounting))
  counting?: LengthCountingName;
}
/**
 * Whether the policy offers this very unit and counting is its own question; one that it does not is refused with what
 * it offers.
 */
export const lengthOf = ({ unit, count, counting }: LengthInput): Duration =>
  unit === 'hours'
    ? { hours: count }
    : ({
        [unit]: count,
        counting: counting ?? (unit === 'months' ? 'corresponding' : 'exclusive'),
      } as unknown as Duration);
