import type { Reasons } from '#event-sourcing/vocabulary.js';
import { negateFen } from '#money/fen.js';
import type { AttributionReversed } from '../events.js';
import type { Deal } from './deal.js';

/** The mirror of what a deal is credited with now: equal amounts, the opposite sign. Nothing where it is not credited. */
export const reversing = ({ id, credited }: Deal, because: Reasons): readonly AttributionReversed[] =>
  credited?.id === undefined
    ? []
    : [
        {
          type: 'AttributionReversed',
          dealId: id,
          reverses: credited.id,
          ...(credited.registrationId === undefined ? {} : { registrationId: credited.registrationId }),
          lines: credited.lines.map(({ performance, commission, ...line }) => ({
            ...line,
            performance: negateFen(performance),
            ...(commission === undefined ? {} : { commission: negateFen(commission) }),
          })),
          ...(credited.commission === undefined ? {} : { commission: negateFen(credited.commission) }),
          ...(credited.currency === undefined ? {} : { currency: credited.currency }),
          because,
        },
      ];
