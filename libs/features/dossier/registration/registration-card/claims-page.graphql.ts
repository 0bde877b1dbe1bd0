import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { CursorError, type Collection, type Page } from '#event-sourcing/ports/read-store.js';
import type { Instant, Position } from '#event-sourcing/vocabulary.js';
import { ReadOthersArguments, ReadOthersPageArguments, ReadPageArguments } from '../../../edge/answers.js';
import { Identifier } from '#graphql/input-limits.js';
import type { RegistrationState } from '../../events.js';
import { stateAt, type RegistrationCard } from './registration-card.js';
import { registrationStates } from '#policy/selection.js';
import { RegistrationStateName } from './registration.graphql.js';

const program = { description: 'The program in which it competes. / 报备项目。' } as const;

@ArgsType()
export class RegistrationArguments extends ReadOthersArguments {
  @Field(() => ID, { description: '`<dossier>.<number>`, or its short code. / 报备的完整编号或短编号。' })
  @Identifier()
  id!: string;
}
@ArgsType()
export class MyRegistrationsArguments extends ReadPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
}
@ArgsType()
export class RegistrationsArguments extends ReadOthersPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
  @Field(() => ID, { nullable: true, description: 'Only those of this party. / 仅此当事方。' })
  @IsOptional()
  @Identifier()
  holder?: string;
  @Field(() => RegistrationStateName, {
    nullable: true,
    description: 'As it is shown: a clock that has run out is over. / 与所显示的状态一致。',
  })
  @IsOptional()
  @IsIn(registrationStates)
  state?: RegistrationState;
}
@ArgsType()
export class RegistrationListArguments extends ReadOthersPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
  @Field(() => String, { description: 'As `lists` of the policy names it. / 制度 lists 中的名称。' })
  @Identifier({ max: 40 })
  name!: string;
}
@ArgsType()
export class ReviewQueueArguments extends ReadOthersPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
}
@ArgsType()
export class ExpiringSoonArguments extends ReadPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
  @Field(() => Int, { defaultValue: 7, description: '1–366' })
  @IsInt()
  @Min(1)
  @Max(366)
  days: number = 7;
}

type ClaimsPage = Parameters<Collection<RegistrationCard>['page']>[0];
/** One index serves each of the four: all, one holder's, one state's, one holder's in order of filing. */
const claimsPage = (
  { programId, state, first, after }: RegistrationsArguments,
  holder: string | undefined,
): ClaimsPage => ({
  where: {
    programId: { equals: programId },
    ...(holder === undefined ? {} : { holder: { equals: holder } }),
    // A clock that has run out is over, also while the card says that it protects.
    ...(state === undefined ? {} : { state: { in: state === 'expired' ? ['expired', 'protected'] : [state] } }),
  },
  order: [{ field: 'filedAt', direction: 'descending' }],
  first,
  ...(after === undefined ? {} : { after }),
});

/** A page of rows that are in order already; the cursor is the row itself, and one that is not there opens nothing. */
export const pageIn = (
  cards: readonly RegistrationCard[],
  { first, after }: Pick<RegistrationListArguments, 'first' | 'after'>,
  position: Position,
): ShownPage => {
  const rows = cards.map((document) => ({
    id: document.registrationId,
    document,
    cursor: Buffer.from(document.registrationId).toString('base64url'),
  }));
  const from = after === undefined ? 0 : rows.findIndex(({ cursor }) => cursor === after) + 1;
  if (after !== undefined && from === 0) throw new CursorError('no row of this list has this cursor');
  return { rows: rows.slice(from, from + first), hasNext: rows.length > from + first, position };
};

export type ShownPage = Page<RegistrationCard> & { readonly endCursor?: string | undefined };
/** Pages that are looked through for one answer; it may then be shorter than asked, and says that there is more. */
const looksMax = 10;

/** The claims that show the state that is asked for: what is recorded alone would name those whose clock has run out. */
export const claimsShowing = async (
  cards: Collection<RegistrationCard>,
  asked: RegistrationsArguments,
  { holder, now }: { readonly holder: string | undefined; readonly now: Instant },
): Promise<ShownPage> => {
  const shows = ({ document }: { readonly document: RegistrationCard }): boolean =>
    asked.state === undefined || stateAt(document, now) === asked.state;
  let page = await cards.page(claimsPage(asked, holder));
  let rows = page.rows.filter(shows);
  for (let look = 1; look < looksMax && page.hasNext && rows.length < asked.first; look += 1) {
    const after = page.rows.at(-1)!.cursor;
    page = await cards.page(claimsPage({ ...asked, after, first: asked.first - rows.length }, holder));
    rows = [...rows, ...page.rows.filter(shows)];
  }
  return { ...page, rows, endCursor: page.rows.at(-1)?.cursor };
};
