import { createHash } from 'node:crypto';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { blamesNobody, Parked } from '#event-sourcing/parked.js';
import type { Collection } from '#event-sourcing/ports/read-store.js';
import type { Code, CommandId, Instant, StreamName } from '#event-sourcing/vocabulary.js';
import { addMilliseconds } from '#time/instant.js';
import type { ProgramCommand } from '../deciding/decision-facts.js';
import { clockParty } from '../deciding/system-parties.js';
import type { Due } from './due/due.js';

const pageMax = 100;

/** What a stream is asked, of a dossier or of duties by period: to record whatever time alone has decided. */
export interface Asked extends ProgramCommand {
  readonly stream: StreamName;
}

export interface TickParts {
  readonly ask: (command: Asked) => Promise<Outcome>;
  /** Told of a deadline that could not be met; it is asked again with growing distance, those behind it go on. */
  readonly onError: (error: unknown) => void;
}

/**
 * Asks every dossier whose deadline has come. The tick only asks: the dossier decides again, so two processes that tick
 * do no harm. The command id follows from what is due, so that asking twice records once.
 */
export class Tick {
  /** Deadlines that stay in the index although they were asked: they failed, or the read model has not seen it yet. */
  readonly #parked = new Parked<CommandId>();
  readonly #failing = new Set<CommandId>();

  constructor(private readonly parts: TickParts) {}

  /** Deadlines that could not be met. */
  get failing(): number {
    return this.#failing.size;
  }

  /** One round over all that is due by `now`; answers how many streams were asked. */
  async round(rows: Collection<Due>, now: Instant): Promise<number> {
    this.#parked.round();
    const seen = new Set<CommandId>();
    // Asked once, a stream meets every deadline that has come; one that rests keeps no other from asking.
    const asked = new Set<StreamName>();
    let after: string | undefined;
    do {
      const page = await rows.page({
        where: { dueAt: { below: addMilliseconds(now, 1) } },
        order: [{ field: 'dueAt', direction: 'ascending' }],
        first: pageMax,
        ...(after === undefined ? {} : { after }),
      });
      for (const { document } of page.rows) {
        const command = commandFor(document, now);
        seen.add(command.commandId);
        if (asked.has(document.stream) || this.#parked.rests(command.commandId)) continue;
        asked.add(document.stream);
        await this.#ask(command);
      }
      after = page.hasNext ? page.rows.at(-1)?.cursor : undefined;
    } while (after !== undefined);
    for (const id of this.#parked.keys()) if (!seen.has(id)) this.#forget(id);
    return asked.size;
  }

  async #ask(command: Asked): Promise<void> {
    const { commandId } = command;
    this.#parked.park(commandId);
    try {
      const { outcome } = await this.parts.ask(command);
      if (outcome === 'indeterminate') throw new Error(`Nobody knows yet whether ${commandId} was recorded`);
      this.#failing.delete(commandId);
    } catch (error) {
      if (blamesNobody(error)) {
        this.#forget(commandId);
        throw error;
      }
      this.#failing.add(commandId);
      this.parts.onError(error);
    }
  }

  #forget(id: CommandId): void {
    this.#parked.forget(id);
    this.#failing.delete(id);
  }
}

/** Another id each day: another deadline of its dossier may be recorded under the one that waits for a calendar. */
const commandFor = ({ stream, owner, kind, programId, dueAt }: Due, now: Instant): Asked => ({
  commandId: `due-${createHash('sha256')
    .update(`${owner} ${kind} ${dueAt} ${now.slice(0, 10)}`)
    .digest('hex')
    .slice(0, 40)}` as CommandId,
  by: clockParty,
  stream,
  programId,
  receivedAt: now,
  receivedBy: 'clock' as Code,
});
