import type { Decision, Rejection } from '#event-sourcing/decision.js';
import { accept, refuse } from '#event-sourcing/decision.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { Folding, Handling, Reader } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Instant, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { contextOf, refusalOf, type CommandBase } from './decision-facts.js';
import { barredBy } from './may-act.js';
import type { Slice } from './slice.js';
import type { Role } from '#policy/roles.js';
import { partyFolding, partyStream, rolesAt } from '../party/facts.js';
import { standingFolding, standingStream } from '../standing/facts.js';

/** What a decision outside the dossiers rests on: who asks, and the one stream it is about. */
export interface OnStream<State> {
  readonly state: State;
  readonly roles: readonly Role[];
  readonly now: Instant;
  /** What forbids the caller to act at all. */
  readonly barred: readonly Rejection[];
}

/** A slice about one stream of its own, done by people with a named role: programs, policies, parties, calendars. */
export interface AdministrationSlice<C extends CommandBase, State, E extends AnyEvent> {
  readonly name: string;
  readonly stream: (command: C) => StreamName;
  readonly folding: Folding<State, E>;
  readonly allowed: readonly Role[];
  readonly program?: (command: C) => ProgramId | undefined;
  /** Reads what else the decision needs and completes the command with it; what it reads is checked by the append. */
  readonly look?: (reader: Reader, command: C, now: Instant) => Promise<C>;
  readonly decide: (on: OnStream<State>, command: C) => Decision<E>;
}

/** A command about one stream of its own, as a value. */
export const administration = <C extends CommandBase, State, E extends AnyEvent>(
  slice: AdministrationSlice<C, State, E>,
): AdministrationSlice<C, State, E> & Slice<C, E> => ({
  ...slice,
  handling: (command, { clock }) => administrationHandling(slice, command, clock),
});

export const administrationHandling = <C extends CommandBase, State, E extends AnyEvent>(
  slice: AdministrationSlice<C, State, E>,
  command: C,
  clock: Clock,
): Handling<OnStream<State> & { readonly complete: C }, E, Rejection> => {
  const stream = slice.stream(command);
  const program = slice.program?.(command);
  return {
    context: contextOf(command, slice.name, program),
    queueOn: [stream],
    load: async (reader) => {
      const now = clock.now();
      const caller = await reader.fold(partyStream(command.by), partyFolding);
      return {
        state: await reader.fold(stream, slice.folding),
        roles: [...new Set([...rolesAt(caller, program, now), ...(command.granted ?? [])])],
        now,
        complete: (await slice.look?.(reader, command, now)) ?? command,
        barred: barredBy(await reader.fold(standingStream(command.by), standingFolding), program, now),
      };
    },
    decide: (on) => {
      const [barred] = on.barred;
      if (barred !== undefined) return refuse(barred);
      if (!slice.allowed.some((role) => on.roles.includes(role)))
        return refuse({ reason: 'RoleMissing', accepted: { roles: slice.allowed as never } });
      const decision = slice.decide(on, on.complete);
      return decision.accepted ? accept(...decision.events.map((event) => ({ stream, event }))) : decision;
    },
    refusal: (rejections) =>
      refusalOf(command, slice.name, rejections, program === undefined ? {} : { programId: program }),
  };
};
