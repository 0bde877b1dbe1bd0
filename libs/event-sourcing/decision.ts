import type { AnyEvent } from './event.js';
import type { DerivedFact, Reason } from './vocabulary.js';

/**
 * Every code that a command can be refused with. Whoever refuses declares its codes here, beside the sentence of each
 * (libs/policy/refusals.ts), so that a code nobody wrote a sentence for does not compile.
 */
export interface RefusalCodes {}
export type RefusalCode = keyof RefusalCodes;

/**
 * Why a command was refused: a code for machines, both languages for people, the rules behind it, and what would be
 * accepted.
 */
export interface Rejection {
  readonly reason: RefusalCode;
  /** The field of the command that a caller would change. */
  readonly field?: string;
  readonly because?: readonly Reason[];
  readonly accepted?: Readonly<Record<string, DerivedFact>>;
  readonly inputs?: Readonly<Record<string, DerivedFact>>;
}

/** A rejection as a log holds it: a later program may have dropped its code, and must still say something. */
export type Refusal = Omit<Rejection, 'reason'> & { readonly reason: string };

/** A broken rule is an answer; a bug is a throw. */
export type Decision<E extends AnyEvent, R extends Rejection = Rejection> =
  | { readonly accepted: true; readonly events: readonly E[] }
  | { readonly accepted: false; readonly rejections: readonly [R, ...R[]] };

export const accept = <E extends AnyEvent>(...events: readonly E[]): Decision<E, never> => ({ accepted: true, events });
export const reject = <const R extends Rejection>(first: R, ...more: readonly R[]): Decision<never, R> => ({
  accepted: false,
  rejections: [first, ...more],
});
