import type { AnyEvent } from './event.js';
import type { DerivedFact, Reason } from './vocabulary.js';

/**
 * Why a command was refused: a code for machines, both languages for people, the rules behind it, and what would be
 * accepted.
 */
export interface Rejection {
  readonly reason: string;
  /** The field of the command that a caller would change. */
  readonly field?: string;
  readonly because?: readonly Reason[];
  readonly accepted?: Readonly<Record<string, DerivedFact>>;
  readonly inputs?: Readonly<Record<string, DerivedFact>>;
}

/** A broken rule is an answer; a bug is a throw. */
export type Decision<E extends AnyEvent, R extends Rejection = Rejection> =
  | { readonly accepted: true; readonly events: readonly E[] }
  | { readonly accepted: false; readonly rejections: readonly [R, ...R[]] };

export const accept = <E extends AnyEvent>(...events: readonly E[]): Decision<E, never> => ({ accepted: true, events });
export const reject = <const R extends Rejection>(first: R, ...more: readonly R[]): Decision<never, R> => ({
  accepted: false,
  rejections: [first, ...more],
});
