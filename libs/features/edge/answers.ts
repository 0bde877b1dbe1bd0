import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ArgsType, Field, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import type { Box } from '#event-sourcing/event.js';
import type { Collection, Page } from '#event-sourcing/ports/read-store.js';
import type { ReadModel } from '#event-sourcing/projection/read-model.js';
import { decodePosition, encodePosition } from '#event-sourcing/projection/position-token.js';
import type { OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { Code, CommandId, Instant, PartyId, Position, ProgramId } from '#event-sourcing/vocabulary.js';
import { recordRead, purposes, type Purpose, type RecordReading } from '../audit/record-read/record-read.js';
import { isOwn, type WhoseWork } from '../dossier/whose.js';
import { partyFolding, partyStream, teamsAt } from '../party/facts.js';
import { policyCited, policyInForce, programFolding, programStream } from '../program/facts.js';
import { Readings } from './readings.js';
import { sightOf, type Sight, type SightTable } from './sight.js';
import type { Policy } from '#policy/policy.js';
import type { Relation } from '#policy/whom.js';
import { actsForOthers, permits } from '#policy/clauses/permissions.js';
import { rolesShown, rolesThatCount, type Caller, type Role } from '#graphql/caller.js';
import { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { PageArguments } from '#graphql/connection.js';
import { EdgeError } from '#graphql/errors.js';
import { PositionTokenScalar } from '#graphql/scalars.js';
import { commandTo } from './command-bus.js';

export const ReadingPurpose = Object.fromEntries(
  purposes.map((purpose) => [purpose.toUpperCase(), purpose]),
) as Readonly<Record<string, Purpose>>;
registerEnumType(ReadingPurpose, {
  name: 'ReadingPurpose',
  description: 'Why somebody reads what is not their own. / 查阅他人记录的用途。',
});

const atPosition = {
  nullable: true,
  description: 'Answer only when this place in the journal has been seen. / 读到此日志位置后再答复。',
} as const;
const purpose = {
  nullable: true,
  description:
    "Required to read what is not one's own; recorded before the answer leaves. / 查阅他人记录必填，先留痕后答复。",
} as const;

@ArgsType()
export class ReadArguments {
  @Field(() => PositionTokenScalar, atPosition)
  @IsOptional()
  atPosition?: string;
}
@ArgsType()
export class ReadOthersArguments extends ReadArguments {
  @Field(() => ReadingPurpose, purpose)
  @IsOptional()
  @IsIn(purposes)
  purpose?: Purpose;
}
@ArgsType()
export class ReadPageArguments extends PageArguments {
  @Field(() => PositionTokenScalar, atPosition)
  @IsOptional()
  atPosition?: string;
}
@ArgsType()
export class ReadOthersPageArguments extends ReadPageArguments {
  @Field(() => ReadingPurpose, purpose)
  @IsOptional()
  @IsIn(purposes)
  purpose?: Purpose;
}

export type PoliciesNamed = (reference: Code | undefined) => Policy | undefined;

/** What was read of somebody else, and by which query. */
export interface OthersRead extends Pick<RecordReading, 'programId' | 'subject' | 'subjects'> {
  readonly query: string;
  readonly purpose: Purpose | undefined;
}

/** What queries answer from: live read models, positions, boxes of the page that is shown, and who may see whose. */
@Injectable()
export class Answers {
  constructor(
    private readonly readings: Readings,
    private readonly engine: CommandEngine,
    private readonly commands: CommandBus,
  ) {}

  now(): Instant {
    return this.engine.parts.clock.now();
  }

  /**
   * The documents of a model, once they have seen `token`. Throws for a token of another journal, and when it takes too
   * long.
   */
  async of<Row extends object>(model: ReadModel<Row>, token?: string): Promise<Collection<Row>> {
    if (token !== undefined) await this.readings.seen(this.position(token), model);
    return this.readings.of(model);
  }

  position(token: string): Position {
    return decodePosition(token, this.engine.parts.log.journalId);
  }
  token(position: Position): string {
    return encodePosition(this.engine.parts.log.journalId, position);
  }
  /** Last event that every document of the collection has seen. */
  async seenBy(collection: Collection<never> | Collection<object>): Promise<string> {
    return this.token((await collection.checkpoint()) - 1);
  }
  pageToken<Row extends object>({ position }: Page<Row>): string {
    return this.token(position);
  }

  open(boxes: readonly (Box | undefined)[]): Promise<readonly (OpenedBox | 'erased')[]> {
    return this.readings.open(boxes);
  }

  /** The policies of a program, each by the reference that a ruling names it by; without one: what is in force. */
  async policiesOf(program: ProgramId | undefined): Promise<PoliciesNamed> {
    if (program === undefined) return () => undefined;
    const facts = await this.engine.ask(programStream(program), programFolding);
    const named = (reference: Code | undefined): Policy | undefined =>
      reference === undefined ? policyInForce(facts, this.now()) : policyCited(facts, reference);
    // The rows of a page name few versions.
    const known = new Map<Code | undefined, Policy | undefined>();
    return (reference) => {
      if (!known.has(reference)) known.set(reference, named(reference));
      return known.get(reference);
    };
  }

  /** The roles that count for a caller in a program; those held everywhere count in each. */
  rolesIn(caller: Caller, program: ProgramId | undefined): readonly Role[] {
    return program === undefined
      ? rolesThatCount({ ...caller, roles: caller.roles.filter((held) => held.program === undefined) })
      : rolesThatCount(caller, program);
  }
  /** Those, and whose work a declared one is given. */
  rolesShownIn(caller: Caller, program: ProgramId | undefined): readonly Role[] {
    return program === undefined ? this.rolesIn(caller, program) : rolesShown(caller, program);
  }
  /** As whom a list of the policy is asked for. */
  asReader(
    caller: Caller,
    program: ProgramId,
  ): { readonly roles: readonly Role[]; readonly relations: readonly Relation[] } {
    const roles = this.rolesIn(caller, program);
    return { roles, relations: roles.includes('party') ? ['party'] : [] };
  }
  sight(table: SightTable, caller: Caller, program: ProgramId | undefined): Sight {
    return sightOf(table, this.rolesShownIn(caller, program));
  }

  /** Which claims of a program are the caller's own: its present ones, and those of whom it files for. */
  async ownIn(caller: Caller, program: ProgramId): Promise<(claim: WhoseWork) => boolean> {
    const roles = this.rolesIn(caller, program);
    const policy = (await this.policiesOf(program))(undefined);
    const forOthers = policy === undefined ? roles.includes('desk') : actsForOthers({ policy }, roles);
    return (claim) => isOwn(claim, caller.party, forOthers);
  }

  /** The teams, outlets or firms that a party belongs to now. */
  async teamsOf(party: PartyId): Promise<readonly PartyId[]> {
    return teamsAt(await this.engine.ask(partyStream(party), partyFolding), this.now());
  }

  /**
   * Whether the policy in force lets the caller look through others' claims (R04.14, R09.09), and with how much of
   * each.
   */
  async browsing(caller: Caller, program: ProgramId): Promise<Sight> {
    const policy = policyInForce(await this.engine.ask(programStream(program), programFolding), this.now());
    if (policy === undefined) return 'none';
    const verdict = permits({ policy }, 'seeOthers', this.asReader(caller, program));
    return !verdict.allowed ? 'none' : this.sight('claims', caller, program) === 'clear' ? 'clear' : 'masked';
  }

  /**
   * Records that somebody else's record is about to be shown; resolves when that is durable. Throws PURPOSE_REQUIRED
   * when no purpose was given,
   * and when nobody knows whether it was recorded: what cannot be recorded is not shown.
   */
  async recordRead(caller: Caller, { purpose, ...read }: OthersRead): Promise<void> {
    if (purpose === undefined) throw new EdgeError('PURPOSE_REQUIRED');
    const command = commandTo(recordRead, {
      ...read,
      purpose,
      commandId: `read-${this.engine.parts.ids.uuid()}` as CommandId,
      by: caller.party,
      user: caller.user,
      receivedAt: this.now(),
      receivedBy: 'api' as Code,
    });
    const { outcome } = await this.commands.execute(command);
    if (outcome !== 'accepted') throw new EdgeError('OVERLOADED');
  }
}
