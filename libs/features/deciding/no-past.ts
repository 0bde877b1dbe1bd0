import type { Rejection } from '#event-sourcing/decision.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from './decision-facts.js';

/** Clocks of a client and of the server may differ, and a form takes a while to fill in. */
const lateMaxMilliseconds = 15 * 60_000;

/**
 * What is given from an earlier time on would change what was right when others acted. Whoever sits at the host itself
 * (`system`: an import of an old register, a scenario) may: nothing that was ruled here lies there yet.
 */
export const noPast = (
  field: string,
  from: Instant,
  { now, command }: { readonly now: Instant; readonly command: CommandBase },
): readonly Rejection[] =>
  command.receivedBy === 'system' || Date.parse(from) >= Date.parse(now) - lateMaxMilliseconds
    ? []
    : [{ reason: 'InThePast', field, accepted: { from: now } }];
