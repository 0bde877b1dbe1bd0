import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'A text for people, in both languages. / 给人看的文字，中英两种。' })
export class BilingualText {
  @Field(() => String) zh!: string;
  @Field(() => String) en!: string;
}
