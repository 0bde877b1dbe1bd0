import type { Placed, Rejection } from '../decision.js';
import { decodeEvent, type EventCatalogue } from '../envelope.js';
import type { AnyEvent, CommandContext, Recorded } from '../event.js';
import type { CommandEngine, Handling, Outcome } from '../command/handle-command.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { KeyStore } from '../ports/key-store.js';
import { createOpener } from '../sealing/sealing.js';
import type { Code, CommandId, Instant, Position, StreamName } from '../vocabulary.js';

/**
 * Where a case is played: a log, a clock that stands where it is put, and as many engines over that log as are asked
 * for.
 */
export interface Stage {
  readonly log: EventLog;
  readonly clock: Clock & { set(instant: Instant): void };
  /** The policy that past events were recorded under, unless they say so themselves. */
  readonly policy?: Code;
  readonly catalogue: EventCatalogue;
  /** Opens what was sealed, so that personal fields are compared like all others. */
  readonly keyStore: Pick<KeyStore, 'openKeys'>;
  /** The stream in which an expected event stands when the case does not say. */
  readonly homeOf: (event: AnyEvent) => StreamName;
  /** A fresh one each time: what it answers comes from the log, not from memory. */
  readonly engine: () => CommandEngine;
}

/** What has happened before: events as one command recorded them. */
export interface Past {
  readonly at: Instant;
  readonly context: Omit<CommandContext, 'organisation' | 'commandId' | 'occurredAt' | 'receivedAt' | 'policy'> &
    Partial<Pick<CommandContext, 'policy'>>;
  readonly written: readonly Placed[];
}

/**
 * A command that a case asks for. `again`: what the same decision must give on the state after it, under another
 * command id.
 * `nothing` (the default) records no further event, whether it is accepted or refused; `records`: a fact that may be
 * stated twice.
 */
export interface Asked {
  readonly name: string;
  readonly at: Instant;
  readonly again?: 'nothing' | 'records';
  // Handlings of different states stand side by side here; each is run as a whole and never taken apart.
  readonly handling: (commandId: CommandId, clock: Clock) => Handling<unknown, AnyEvent, Rejection>;
}

/** A whole event, personal fields as `personal(value)`: a field that is not written here must not be there. */
export type WholeEvent = { readonly type: string } & Readonly<Record<string, unknown>>;
/** An event, and the stream where it stands. */
export interface InStream {
  readonly stream: string;
  readonly event: WholeEvent | Part;
}
export type Expected = WholeEvent | Part | InStream;

/** The part of an event that a case is about: the other fields are not compared. */
export class Part {
  constructor(readonly fields: WholeEvent) {}
}
export const partly = (fields: WholeEvent): Part => new Part(fields);

export interface Answered {
  readonly events: readonly Recorded[];
  readonly stage: Stage;
}

export interface When {
  /** Accepted with exactly these events, in this order. */
  then(...expected: readonly (Expected | readonly Expected[])[]): Promise<Answered>;
  /**
   * Refused for exactly these reasons; `accepted` is exactly what the first of them says would be taken, nothing where
   * it is left out.
   */
  thenRefused(reasons: string | readonly string[], accepted?: Readonly<Record<string, unknown>>): Promise<Answered>;
  /** Accepted, and nothing is recorded. */
  thenNothing(): Promise<Answered>;
}

/**
 * Cases in the regime's own order: what happened, what is asked, what follows. Each accepted command is asked twice
 * more, under the same id by
 * another engine and under a new id on the state it left: the first must answer with the very same events, the second
 * records nothing
 * unless the command says so.
 */
export const givenWhenThen = (open: () => Promise<Stage>) => ({
  given: (...past: readonly (Past | readonly Past[])[]) => ({
    when: (asked: Asked): When => ({
      then: (...expected) => play(open, past.flat(), asked, (answer) => accepted(answer, expected.flat())),
      thenRefused: (reasons, accepts) =>
        play(open, past.flat(), asked, (answer) => refused(answer, [reasons].flat(), accepts)),
      thenNothing: () => play(open, past.flat(), asked, (answer) => accepted(answer, [])),
    }),
  }),
});

interface Answer {
  readonly stage: Stage;
  readonly asked: Asked;
  readonly outcome: Outcome;
  readonly before: Position;
  readonly after: Position;
}

const play = async (
  open: () => Promise<Stage>,
  past: readonly Past[],
  asked: Asked,
  check: (answer: Answer) => Promise<void>,
): Promise<Answered> => {
  const stage = await open();
  for (const [index, step] of past.entries()) await record(stage, step, `given-${index + 1}` as CommandId);
  stage.clock.set(asked.at);
  const before = await stage.log.head();
  const outcome = await stage.engine().handle(asked.handling('when' as CommandId, stage.clock));
  const after = await stage.log.head();
  await check({ stage, asked, outcome, before, after });
  await askedAgain({ stage, asked, outcome, before, after });
  return { stage, events: outcome.outcome === 'indeterminate' ? [] : outcome.events };
};

const record = async (stage: Stage, { at, context, written }: Past, commandId: CommandId): Promise<void> => {
  stage.clock.set(at);
  const outcome = await stage.engine().handle({
    context: { ...context, commandId, occurredAt: at, receivedAt: at },
    load: async (reader) => {
      for (const { stream } of written)
        await reader.fold(stream, { name: 'unread', initial: undefined, apply: () => undefined });
    },
    decide: () => ({
      accepted: true,
      events: written.map((placed) => ({ policy: context.policy ?? stage.policy, ...placed })),
    }),
    refusal: () => {
      throw new Error('What has happened is not refused');
    },
  });
  expect(outcome.outcome).toBe('accepted');
};
const accepted = async ({ stage, outcome, before, after }: Answer, expected: readonly Expected[]): Promise<void> => {
  if (outcome.outcome !== 'accepted')
    throw new Error(
      `Expected ${expected.map(typeOf).join(', ') || 'nothing'}, but it was ${outcome.outcome}: ${reasonsOf(outcome).join(', ')}`,
    );
  const { events } = outcome;
  expect(events.map(({ event }) => event.type)).toEqual(expected.map(typeOf));
  const whole = await Promise.all(events.map((recorded) => wholeOf(stage, recorded)));
  expect(whole).toEqual(expected.map((each, index) => placeIn(stage, each, events[index]!)));
  // Nothing else was recorded, and nothing in between.
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => before + index));
  expect(after - before).toBe(expected.length);
};
const typeOf = (expected: Expected): string => {
  const event = isInStream(expected) ? expected.event : expected;
  return event instanceof Part ? event.fields.type : event.type;
};
const isInStream = (expected: Expected): expected is InStream => 'event' in expected && 'stream' in expected;

/** What must stand where; of a part, whatever else stands there. */
const placeIn = (stage: Stage, expected: Expected, recorded: Recorded): object => {
  const event = isInStream(expected) ? expected.event : expected;
  const fields = underPolicy(event instanceof Part ? event.fields : event, stage.policy);
  return {
    stream: isInStream(expected) ? expected.stream : stage.homeOf(event instanceof Part ? recorded.event : fields),
    event: event instanceof Part ? (expect.objectContaining(fields) as object) : fields,
  };
};
/** Reasons that name no policy rest on the one that the case is played under. */
const underPolicy = (event: WholeEvent, policy: Code | undefined): WholeEvent =>
  Array.isArray(event['because'])
    ? { ...event, because: (event['because'] as readonly object[]).map((reason) => ({ policy, ...reason })) }
    : event;

/** An event as it was decided: what the log holds in clear, and what its boxes hold. */
const wholeOf = async (
  { keyStore }: Stage,
  { stream, event, boxes }: Recorded,
): Promise<{ readonly stream: StreamName; readonly event: Readonly<Record<string, unknown>> }> => {
  const sealed = Object.values(boxes).filter((box) => box !== undefined);
  const opened = await createOpener({ keyStore }).open(sealed);
  const texts = opened.flatMap((box) => (box === 'erased' ? [] : [...box]));
  const whole: Record<string, unknown> = { ...event };
  for (const [path, { value }] of texts) {
    const [name, entry] = path.split(/\.(.*)/s) as [string, string | undefined];
    whole[name] = entry === undefined ? { value } : { ...(whole[name] as object | undefined), [entry]: { value } };
  }
  return { stream, event: whole };
};

const refused = async (
  { outcome, before, after }: Answer,
  reasons: readonly string[],
  accepts: Readonly<Record<string, unknown>> | undefined,
): Promise<void> => {
  if (outcome.outcome !== 'refused')
    throw new Error(
      `Expected to be refused for ${reasons.join(', ')}, but it was ${outcome.outcome}${outcome.outcome === 'accepted' ? `: ${outcome.events.map(({ event }) => event.type).join(', ')}` : ''}`,
    );
  expect(reasonsOf(outcome)).toEqual(reasons);
  // An empty answer says nothing.
  expect(rejectionsOf(outcome)[0]?.accepted ?? {}).toEqual(accepts ?? {});
  // A refusal is one event, in a stream of whoever tried: it never grows a rival's.
  expect([outcome.events.length, after - before]).toEqual([1, 1]);
  expect(outcome.events[0]!.stream).toMatch(/^attempts-/);
};
const rejectionsOf = (outcome: Outcome): readonly Rejection[] =>
  outcome.outcome === 'refused'
    ? (outcome.events[0]!.event as unknown as { readonly rejections: readonly Rejection[] }).rejections
    : [];
const reasonsOf = (outcome: Outcome): readonly string[] => rejectionsOf(outcome).map(({ reason }) => reason);

const askedAgain = async ({ stage, asked, outcome, after }: Answer): Promise<void> => {
  if (outcome.outcome === 'indeterminate') throw new Error(`${asked.name} is indeterminate`);
  const repeated = await stage.engine().handle(asked.handling('when' as CommandId, stage.clock));
  expect(repeated).toEqual({ ...outcome, ...(outcome.events.length === 0 ? {} : { repeated: true }) });
  expect(await stage.log.head()).toBe(after);
  if (outcome.outcome === 'refused') return;
  const second = await stage.engine().handle(asked.handling('when-again' as CommandId, stage.clock));
  const more = (await stage.log.readAll(after)).events.map((stored) => decodeEvent(stored, stage.catalogue).event.type);
  const recorded = second.outcome === 'refused' ? more.slice(1) : more;
  const allowed =
    asked.again === 'records' ? new Set(outcome.events.map(({ event }) => event.type)) : new Set<string>();
  if (recorded.some((type) => !allowed.has(type)))
    throw new Error(`${asked.name} is not safe to repeat: asked again it recorded ${recorded.join(', ')}`);
  if (asked.again === 'records' && outcome.events.length > 0) expect(recorded).not.toEqual([]);
};
