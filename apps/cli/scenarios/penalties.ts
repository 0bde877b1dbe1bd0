import { z } from 'zod';
import type { Penalty } from '#features/standing/events.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { formatYuan } from '#money/fen.js';
import type { ZoneId } from '#time/instant.js';
import { moment, momentSchema, yuanSchema } from './words.js';

/**
 * `warning`, `dismissal`, `{ fine: 200 }`, `{ suspension: 2026-03-09 }` (until then, exclusive), `{ ban: permanent }`.
 */
export const penaltySchema = z.union(
  [
    z.enum(['warning', 'dismissal']),
    z.strictObject({ fine: yuanSchema }),
    z.strictObject({ compensation: yuanSchema }),
    z.strictObject({ measure: z.string().min(1) }),
    z.strictObject({ suspension: z.union([z.literal('permanent'), momentSchema]) }),
    z.strictObject({ ban: z.union([z.literal('permanent'), momentSchema]) }),
  ],
  {
    error:
      'A penalty is warning, dismissal, {fine: yuan}, {compensation: yuan}, {measure: name}, {suspension: until} or {ban: until}.',
  },
);
export type WrittenPenalty = z.output<typeof penaltySchema>;

export const penaltyOf = (written: WrittenPenalty, zone: ZoneId): Penalty => {
  if (typeof written === 'string') return { kind: written };
  if ('fine' in written) return { kind: 'fine', amount: written.fine };
  if ('measure' in written) return { kind: 'measure', measure: written.measure as Code };
  if ('compensation' in written) return { kind: 'compensation', amount: written.compensation };
  const [kind, until] =
    'suspension' in written ? ['suspension' as const, written.suspension] : ['ban' as const, written.ban];
  return { kind, ...(until === 'permanent' ? {} : { until: moment(until, zone) }) };
};

/** One penalty as a word, so that lists of them compare and print. */
export const penaltyText = (penalty: Penalty): string => {
  if ('amount' in penalty) return `${penalty.kind} ${formatYuan(penalty.amount, 'en')}`;
  if (penalty.kind === 'measure') return penalty.measure;
  return penalty.kind === 'suspension' || penalty.kind === 'ban'
    ? `${penalty.kind} until ${penalty.until ?? 'ever'}`
    : penalty.kind;
};
