import type { clauses } from './clauses.js';
import type { decisionMessages } from './messages.js';

/** A clause that refuses nothing names no codes, and so no closed list of them. */
type Declared<C> = C extends { readonly says: { readonly refusals: infer R } }
  ? string extends keyof R
    ? never
    : keyof R
  : never;
/** The codes of the clauses, and those of the decisions. */
type Codes = Declared<(typeof clauses)[number]> | keyof typeof decisionMessages;

declare module '#event-sourcing/decision.js' {
  interface RefusalCodes extends Readonly<Record<Codes, true>> {}
}
