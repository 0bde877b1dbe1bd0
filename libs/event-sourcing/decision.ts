import type { AnyEvent, CommandContext } from './event.js';
import type { Code, DerivedFact, Reason, StreamName } from './vocabulary.js';

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

/** Whose word an event is, when it happened as they say, and which channel had it when. */
export type Source = Pick<CommandContext, 'actor' | 'occurredAt' | 'receivedAt' | 'receivedBy'>;

/** An event as a decision gives it: the engine only seals and appends. */
export interface Placed<E extends AnyEvent = AnyEvent> {
  readonly stream: StreamName;
  readonly event: E;
  /** The policy version that this event was ruled under, `policy@version#digest`. */
  readonly policy?: Code;
  /** Absent: whoever sent the command. What time alone decides is time's own. */
  readonly source?: Source;
}

/** A broken rule is an answer; a bug is a throw. `Made`: events, or events that say where they belong. */
export type Decision<Made extends AnyEvent | Placed, R extends Rejection = Rejection> =
  | { readonly accepted: true; readonly events: readonly Made[] }
  | { readonly accepted: false; readonly rejections: readonly [R, ...R[]] };

export const accept = <Made extends AnyEvent | Placed>(...events: readonly Made[]): Decision<Made, never> => ({
  accepted: true,
  events,
});
export const refuse = <const R extends Rejection>(first: R, ...more: readonly R[]): Decision<never, R> => ({
  accepted: false,
  rejections: [first, ...more],
});
