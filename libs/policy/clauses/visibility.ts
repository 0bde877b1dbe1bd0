import { z } from 'zod';
import { code, type CalendarDate, type Reason } from '#event-sourcing/vocabulary.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { cited, oneOrMore } from '../words.js';

/**
 * What "is this customer free?" may say about others: never who. `protected` is always told, because a filing would be
 * refused anyway;
 * `lastDay` adds until when, `pending` that somebody's claim waits. Who may ask and who may browse are permissions
 * (`ask`, `seeOthers`).
 */
export const visibilitySchema = z.strictObject({
  availability: z.strictObject({ tells: oneOrMore(z.enum(['protected', 'lastDay', 'pending'])), ...cited }),
  ...cited,
});

export interface AvailabilityInput {
  readonly state: 'free' | 'protected' | 'pending' | 'inCase' | 'banned';
  readonly lastDay?: CalendarDate | undefined;
  /** The claim is the asker's own: nothing is hidden from its holder. */
  readonly own: boolean;
}
export interface Availability {
  readonly answer: AvailabilityInput['state'];
  readonly lastDay?: CalendarDate;
  readonly because: Reason;
}

/** The answer to one ask. A case is told as protected: that rivals argue is nobody's business. */
export const availabilityAnswer = (e: Evaluation, { state, lastDay, own }: AvailabilityInput): Availability => {
  const { availability } = e.policy.document.visibility;
  const tells = new Set<string>(availability.tells);
  const told = own
    ? state
    : state === 'inCase'
      ? 'protected'
      : state === 'pending' && !tells.has('pending')
        ? 'free'
        : state;
  const until = lastDay !== undefined && (own || (told === 'protected' && tells.has('lastDay'))) ? lastDay : undefined;
  return {
    answer: told,
    ...(until === undefined ? {} : { lastDay: until }),
    because: reasonOf(e, 'visibility.availability', availability, { own, answer: code(told) }),
  };
};
