import type { AnyEvent } from '#event-sourcing/event.js';
import type { Asked, Past } from '#event-sourcing/testing/given-when-then.js';
import type { Code, PartyId, StreamName } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { Slice } from '../../deciding/slice.js';
import { asking, type Ask } from './asks.js';
import { on } from './rehearsal.js';

/**
 * A command about a stream of its own: programs, calendars, parties. Asked by the administrator unless the case says
 * who.
 */
export const administering = <C extends CommandBase, E extends AnyEvent>(
  slice: Slice<C, E>,
  rest: Omit<C, keyof CommandBase>,
  ask: Ask = {},
): Asked => asking(slice, { by: 'administrator', ...ask }, () => rest);

/** What has happened in a stream of its own. */
export const inStream = (stream: StreamName, at: string, ...events: readonly AnyEvent[]): Past => ({
  at: on(at),
  context: { name: 'Given' as Code, actor: { party: 'administrator' as PartyId }, receivedBy: 'system' as Code },
  written: events.map((event) => ({ stream, event })),
});
