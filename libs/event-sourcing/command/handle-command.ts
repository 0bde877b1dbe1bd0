import { decodeEvent, prepareEvent, type EventCatalogue } from '../envelope.js';
import { KeyedQueue } from './keyed-queue.js';
import { recentlyUsed } from '../recently-used.js';
import type { Decision, Placed, Rejection } from '../decision.js';
import {
  happeningOf,
  type AnyEvent,
  type CommandContext,
  type Happening,
  type PersonSlot,
  type Recorded,
} from '../event.js';
import type { KeyPool, SubjectKey } from '../sealing/key-pool.js';
import type {
  AppendResult,
  Commit,
  EventLog,
  ExpectedRevision,
  PendingEvent,
  StoredEvent,
} from '../ports/event-log.js';
import { IndeterminateError, StorageFullError } from '../ports/event-log.js';
import type { Clock, Ids } from '../ports/clock.js';
import type {
  CommandId,
  Instant,
  OrganisationId,
  Position,
  Revision,
  StreamName,
  SubjectKeyId,
} from '../vocabulary.js';

/** State folded from one stream. `name` tells foldings of the same stream apart in the cache. */
export interface Folding<State, E extends AnyEvent> {
  readonly name: string;
  readonly initial: State;
  readonly apply: (state: State, happening: Happening<E>) => State;
}

/**
 * Reads streams for one decision. Whatever is read becomes part of the append: expected where it is written, a check
 * where it is not.
 */
export interface Reader {
  fold<State, E extends AnyEvent>(stream: StreamName, folding: Folding<State, E>): Promise<State>;
}

/** One command, from what it must read to what it writes. `decide` is pure and may be called again on newer state. */
export interface Handling<State, E extends AnyEvent, R extends Rejection> {
  readonly context: Omit<CommandContext, 'organisation' | 'policy'>;
  /** Streams this command will contend for, when they are known before reading. */
  readonly queueOn?: readonly StreamName[];
  readonly load: (reader: Reader) => Promise<State>;
  readonly decide: (state: State) => Decision<Placed<E>, R>;
  /** A refusal is an event too, in a stream that belongs to whoever tried. */
  readonly refusal: (rejections: readonly R[], state: State) => Placed;
  /** What is recorded behind either, and only with it. */
  readonly alongside?: (state: State) => readonly Placed[];
  /** Given with a user: the stream, read by this command, whose `login` is that user; the key is kept there. */
  readonly userStream?: StreamName;
}

/**
 * Thrown by a decision that finds it rests on something nobody has read: it is read, and decided again. So a command
 * reads what it needs and no more.
 */
export class UnreadError extends Error {
  override readonly name = 'UnreadError';
  constructor(
    what: string,
    readonly read: (reader: Reader) => Promise<void>,
  ) {
    super(`A decision needs ${what}, which was not read before`);
  }
}
/** A decision that asks for more than this goes round in circles. */
const readingsMax = 64;

/** Accepted, refused or indeterminate; never a guess between them. */
export type Outcome<E extends AnyEvent = AnyEvent> =
  | {
      readonly outcome: 'accepted';
      readonly events: readonly Recorded<E>[];
      readonly position: Position;
      readonly repeated: boolean;
    }
  | {
      readonly outcome: 'refused';
      readonly events: readonly Recorded[];
      readonly position: Position;
      readonly repeated: boolean;
    }
  | { readonly outcome: 'indeterminate'; readonly commandId: CommandId };

type Sent = Pick<CommandContext, 'commandId' | 'name' | 'actor' | 'fingerprint'>;
/**
 * What the log knows a command by. An id is its sender's own, so that no two parties, and no party and the system, ever
 * meet in one: no id that is sent holds a `/`.
 */
const idInLog = ({ actor, commandId }: Sent): CommandId => `${actor.party}/${commandId}` as CommandId;

/**
 * The same command id of the same sender came with another command or other input: the first result, a refusal too,
 * would answer another question.
 */
export class CommandIdTakenError extends Error {
  override readonly name = 'CommandIdTakenError';
  constructor(
    readonly commandId: CommandId,
    /** When the first was recorded. */
    readonly recordedAt: Instant,
  ) {
    super(`Command id ${commandId} belongs to another command, recorded at ${recordedAt}`);
  }
}
/** Other writers were faster, again and again. Nothing was stored; the same command may be sent again. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

export interface EngineParts {
  readonly log: EventLog;
  readonly catalogue: EventCatalogue;
  readonly keyPool: KeyPool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly organisation: OrganisationId;
  /** Types that stand for a refusal, so that a repeated command id is answered as it was the first time. */
  readonly refusalTypes: ReadonlySet<string>;
  readonly attemptsMax?: number;
  readonly cacheMax?: number;
}

interface Cached {
  readonly state: unknown;
  readonly revision: Revision | 'none';
  readonly keys: ReadonlyMap<PersonSlot, SubjectKeyId>;
}
const noKeys: ReadonlyMap<PersonSlot, SubjectKeyId> = new Map();
const pageMax = 1_000;

/** Load, fold, decide, append atomically with checks; decide again when somebody was faster. */
export class CommandEngine {
  readonly #queue = new KeyedQueue();
  readonly #cache: ReturnType<typeof recentlyUsed<string, Cached>>;
  /** Commands decided again because another writer was first: an operator's measure of contention. */
  redecided = 0;
  /** The last append found no space; the next one that is stored says otherwise. */
  storageFull = false;

  constructor(readonly parts: EngineParts) {
    this.#cache = recentlyUsed(parts.cacheMax ?? 20_000);
  }

  /** Streams on which commands take turns just now. */
  get contested(): number {
    return this.#queue.length;
  }

  async handle<State, E extends AnyEvent, R extends Rejection>(handling: Handling<State, E, R>): Promise<Outcome<E>> {
    const before = await this.#recorded(handling.context);
    if (before !== undefined) return this.#repeat<E>(handling.context, before);
    try {
      return await this.#attempts(handling);
    } catch (error) {
      if (error instanceof IndeterminateError)
        return { outcome: 'indeterminate', commandId: handling.context.commandId };
      throw error;
    }
  }

  async #attempts<State, E extends AnyEvent, R extends Rejection>(
    handling: Handling<State, E, R>,
  ): Promise<Outcome<E>> {
    const attemptsMax = this.parts.attemptsMax ?? 16;
    let contested: readonly StreamName[] = handling.queueOn ?? [];
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      // Waits only for streams that proved contested: two commands about different customers never meet.
      const result = await this.#queue.run(contested, () => this.#attempt(handling));
      if (!('conflicts' in result)) return result;
      this.redecided += 1;
      contested = [...new Set([...contested, ...result.conflicts])];
    }
    throw new ContentionError(`${handling.context.name} met other writers ${attemptsMax} times`);
  }

  async #attempt<State, E extends AnyEvent, R extends Rejection>(
    handling: Handling<State, E, R>,
  ): Promise<Outcome<E> | { readonly conflicts: readonly StreamName[] }> {
    const reading = new Reading(this);
    const state = await handling.load(reading);
    const decision = await this.#decide(handling, state, reading);
    const placed: readonly Placed[] = decision.accepted
      ? decision.events
      : [handling.refusal(decision.rejections, state)];
    if (placed.length === 0)
      return { outcome: 'accepted', events: [], position: (await this.parts.log.head()) - 1, repeated: false };

    const written = [...placed, ...(handling.alongside?.(state) ?? [])];
    const context = {
      ...handling.context,
      commandId: idInLog(handling.context),
      organisation: this.parts.organisation,
    };
    const result = await this.#append(await this.#commit(context, written, reading.seen, handling.userStream));
    if (result.outcome === 'conflict') return { conflicts: result.conflicts.map((conflict) => conflict.stream) };
    if (result.outcome === 'repeated') return this.#repeat<E>(handling.context, result.events);
    return this.#answer<E>(result.events, false);
  }

  async #decide<State, E extends AnyEvent, R extends Rejection>(
    handling: Handling<State, E, R>,
    state: State,
    reading: Reading,
  ): Promise<Decision<Placed<E>, R>> {
    for (let round = 0; round < readingsMax; round += 1) {
      try {
        return handling.decide(state);
      } catch (error) {
        if (!(error instanceof UnreadError)) throw error;
        await error.read(reading);
      }
    }
    throw new Error(`${handling.context.name} asked for more than ${readingsMax} readings`);
  }

  async #append(commit: Commit): Promise<AppendResult> {
    try {
      const result = await this.parts.log.append(commit);
      this.storageFull = false;
      return result;
    } catch (error) {
      if (error instanceof StorageFullError) this.storageFull = true;
      throw error;
    }
  }

  async #commit(
    context: CommandContext,
    placed: readonly Placed[],
    seen: ReadonlyMap<StreamName, Cached>,
    userStream: StreamName | undefined,
  ): Promise<Commit> {
    const perStream = new Map<StreamName, PendingEvent[]>();
    const fresh = new Map<string, SubjectKey>();
    const keyNamed = async (name: string, known: SubjectKeyId | undefined): Promise<SubjectKey> => {
      const key =
        fresh.get(name) ??
        (known === undefined ? undefined : await this.parts.keyPool.reopen(known)) ??
        (await this.parts.keyPool.take());
      fresh.set(name, key);
      return key;
    };
    const keyOf = (stream: StreamName, slot: PersonSlot): Promise<SubjectKey> =>
      keyNamed(`${stream} ${slot}`, seen.get(stream)?.keys.get(slot));
    // One key for the whole command; it is at hand after a login's first.
    const userKey = context.user === undefined ? undefined : await keyOf(userStream!, 'login');
    for (const { stream, event, policy, source } of placed) {
      const definition = this.parts.catalogue.get(event.type);
      if (definition === undefined) throw new Error(`Event type ${event.type} is not in the catalogue`);
      const id = this.parts.ids.uuid();
      const keys = new Map<PersonSlot, SubjectKey>();
      if (userKey !== undefined) keys.set('user', userKey);
      for (const slot of new Set(Object.values(definition.personal)))
        keys.set(
          slot,
          definition.keyPer === 'event' ? await keyNamed(`${id} ${slot}`, undefined) : await keyOf(stream, slot),
        );
      // What is not the sender's word is not its login's either.
      const said = source === undefined ? context : { ...context, ...source, user: undefined };
      const pending = prepareEvent(
        event,
        definition,
        { ...said, policy },
        { id, keyFor: (slot) => keys.get(slot)!, ids: this.parts.ids },
      );
      const list = perStream.get(stream);
      if (list === undefined) perStream.set(stream, [pending]);
      else list.push(pending);
    }
    const writes = [...perStream].map(([stream, events]) => ({
      stream,
      expected: (seen.get(stream)?.revision ?? 'any') as ExpectedRevision,
      events,
    }));
    const checks = [...seen]
      .filter(([stream]) => !perStream.has(stream))
      .map(([stream, { revision }]) => ({ stream, expected: revision }));
    return { commandId: context.commandId, now: this.parts.clock.now(), writes, checks };
  }

  /** The answer of a recorded command is made from its events alone, so that the retry gets the very same one. */
  #answer<E extends AnyEvent>(stored: readonly StoredEvent[], repeated: boolean): Outcome<E> {
    const events = stored.map((event) => decodeEvent(event, this.parts.catalogue));
    const position = stored.at(-1)!.position;
    return events.some(({ event }) => this.parts.refusalTypes.has(event.type))
      ? { outcome: 'refused', events, position, repeated }
      : { outcome: 'accepted', events: events as unknown as readonly Recorded<E>[], position, repeated };
  }

  async #recorded(context: Sent): Promise<readonly StoredEvent[] | undefined> {
    const found = await this.parts.log.findCommand(idInLog(context));
    if (found !== undefined) return found;
    // Older logs hold ids as they were sent. Another sender's is no obstacle any more.
    const older = await this.parts.log.findCommand(context.commandId);
    return older !== undefined && decodeEvent(older[0]!, this.parts.catalogue).actor.party === context.actor.party
      ? older
      : undefined;
  }

  #repeat<E extends AnyEvent>(context: Sent, stored: readonly StoredEvent[]): Outcome<E> {
    const { command, times } = decodeEvent(stored[0]!, this.parts.catalogue);
    // Older events hold no fingerprint: their name is all there is to compare.
    const isOther =
      command.fingerprint !== undefined && command.fingerprint !== (context.fingerprint ?? command.fingerprint);
    if (command.name !== context.name || isOther) throw new CommandIdTakenError(context.commandId, times.recordedAt);
    return this.#answer<E>(stored, true);
  }

  /** Folds on from where the cache stands. States are immutable, so sharing one between commands is safe. */
  async foldOn<State, E extends AnyEvent>(stream: StreamName, folding: Folding<State, E>): Promise<Cached> {
    const cacheKey = `${folding.name} ${stream}`;
    let cached: Cached = this.#cache.get(cacheKey) ?? { state: folding.initial, revision: 'none', keys: noKeys };
    for (;;) {
      const page = await this.parts.log.readStream(stream, {
        from: cached.revision === 'none' ? 0 : cached.revision + 1,
        max: pageMax,
      });
      if (page.length > 0) cached = this.#foldPage(cached, page, folding);
      if (page.length < pageMax) break;
    }
    // A stream that nobody has written to has nothing to fold.
    if (cached.revision !== 'none') this.#cache.set(cacheKey, cached);
    return cached;
  }

  #foldPage<State, E extends AnyEvent>(from: Cached, page: readonly StoredEvent[], folding: Folding<State, E>): Cached {
    let state = from.state as State;
    const keys = new Map(from.keys);
    for (const stored of page) {
      const recorded = decodeEvent(stored, this.parts.catalogue) as Recorded<E>;
      state = folding.apply(state, happeningOf(recorded));
      const definition = this.parts.catalogue.get(stored.type);
      if (definition?.keyPer === 'stream')
        for (const box of Object.values(recorded.boxes))
          if (box !== undefined && box.slot !== 'user') keys.set(box.slot, box.key);
    }
    return { state, revision: page.at(-1)!.revision, keys };
  }

  /** Folds for a question instead of a decision: no append follows, nothing is checked. */
  async ask<State, E extends AnyEvent>(stream: StreamName, folding: Folding<State, E>): Promise<State> {
    return (await this.foldOn(stream, folding)).state as State;
  }
}

class Reading implements Reader {
  readonly seen = new Map<StreamName, Cached>();
  constructor(private readonly engine: CommandEngine) {}

  async fold<State, E extends AnyEvent>(stream: StreamName, folding: Folding<State, E>): Promise<State> {
    const cached = await this.engine.foldOn(stream, folding);
    const before = this.seen.get(stream);
    // A stream read twice keeps its first revision: if it moved in between, the append must fail and all be read again.
    if (before === undefined) this.seen.set(stream, cached);
    return cached.state as State;
  }
}
