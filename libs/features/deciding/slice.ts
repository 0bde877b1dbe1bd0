import type { KeyObject } from 'node:crypto';
import type { Rejection } from '#event-sourcing/decision.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Code, StreamName, User } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from './decision-facts.js';

/** What a decision is given that is not in the log: the time, the secrets of identity keys, an id for a new subject. */
export interface Given {
  readonly clock: Clock;
  readonly secret: (epoch: Code) => Promise<KeyObject>;
  readonly newDossierId: () => string;
  /** The stream of a login, by a secret. */
  readonly userStream: (user: User) => Promise<StreamName>;
}

/**
 * One thing that somebody may do, as a value: its name, and how the engine handles it. Its bus command, its handler and
 * its place in every list follow from it.
 */
export interface Slice<C extends CommandBase, E extends AnyEvent> {
  readonly name: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- What a slice folds is known to the slice alone.
  readonly handling: (command: C, given: Given) => Handling<any, E, Rejection>;
}
/** One of a list. */
// oxlint-disable-next-line typescript/no-explicit-any -- What a slice folds is known to the slice alone.
export type AnySlice = Slice<never, any>;
