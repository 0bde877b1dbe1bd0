import type { Rejection } from '../decision.js';
import { decodeEvent, type EventCatalogue } from '../envelope.js';
import type { AnyEvent, CommandContext, Recorded } from '../event.js';
import type { CommandEngine, Handling, Outcome, Written } from '../command/handle-command.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Code, CommandId, Instant, Position } from '../vocabulary.js';

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
  /** A fresh one each time: what it answers comes from the log, not from memory. */
  readonly engine: () => CommandEngine;
}

/** What has happened before: events as one command recorded them. */
export interface Past {
  readonly at: Instant;
  readonly context: Omit<CommandContext, 'organisation' | 'commandId' | 'occurredAt' | 'receivedAt' | 'policy'> &
    Partial<Pick<CommandContext, 'policy'>>;
  readonly written: readonly Written[];
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

/** Part of an event: its type and whatever the case is about. Personal fields are sealed and not compared. */
export type Expected = { readonly type: string } & Readonly<Record<string, unknown>>;
export interface Answered {
  readonly events: readonly Recorded[];
  readonly stage: Stage;
}

export interface When {
  /** Accepted with exactly these events, in this order. */
  then(...expected: readonly (Expected | string)[]): Promise<Answered>;
  /** Refused for exactly these reasons; `accepted` is what the first of them says would be taken. */
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
      then: (...expected) => play(open, past.flat(), asked, (answer) => accepted(answer, expected)),
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
  check: (answer: Answer) => void,
): Promise<Answered> => {
  const stage = await open();
  for (const [index, step] of past.entries()) await record(stage, step, `given-${index + 1}` as CommandId);
  stage.clock.set(asked.at);
  const before = await stage.log.head();
  const outcome = await stage.engine().handle(asked.handling('when' as CommandId, stage.clock));
  const after = await stage.log.head();
  check({ stage, asked, outcome, before, after });
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
    decide: () => ({ accepted: true, events: written.map(({ event }, index) => ({ ...event, [placeOf]: index })) }),
    streamOf: (event) => written[(event as unknown as Record<symbol, number>)[placeOf]!]!.stream,
    refusal: () => {
      throw new Error('What has happened is not refused');
    },
    policyOf: () => context.policy ?? stage.policy,
  });
  expect(outcome.outcome).toBe('accepted');
};
/** Which of the given events this one is; a symbol, so that it is not written. */
const placeOf = Symbol('place');

const accepted = ({ outcome, before, after }: Answer, expected: readonly (Expected | string)[]): void => {
  if (outcome.outcome !== 'accepted')
    throw new Error(
      `Expected ${expected.map(typeOf).join(', ') || 'nothing'}, but it was ${outcome.outcome}: ${reasonsOf(outcome).join(', ')}`,
    );
  const bodies = outcome.events.map(({ event }) => event);
  expect(bodies.map(({ type }) => type)).toEqual(expected.map(typeOf));
  expect(bodies).toMatchObject(expected.map((each) => (typeof each === 'string' ? { type: each } : each)));
  expect(after - before).toBe(expected.length);
};
const typeOf = (expected: Expected | string): string => (typeof expected === 'string' ? expected : expected.type);

const refused = (
  { outcome, before, after }: Answer,
  reasons: readonly string[],
  accepts: Readonly<Record<string, unknown>> | undefined,
): void => {
  if (outcome.outcome !== 'refused')
    throw new Error(
      `Expected to be refused for ${reasons.join(', ')}, but it was ${outcome.outcome}${outcome.outcome === 'accepted' ? `: ${outcome.events.map(({ event }) => event.type).join(', ')}` : ''}`,
    );
  expect(reasonsOf(outcome)).toEqual(reasons);
  if (accepts !== undefined) expect(rejectionsOf(outcome)[0]?.accepted).toMatchObject(accepts);
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
