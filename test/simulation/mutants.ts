import { accept, type Rejection } from '#event-sourcing/decision.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { CommandEngine, Handling } from '#event-sourcing/command/handle-command.js';
import type { Commit, EventLog, StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import type { CommandId, Instant, StreamName } from '#event-sourcing/vocabulary.js';
import type { SubjectState } from '#features/dossier/on-subject.js';
import type { Mutant } from './world.js';

/** Bugs that somebody might write, each put in from outside: a simulation that does not find them proves nothing. */
export const mutants: Readonly<Record<string, () => Mutant>> = {
  'the dossier is written without an expected revision': () => ({
    log: appending((commit) => ({
      ...commit,
      writes: commit.writes.map((write) => (isDossier(write.stream) ? { ...write, expected: 'any' } : write)),
    })),
  }),
  'what was only read is not checked': () => ({ log: appending((commit) => ({ ...commit, checks: [] })) }),
  'a key is bound without an expected revision': () => ({
    log: appending((commit) => ({
      ...commit,
      writes: commit.writes.map((write) => (write.stream.startsWith('key-') ? { ...write, expected: 'any' } : write)),
    })),
  }),
  'the dossier is read from a cache that nobody renews': () => ({
    log: (log) =>
      appending((commit) => ({
        ...commit,
        writes: commit.writes.map((write) => (isDossier(write.stream) ? { ...write, expected: 'any' } : write)),
        checks: commit.checks.filter(({ stream }) => !isDossier(stream)),
      }))(
        changed(log, {
          readStream: (stream, options) =>
            isDossier(stream) && (options?.from ?? 0) > 0 ? Promise.resolve([]) : log.readStream(stream, options),
        }),
      ),
  }),
  'a retry carries a new command id': () => ({
    idOf: (id, sending) => (sending === 1 ? id : (`${id}-${sending}` as CommandId)),
  }),
  'a command that stands in the log is decided again': () => {
    let copies = 0;
    return {
      log: (log) =>
        appending((commit) => ({ ...commit, commandId: `${commit.commandId}-${(copies += 1)}` as CommandId }))(
          changed(log, { findCommand: () => Promise.resolve(undefined) }),
        ),
    };
  },
  'the journal answers before it has written': () => ({ journal: behindhand }),
  'half a command is written': () => ({
    journal: (journal) =>
      changed(journal, {
        append: async (batch, head) => journal.append(batch.length > 1 ? batch.slice(0, -1) : batch, head),
      }),
  }),
  'only the first identity key is looked up': () => ({
    engine: deciding((handling) =>
      onSubject(handling, (state) => ({
        ...state,
        subject: {
          ...state.subject,
          places: state.subject.places.slice(0, 1),
          dossiers: state.subject.dossiers.slice(0, 1),
        },
      })),
    ),
  }),
  'only the first identity key is bound': () => ({
    engine: withoutThose(({ type }, place) => type === 'KeyBound' && place > 0),
  }),
  'keys of an older epoch are not looked up': () => ({
    engine: deciding((handling) =>
      onSubject(handling, (state) =>
        state.subject.places.some(({ inOldEpoch }) => inOldEpoch)
          ? {
              ...state,
              subject: {
                ...state.subject,
                places: state.subject.places.map((place) => ({ ...place, boundTo: undefined, inOldEpoch: false })),
                dossiers: [],
              },
            }
          : state,
      ),
    ),
  }),
  'two dossiers of one customer are not merged': () => ({
    engine: withoutThose((event) => event.type === 'DossierMerged' || causeOf(event) === 'sameSubject'),
  }),
  'a merge leaves the second protection': () => ({ engine: withoutThose((event) => causeOf(event) === 'sameSubject') }),
  'a crossed key ends the claim of a rival': () => ({
    engine: recording((event) =>
      event.type === 'ConflictRaised' && 'elsewhere' in event
        ? ({
            type: 'Rejected',
            registrationId: (event as unknown as { readonly claims: readonly string[] }).claims[0],
            cause: 'sameSubject',
            because: [],
          } as unknown as AnyEvent)
        : event,
    ),
  }),
  'two that were ruled to be two wait for their case for ever': () => ({
    engine: withoutThose(({ type }) => type === 'LeftCase'),
  }),
  'a clock runs out one millisecond early': () => ({ deskClock: (clock) => ({ now: () => shifted(clock.now(), 1) }) }),
  'a clock runs out one millisecond late': () => ({ deskClock: (clock) => ({ now: () => shifted(clock.now(), -1) }) }),
  'the end of a clock is not recorded': () => ({
    engine: withoutThose(({ type }) => type === 'Expired' || type === 'Abandoned'),
  }),
  'a verdict leaves the losers standing': () => ({ engine: withoutThose((event) => causeOf(event) === 'verdict') }),
  'a case lets the clock run': () => ({
    engine: recording((event) => (event.type === 'ConflictRaised' ? { ...event, suspended: undefined } : event)),
  }),
  'a suspension forgets when it ends': () => ({
    engine: recording((event) =>
      event.type === 'Resumed'
        ? ({
            ...event,
            protection: {
              ...(event as unknown as { protection: object }).protection,
              endsAt: '2026-03-02T00:00:00.000Z',
            },
          } as AnyEvent)
        : event,
    ),
  }),
  'one fen of a deal is lost': () => ({
    engine: recording((event) => (event.type === 'Attributed' ? oneFenLess(event) : event)),
  }),
  "a refusal is written into the rival's dossier": () => ({
    engine: deciding((handling) => ({
      ...handling,
      refusal: (rejections, state) => {
        const refusal = handling.refusal(rejections, state);
        const { subject } = refusal.event as { readonly subject?: string };
        return subject === undefined ? refusal : { ...refusal, stream: `dossier-${subject}` as StreamName };
      },
    })),
  }),
  'a refusal names another date': () => ({
    engine: deciding((handling) => ({
      ...handling,
      decide: (state) => {
        const decision = handling.decide(state);
        return decision.accepted
          ? decision
          : {
              accepted: false,
              rejections: decision.rejections.map((rejection) => ({
                ...rejection,
                ...(rejection.reason === 'ProtectedByAnother'
                  ? { accepted: { freeFrom: '2026-03-02T02:00:00.000Z' as Instant } }
                  : {}),
              })) as unknown as [Rejection],
            };
      },
    })),
  }),
};

const isDossier = (stream: string): boolean => stream.startsWith('dossier-');
const causeOf = (event: AnyEvent): unknown => (event as { readonly cause?: unknown }).cause;
const shifted = (now: Instant, milliseconds: number): Instant =>
  new Date(Date.parse(now) + milliseconds).toISOString() as Instant;

const oneFenLess = (event: AnyEvent): AnyEvent => {
  const { lines } = event as unknown as { readonly lines: readonly { readonly performance: string }[] };
  return {
    ...event,
    lines: lines.map((line, place) =>
      place === 0 ? { ...line, performance: String(BigInt(line.performance) - 1n) } : line,
    ),
  } as AnyEvent;
};

/** The object with some members in front of its own. */
const changed = <T extends object>(target: T, members: Partial<T>): T =>
  new Proxy(target, {
    get: (of, property) => {
      if (property in members) return members[property as keyof T];
      const member = Reflect.get(of, property) as unknown;
      return typeof member === 'function' ? member.bind(of) : member;
    },
  });

const appending =
  (change: (commit: Commit) => Commit) =>
  (log: EventLog): EventLog =>
    changed(log, { append: (commit) => log.append(change(commit)) });

type AnyHandling = Handling<unknown, AnyEvent, Rejection>;
const deciding =
  (change: (handling: AnyHandling) => AnyHandling) =>
  (engine: CommandEngine): CommandEngine =>
    changed(engine, {
      handle: ((handling: AnyHandling) => engine.handle(change(handling))) as CommandEngine['handle'],
    });

/** Leaves events of a decision out, or changes them, in the order in which it gave them. */
const recording = (change: (event: AnyEvent, place: number) => AnyEvent | undefined) =>
  deciding((handling) => ({
    ...handling,
    decide: (state) => {
      const decision = handling.decide(state);
      if (!decision.accepted) return decision;
      return accept(
        ...decision.events.flatMap((placed, place) => {
          const event = change(placed.event, place);
          return event === undefined ? [] : [{ ...placed, event }];
        }),
      );
    },
  }));
const withoutThose = (left: (event: AnyEvent, place: number) => boolean) =>
  recording((event, place) => (left(event, place) ? undefined : event));

/** Changes what a command that names its subject by a form has found; other commands stay as they are. */
const onSubject = (handling: AnyHandling, change: (state: SubjectState) => SubjectState): AnyHandling => ({
  ...handling,
  load: async (reader) => {
    const state = await handling.load(reader);
    return typeof state === 'object' && state !== null && 'subject' in state ? change(state as SubjectState) : state;
  },
});

/** Answers at once and writes with the next batch: what it answered last is lost with the process. */
const behindhand = (journal: Journal): Journal => {
  let held: readonly StoredEvent[] = [];
  return changed(journal, {
    head: async () => (await journal.head()) + held.length,
    append: async (batch, expectedHead) => {
      const before = held;
      if (before.length > 0) {
        const written = await journal.append(before, before[0]!.position);
        if (written.outcome === 'behind') {
          held = [];
          return written;
        }
      } else if ((await journal.head()) !== expectedHead) return { outcome: 'behind', head: await journal.head() };
      held = batch;
      return { outcome: 'appended' };
    },
  });
};
