import type { AnyEvent } from '#event-sourcing/event.js';
import type { Asked, Past } from '#event-sourcing/testing/given-when-then.js';
import type { Code, PartyId, StreamName } from '#event-sourcing/vocabulary.js';
import { administrationHandling, type AdministrationSlice } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import { asked, base, type Ask } from './asks.js';
import { on } from './rehearsal.js';

/**
 * A command about a stream of its own: programs, calendars, parties. Asked by the administrator unless the case says
 * who.
 */
export const administering = <C extends CommandBase, State, E extends AnyEvent>(
  slice: AdministrationSlice<C, State, E>,
  rest: Omit<C, keyof CommandBase>,
  ask: Ask = {},
): Asked =>
  asked(slice.name, ask, (commandId, clock) =>
    administrationHandling(slice, { ...base({ by: 'administrator', ...ask }, commandId), ...rest } as C, clock),
  );

/** What has happened in a stream of its own. */
export const inStream = (stream: StreamName, at: string, ...events: readonly AnyEvent[]): Past => ({
  at: on(at),
  context: { name: 'Given' as Code, actor: { party: 'administrator' as PartyId }, receivedBy: 'system' as Code },
  written: events.map((event) => ({ stream, event })),
});
