import { readModel } from '#event-sourcing/projection/read-model.js';
import type { CalendarDate, Code, EventId, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { RegistrationId } from '../../dossier/events.js';
import type { NoticeIssued } from '../events.js';

/** One notice, as its addressee reads it. */
export interface NoticeCard {
  readonly noticeId: EventId;
  readonly to: PartyId;
  readonly programId: ProgramId;
  readonly aboutType: Code;
  readonly registrationId: RegistrationId;
  readonly channels: readonly Code[];
  readonly says: readonly Code[];
  readonly lastDay?: CalendarDate;
  readonly issuedAt: Instant;
  readonly because: readonly Reason[];
}

export const noticeCard = readModel<NoticeCard, NoticeIssued>()({
  name: 'notice-card',
  version: 1,
  indexes: [
    ['to', 'issuedAt'],
    ['to', 'programId', 'issuedAt'],
  ],
  ids: ({ id }) => [id],
  on: {
    NoticeIssued: (_, { event, id, times }) => ({
      noticeId: id,
      to: event.to,
      programId: event.programId,
      aboutType: event.aboutType,
      registrationId: event.registrationId,
      channels: event.channels,
      says: event.says,
      lastDay: event.lastDay,
      issuedAt: times.recordedAt,
      because: event.because,
    }),
  },
});
