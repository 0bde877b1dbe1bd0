import { readModel } from '#event-sourcing/projection/read-model.js';
import type { CalendarDate, Code, EventId, Instant, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { RegistrationId } from '../../dossier/events.js';
import type { NoticeIssued } from '../events.js';

/** One notice, as its addressee reads it. */
export interface NoticeCard {
  readonly noticeId: EventId;
  /** The party, or `office/<program>/<role>`. */
  readonly to: string;
  readonly toRole?: Code;
  readonly programId: ProgramId;
  readonly aboutType: Code;
  readonly registrationId: RegistrationId;
  readonly channels: readonly Code[];
  readonly says: readonly Code[];
  readonly lastDay?: CalendarDate;
  readonly issuedAt: Instant;
  readonly because: readonly Reason[];
}

/** How an office is found; no party's id has a slash. */
export const officeOf = (program: ProgramId, role: string): string => `office/${program}/${role}`;

export const noticeCard = readModel<NoticeCard, NoticeIssued>()({
  name: 'notice-card',
  version: 2,
  indexes: [
    ['to', 'issuedAt'],
    ['to', 'programId', 'issuedAt'],
  ],
  ids: ({ id }) => [id],
  on: {
    NoticeIssued: (_, { event, id, times }) => ({
      noticeId: id,
      to: event.to ?? officeOf(event.programId, event.toRole!),
      toRole: event.toRole,
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
