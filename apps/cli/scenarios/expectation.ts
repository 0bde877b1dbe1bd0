import { z } from 'zod';
import { attributionBases } from '#policy/clauses/attribution.js';
import { operations } from '#policy/clauses/permissions.js';
import { registrationStates } from '#policy/selection.js';
import { penaltySchema } from './penalties.js';
import { sharesSchema } from './shares.js';
import { codeSchema, dateSchema, momentSchema, nameSchema, oneOrMore, textSchema, yuanSchema } from './words.js';

const none = z.literal('none');
const fact = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** How many rows a cell has, or also what they sum to: `{ count: 2, amount: 300000 }`. */
const cellSchema = z.union([z.int(), z.literal('few'), z.record(z.string(), z.union([z.number(), z.string()]))]);
/** Codes of states, as words: `under review`. */
const states = [...registrationStates, 'none'] as const;

/**
 * Everything that a `then` may say. All keys of one item must hold together; selectors (`at`, `customer`, `of`,
 * `registration`, `who`) say of what.
 */
export const expectationSchema = z.strictObject({
  // Of what, and when. Without `at`: right after the act. `at`: what the system says at that moment. `asOf`: who held
  // it then, as known now. `kind`: among the claims of that kind.
  at: momentSchema.optional(),
  asOf: momentSchema.optional(),
  kind: nameSchema.optional(),
  customer: textSchema.optional(),
  of: nameSchema.optional(),
  registration: nameSchema.optional(),
  who: nameSchema.optional(),
  // What the act met.
  accepted: z.union([z.literal(true), z.record(z.string(), z.union([fact, z.array(fact)]))]).optional(),
  refused: z.union([z.literal(true), oneOrMore(codeSchema)]).optional(),
  only: z.boolean().optional(),
  field: codeSchema.optional(),
  nothing: z.literal(true).optional(),
  recorded: oneOrMore(textSchema).optional(),
  cites: oneOrMore(textSchema).optional(),
  // A registration.
  state: codeSchema.pipe(z.enum(states)).optional(),
  class: codeSchema.optional(),
  startsAt: momentSchema.optional(),
  endsAt: z.union([none, momentSchema]).optional(),
  lastDay: z.union([none, z.literal('hidden'), dateSchema]).optional(),
  endedAt: momentSchema.optional(),
  suspended: z.boolean().optional(),
  cause: codeSchema.optional(),
  holder: nameSchema.optional(),
  extensionAsked: z.boolean().optional(),
  waitsFor: z.union([none, codeSchema]).optional(),
  step: codeSchema.optional(),
  stages: z.record(z.string(), codeSchema).optional(),
  parts: z.union([none, z.record(z.string(), z.union([none, nameSchema]))]).optional(),
  duties: z.record(z.string(), z.union([momentSchema, codeSchema])).optional(),
  missed: z.union([none, oneOrMore(codeSchema)]).optional(),
  missedPeriods: z.record(z.string(), z.int().min(0)).optional(),
  due: z.union([none, momentSchema]).optional(),
  details: z.record(z.string(), fact).optional(),
  owner: textSchema.optional(),
  // What a customer, or a party, is marked with: the names of the flags that stand.
  flags: z.array(nameSchema).optional(),
  // Who has a notice about the customer, a party or the role of an office, and who has none; `about`: of this event.
  told: oneOrMore(nameSchema).optional(),
  untold: oneOrMore(nameSchema).optional(),
  about: codeSchema.optional(),
  // A collision.
  case: z.enum(['open', 'decided', 'none']).optional(),
  collision: codeSchema.optional(),
  claims: z.array(nameSchema).optional(),
  outcome: codeSchema.optional(),
  winner: nameSchema.optional(),
  arbiters: oneOrMore(codeSchema).optional(),
  // A party's standing: `of` says whose.
  penalties: z.array(penaltySchema).optional(),
  occurrence: z.int().optional(),
  offences: z.int().optional(),
  standing: z.enum(['good', 'dismissed', 'banned', 'suspended']).optional(),
  // A deal.
  basis: z.enum(attributionBases).optional(),
  credited: z.union([z.literal('nobody'), z.record(nameSchema, yuanSchema)]).optional(),
  commission: z.record(nameSchema, yuanSchema).optional(),
  weights: sharesSchema.optional(),
  assistants: z.array(nameSchema).optional(),
  basedOn: nameSchema.optional(),
  // What happened to a customer, and who may see or do what.
  history: oneOrMore(textSchema).optional(),
  never: oneOrMore(textSchema).optional(),
  sees: codeSchema.optional(),
  answer: codeSchema.optional(),
  // Of somebody else's filing: the fields that `who` is shown.
  shown: z.union([none, z.array(codeSchema)]).optional(),
  queue: codeSchema.optional(),
  holds: z.array(nameSchema).optional(),
  list: codeSchema.optional(),
  rows: z.union([none, z.literal('hidden'), z.array(nameSchema)]).optional(),
  statistics: codeSchema.optional(),
  cells: z.union([none, z.literal('hidden'), z.record(z.string(), cellSchema)]).optional(),
  may: oneOrMore(z.enum(operations)).optional(),
  mayNot: oneOrMore(z.enum(operations)).optional(),
});
export type Expectation = z.output<typeof expectationSchema>;
