import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsDefined } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { Refused, resultOf } from '#graphql/outcome.js';
import { InstantScalar } from '#graphql/scalars.js';
import { listMax } from '../../edge/record-types.js';
import type { ProgramEvent } from '../events.js';
import { Outlook, PolicyFinding, findingsMax, inItsWords } from './outlook.resolver.js';
import { publishPolicy, type PublishPolicy } from './publish-policy.js';
import { commandTo } from '../../edge/command-bus.js';

@InputType()
export class PublishPolicyInput extends CommandInput {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
  @Field(() => String, { description: 'The whole document, as YAML. / 制度全文（YAML）。' })
  @PlainText(100_000, { lines: true })
  text!: string;
  @Field(() => InstantScalar)
  @IsDefined()
  effectiveFrom!: string;
  @Field(() => String, { description: 'The office that agreed to it. / 批准机构。' })
  @PlainText(200)
  authority!: string;
}

@ObjectType()
export class PublishPolicyDone extends Done {
  @Field(() => ID) programId!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Null when this very version had been published before. / 此版本先前已发布则为空。',
  })
  version?: string;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the text. / 全文哈希。' }) digest?: string;
  @listMax(findingsMax)
  @Field(() => [PolicyFinding], {
    description: 'What its owner should look at, as `baobei policy check` says it. / 提示，同 policy check。',
  })
  warnings!: readonly PolicyFinding[];
  @Field(() => Int, {
    description: 'Claims of the program that are not over: they meet the new version. / 本项目尚未结束的报备数。',
  })
  liveRegistrations!: number;
}
const PublishPolicyResult = resultOf('PublishPolicy', PublishPolicyDone);

const publishedIn = (events: readonly Recorded[]): { version?: string; digest?: string } =>
  (events as unknown as readonly Recorded<ProgramEvent>[]).flatMap(({ event }) =>
    event.type === 'PolicyPublished' ? [{ version: event.version, digest: event.digest }] : [],
  )[0] ?? {};

@Resolver()
export class PublishPolicyResolver {
  constructor(
    private readonly dispatch: Dispatch,
    private readonly outlook: Outlook,
  ) {}

  @Mutation(() => PublishPolicyResult, {
    description:
      'Puts a version of the policy into force from a date on. Refused with line and column of everything that cannot be enforced. / 发布制度版本。',
  })
  async publishPolicy(
    @Args('input') input: PublishPolicyInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<PublishPolicyDone>> {
    const { programId, text, effectiveFrom, authority } = input;
    const answer = await this.dispatch.send(
      PublishPolicyDone,
      caller,
      input,
      (base) =>
        commandTo(publishPolicy, {
          ...base,
          programId: programId as ProgramId,
          text,
          effectiveFrom: effectiveFrom as Instant,
          authority,
        }),
      (events) => ({ programId, ...publishedIn(events), warnings: [], liveRegistrations: 0 }),
    );
    if (answer instanceof Refused) return inItsWords(answer, text);
    return answer instanceof PublishPolicyDone
      ? Object.assign(answer, await this.outlook.of(input as PublishPolicy))
      : answer;
  }
}
