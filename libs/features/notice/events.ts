import { defineEvent, openly, type Event } from '#event-sourcing/event.js';
import type { CalendarDate, Code, EventId, PartyId, ProgramId, Reasons } from '#event-sourcing/vocabulary.js';
import type { RegistrationId } from '../dossier/events.js';

/**
 * A party is to be told something, by the channels that the policy names. What is said stands as keys (`lastDay`,
 * `doNotQuote`), never as
 * another party's data: a rival reads its own registration and that somebody else is protected, not who.
 */
export type NoticeIssued = Event<
  'NoticeIssued',
  'ruling',
  {
    readonly programId: ProgramId;
    /** Absent: an office is told, whoever holds its role in the program. */
    readonly to?: PartyId;
    readonly toRole?: Code;
    readonly channels: readonly Code[];
    readonly says: readonly Code[];
    /** The ruling that it tells of. */
    readonly about: EventId;
    readonly aboutType: Code;
    /** The claim of the one who is told; an office is told of the claim that it happened to. */
    readonly registrationId: RegistrationId;
    readonly subject: Code;
    readonly lastDay?: CalendarDate;
    readonly because: Reasons;
  }
>;

export const noticeEvents = [
  defineEvent<NoticeIssued>()({
    type: 'NoticeIssued',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: {
      to: 'ifSelf',
      about: 'shown',
      registrationId: 'ifOwn',
      ...openly('programId', 'toRole', 'channels', 'says', 'aboutType', 'subject', 'lastDay', 'because'),
    },
  }),
] as const;
