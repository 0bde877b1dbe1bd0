import { Args, ArgsType, Context, Field, ID, Resolver, Subscription } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { contextCaller, type OperationContext } from '#graphql/caller.js';
import { Answers, ReadingPurpose } from '../../edge/answers.js';
import { DossierAccess } from '../../edge/dossier-access.js';
import { EdgeError } from '#graphql/errors.js';
import { Identifier } from '#graphql/input-limits.js';
import { PositionTokenScalar } from '#graphql/scalars.js';
import { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { catalogue } from '../../edge/catalogue.js';
import { HistoryEntryType, toHistoryEntry, usersSeenBy } from '../history/history.resolver.js';
import { StreamWatch } from '#event-sourcing/log/stream-watch.js';
import type { StreamName } from '#event-sourcing/vocabulary.js';
import { entryOf } from '../history/history.js';
import { asSeenByParty } from '../history/seen-by-party.js';
import { purposes, type Purpose } from '../record-read/record-read.js';

@ArgsType()
export class DossierChangedArguments {
  @Field(() => ID)
  @Identifier()
  dossierId!: string;
  @Field(() => PositionTokenScalar, {
    nullable: true,
    description:
      'The last position that was read: everything after it comes, once. Absent: from now on. / 从此位置之后续传，不漏不重。',
  })
  @IsOptional()
  from?: string;
  @Field(() => ReadingPurpose, {
    nullable: true,
    description: "Required to follow what is not one's own; recorded. / 关注他人档案必填。",
  })
  @IsOptional()
  @IsIn(purposes)
  purpose?: Purpose;
}

@Resolver()
export class DossierChangedResolver {
  constructor(
    private readonly answers: Answers,
    private readonly dossiers: DossierAccess,
    private readonly engine: CommandEngine,
    private readonly watch: StreamWatch,
  ) {}

  /**
   * Reads the dossier's own stream: whatever was missed while the client was away comes first, then what happens. Who
   * may see it is asked again for each page, as of its last event.
   */
  @Subscription(() => HistoryEntryType, {
    description: 'What happens to one dossier, as history entries; resumes from a position. / 档案动态，可续传。',
    resolve: (entry: HistoryEntryType) => entry,
  })
  async *dossierChanged(
    @Args() { dossierId, from, purpose }: DossierChangedArguments,
    @Context() context: OperationContext,
  ): AsyncGenerator<HistoryEntryType> {
    const caller = contextCaller(context);
    const { log } = this.engine.parts;
    const start = from === undefined ? await log.head() : this.answers.position(from) + 1;
    const entered = await this.dossiers.of(caller, dossierId, from);
    if (entered === undefined) throw new EdgeError('NOT_FOUND');
    if (entered.as === 'official' && entered.ofOthers)
      await this.answers.recordRead(caller, {
        programId: entered.programId,
        subject: dossierId,
        query: 'dossierChanged',
        purpose,
      });
    const seesUser = usersSeenBy(
      caller,
      entered.as === 'official' && entered.ofOthers && this.dossiers.seesUsers(caller, entered.programId),
    );
    for await (const page of this.watch.read(`dossier-${dossierId}` as StreamName, start, context.signal)) {
      const view = await this.dossiers.of(caller, dossierId, this.answers.token(page.at(-1)!.position));
      if (view === undefined) throw new EdgeError('NOT_FOUND');
      for (const stored of page) {
        const whole = entryOf(decodeEvent(stored, catalogue), dossierId);
        const entry = view.as === 'official' ? whole : asSeenByParty(whole, view.own, catalogue);
        if (entry !== undefined)
          yield toHistoryEntry(entry, {
            sight: view.as === 'official' ? view.sight : 'clear',
            token: this.answers.token(stored.position),
            opened: await this.answers.open(entry.boxes),
            user: seesUser(entry) ? (await this.answers.open([entry.user]))[0] : undefined,
            others: view.as === 'official' ? [] : await this.dossiers.names(view.own.rivals),
          });
      }
    }
  }
}
