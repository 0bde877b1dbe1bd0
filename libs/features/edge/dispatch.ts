import { Budgets, refusalBudgets } from './budgets.js';
import { EdgeError } from '#graphql/errors.js';
import { Injectable, type Type } from '@nestjs/common';
import { CommandBus, type Command } from '@nestjs/cqrs';
import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsOptional, Matches, MaxLength } from 'class-validator';
import type { Refusal } from '#event-sourcing/decision.js';
import type { Recorded } from '#event-sourcing/event.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { encodePosition } from '#event-sourcing/projection/position-token.js';
import type { Code, CommandId, Instant, PartyId, Position, ProgramId } from '#event-sourcing/vocabulary.js';
import type { CommandRefused } from '../audit/events.js';
import type { CommandBase } from '../deciding/decision-facts.js';
import { policyCited, programFolding, programStream } from '../program/facts.js';
import type { Policy } from '#policy/policy.js';
import { rejectionText } from '#policy/sentences.js';
import type { Caller } from '#graphql/caller.js';
import { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { Identifier } from '#graphql/input-limits.js';
import { indeterminate, refused, type Indeterminate, type Refused } from '#graphql/outcome.js';
import { InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';

/** What every mutation is given. */
@InputType({ isAbstract: true })
export abstract class CommandInput {
  @Field(() => ID, {
    description:
      'Chosen by the client: 1 to 64 of A-Z a-z 0-9 . _ : -. The same id is the same command and gets the same answer; with other input it is refused. / 由客户端选定；同一编号即同一命令，答复相同；内容不同则拒绝。',
  })
  @MaxLength(64)
  @Matches(/^[A-Za-z0-9._:-]{1,64}$/)
  commandId!: string;
}

/** Of what happens outside the system and is recorded here, perhaps by a desk. */
@InputType({ isAbstract: true })
export abstract class RecordedInput extends CommandInput {
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'When it happened, as somebody says; absent: now. / 发生时间；空为现在。',
  })
  @IsOptional()
  occurredAt?: string;

  @Field(() => ID, { nullable: true, description: 'The party that a desk records for. / 登记处代为办理的当事方。' })
  @IsOptional()
  @Identifier()
  onBehalfOf?: string;
}

/** What every mutation that was carried out answers with. */
@ObjectType({ isAbstract: true })
export abstract class Done {
  @Field(() => PositionTokenScalar, {
    description: "Give it as `atPosition` to read one's own write. / 作为 atPosition 即可读到自己的写入。",
  })
  position!: string;
  @Field(() => Boolean, {
    description:
      'This command had been carried out before; this is its first answer again. / 此命令先前已执行，此为首次答复。',
  })
  repeated!: boolean;
}
/** What of an answer its events say. */
export type Happened<D extends Done> = Omit<D, keyof Done>;
export type Answered<D extends Done> = D | Refused | Indeterminate;

/**
 * Sends commands for callers, and turns what came of them into a mutation's answer: there is one way for all of them.
 */
@Injectable()
export class Dispatch {
  readonly #budgets: Budgets;

  constructor(
    private readonly commands: CommandBus,
    private readonly engine: CommandEngine,
  ) {
    this.#budgets = new Budgets(engine.parts.clock);
  }

  /**
   * What every command carries, made from who asks. Roles that our own facts grant are read by the decision itself, at
   * its own time.
   */
  base(caller: Caller, { commandId, occurredAt, onBehalfOf }: CommandInput & Partial<RecordedInput>): CommandBase {
    // A token vouches for roles everywhere; one that is limited to a program is always a fact of ours, and never worth
    // more than that.
    const vouched = caller.roles
      .filter(
        ({ role, program }) =>
          program === undefined &&
          !caller.grantedRoles.some((granted) => granted.role === role && granted.program === undefined),
      )
      .map(({ role }) => role);
    return {
      commandId: commandId as CommandId,
      by: caller.party,
      user: caller.user,
      receivedAt: this.engine.parts.clock.now(),
      receivedBy: 'api' as Code,
      ...(vouched.length === 0 ? {} : { granted: vouched }),
      ...(occurredAt === undefined ? {} : { occurredAt: occurredAt as Instant }),
      ...(onBehalfOf === undefined ? {} : { onBehalfOf: onBehalfOf as PartyId }),
    };
  }

  /** `happened` makes the answer from the events alone, so that a repeated command gets the same one. */
  async send<D extends Done>(
    done: Type<D>,
    caller: Caller,
    input: CommandInput,
    command: (base: CommandBase) => Command<Outcome>,
    happened: (events: readonly Recorded[]) => Happened<D>,
  ): Promise<Answered<D>> {
    const budget = caller.roles.length > 0 ? refusalBudgets.enrolled : refusalBudgets.stranger;
    if (!this.#budgets.has(caller.party, budget)) throw new EdgeError('TOO_MANY_REFUSALS');
    const outcome = await this.commands.execute<Command<Outcome>, Outcome>(command(this.base(caller, input)));
    if (outcome.outcome === 'refused' && !outcome.repeated) this.#budgets.spend(caller.party, budget);
    switch (outcome.outcome) {
      case 'accepted':
        return Object.assign(new done(), happened(outcome.events), {
          position: this.token(outcome.position),
          repeated: outcome.repeated,
        });
      case 'refused':
        return this.#refusal(outcome.events[0] as Recorded<CommandRefused>, outcome.position, input);
      case 'indeterminate':
        return indeterminate(outcome.commandId);
    }
  }

  token(position: Position): string {
    return encodePosition(this.engine.parts.log.journalId, position);
  }
  /** For asks, whose command id no client chooses. */
  id(): string {
    return this.engine.parts.ids.uuid();
  }

  async #refusal(
    { event, program, policy }: Recorded<CommandRefused>,
    position: Position,
    input: object,
  ): Promise<Refused> {
    const wording = { policy: await this.#policy(event.programId ?? program, policy) };
    const rejections: readonly Refusal[] = event.rejections;
    return refused(
      rejections.map((rejection) => placed(rejection, input)),
      (rejection) => rejectionText(unplaced(rejection), wording),
      this.token(position),
    );
  }

  /**
   * The version that the refusal was made under: a later one may call its fields differently, and a repeat must answer
   * the same.
   */
  async #policy(program: ProgramId | undefined, reference: Code | undefined): Promise<Policy | undefined> {
    if (program === undefined || reference === undefined) return undefined;
    return policyCited(await this.engine.ask(programStream(program), programFolding), reference);
  }
}

const formPrefix = 'form.';
/** Where in the input the field stands that a rule speaks of: a form's own fields lie one level down. */
const placed = (rejection: Refusal, input: object): Refusal => {
  if (rejection.field === undefined || !('form' in input)) return rejection;
  if (rejection.reason === 'AttachmentMissing') return rejection;
  const [top] = rejection.field.split('.');
  return top !== undefined && (top in input || topLevel.has(top))
    ? rejection
    : { ...rejection, field: `${formPrefix}${rejection.field}` };
};
const topLevel: ReadonlySet<string> = new Set([
  'programId',
  'onBehalfOf',
  'occurredAt',
  'receivedAt',
  'until',
  'class',
  'channel',
  'attachments',
  'partyId',
]);
const unplaced = (rejection: Refusal): Refusal =>
  rejection.field?.startsWith(formPrefix) === true
    ? { ...rejection, field: rejection.field.slice(formPrefix.length) }
    : rejection;
