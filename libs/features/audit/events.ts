import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type {
  Brand,
  CalendarDate,
  Code,
  DerivedFact,
  PartyId,
  ProgramId,
  Reason,
  StreamName,
} from '#event-sourcing/vocabulary.js';

/** One rule that refused, as it was told to the caller. */
export interface RecordedRejection {
  readonly reason: Code;
  readonly field?: Code;
  readonly because?: readonly Reason[];
  readonly accepted?: Readonly<Record<string, DerivedFact>>;
  readonly inputs?: Readonly<Record<string, DerivedFact>>;
}

/**
 * A command was refused. In the stream of whoever tried, so that it never grows a rival's dossier; with the whole form,
 * for disputes and what-if.
 */
export type CommandRefused = Event<
  'CommandRefused',
  'ruling',
  {
    readonly commandName: Code;
    readonly programId?: ProgramId;
    /** The dossier or party it was about, if one was found. */
    readonly subject?: Code;
    readonly rejections: readonly RecordedRejection[];
    readonly form?: Readonly<Record<string, Personal<string | number | boolean>>>;
  }
>;

/**
 * "Is this customer free?" was asked, and what was answered. Durable before the answer leaves; the customer stands here
 * only as key streams.
 */
export type AvailabilityAsked = Event<
  'AvailabilityAsked',
  'fact',
  {
    readonly programId: ProgramId;
    readonly keys: readonly StreamName[];
    readonly subject?: Code;
    readonly answer: 'free' | 'protected' | 'pending' | 'inCase' | 'banned';
    readonly lastDay?: CalendarDate;
    readonly because: readonly Reason[];
  }
>;

/** Somebody read a record that is not their own, and why. Of a page that showed several, `subjects` names them all. */
export type RecordRead = Event<
  'RecordRead',
  'fact',
  {
    readonly programId?: ProgramId;
    readonly subject: Code;
    readonly subjects?: readonly Code[];
    readonly query: Code;
    readonly purpose: Code;
  }
>;

export type AccessDay = Brand<string, 'AccessDay'>;
export type { PartyId };

export const auditEvents = [
  defineEvent<CommandRefused>()({
    type: 'CommandRefused',
    kind: 'ruling',
    personal: { form: 'attempt' },
    keyPer: 'event',
    whose: 'actor',
    toParty: { rejections: 'shown', form: 'shown', ...openly('subject', 'commandName', 'programId') },
  }),
  defineEvent<AvailabilityAsked>()({
    type: 'AvailabilityAsked',
    kind: 'fact',
    personal: {},
    whose: 'actor',
    toParty: { keys: 'hidden', ...openly('subject', 'programId', 'because', 'answer', 'lastDay') },
  }),
  defineEvent<RecordRead>()({
    type: 'RecordRead',
    kind: 'fact',
    personal: {},
    whose: 'actor',
    toParty: openly('subject', 'programId', 'subjects', 'query', 'purpose'),
  }),
] as const;
