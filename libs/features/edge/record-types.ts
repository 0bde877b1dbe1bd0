import { Extensions, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Share } from '../dossier/events.js';
import { CalendarDateScalar, InstantScalar } from '#graphql/scalars.js';

export const sharesMax = 50;

@ObjectType('Share', {
  description: "One party's part, as an integer weight: 1 of 3 is exactly a third. / 份额（整数权重）。",
})
export class ShareType {
  @Field(() => ID) partyId!: string;
  @Field(() => Int) weight!: number;
}
export const sharesOf = (shares: readonly Share[] | undefined): ShareType[] =>
  (shares ?? []).slice(0, sharesMax).map((share) => ({ ...share }));

@ObjectType({ description: 'From when until when others are excluded. / 保护期。' })
export class ProtectionPeriod {
  @Field(() => InstantScalar) startsAt!: string;
  @Field(() => InstantScalar, { description: 'Exclusive: at this moment it is over. / 到此时刻即止（不含）。' })
  endsAt!: string;
  @Field(() => CalendarDateScalar, { description: 'The date that a person reads. / 最后一天。' }) lastDay!: string;
}

/** Types whose lists are never longer than this say so, for the cost of a query. */
export const listMax = (max: number): PropertyDecorator & MethodDecorator => Extensions({ listMax: max });
