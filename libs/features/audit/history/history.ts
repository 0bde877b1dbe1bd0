import type { EventCatalogue } from '#event-sourcing/catalogue.js';
import type { AnyEvent, Box, EventKind, Recorded } from '#event-sourcing/event.js';
import type { DocumentValue, Fold, ReadModel } from '#event-sourcing/projection/read-model.js';
import type { Actor, Code, EventId, Position, ProgramId, StreamName, Times } from '#event-sourcing/vocabulary.js';

/**
 * One thing that happened to a subject or a party: who, when (three times), under which policy, and everything the
 * event says in clear.
 */
export interface HistoryEntry {
  readonly subject: string;
  /** Whose part it is: a registration, a case, `party:<id>`; null where no party may see it. */
  readonly whose?: string | null;
  readonly position: Position;
  readonly eventId: EventId;
  readonly stream: StreamName;
  readonly type: Code;
  readonly kind: EventKind;
  readonly programId?: ProgramId;
  readonly command: Code;
  readonly actor: Actor;
  /** The login that sent it, sealed. */
  readonly user?: Box;
  readonly times: Times;
  readonly policy?: Code;
  readonly body: { readonly [field: string]: DocumentValue };
  /** What it says about a person, sealed. */
  readonly boxes: readonly Box[];
}

const padding = 12;
/** Ids in the order of the log. */
export const historyId = (subject: string, position: Position): string =>
  `${subject}@${String(position).padStart(padding, '0')}`;

/** Subjects an event belongs to: the dossier it stands in or names, or the party whose standing it changes. */
const subjectsOf = ({ stream, event }: Recorded): readonly string[] => {
  const named = event as { readonly subject?: string; readonly dossierId?: string; readonly partyId?: string };
  if (stream.startsWith('dossier-')) return [stream.slice('dossier-'.length)];
  if (stream.startsWith('standing-'))
    return [`party:${named.partyId}`, ...(named.subject === undefined ? [] : [named.subject])];
  if (stream.startsWith('work-'))
    return [named.partyId === undefined ? `program:${stream.slice('work-'.length)}` : `party:${named.partyId}`];
  if (stream.startsWith('party-')) return [`party:${stream.slice('party-'.length)}`];
  if (stream.startsWith('program-')) return [`program:${stream.slice('program-'.length)}`];
  if (stream.startsWith('key-')) return named.dossierId === undefined ? [] : [named.dossierId];
  return named.subject === undefined ? [] : [named.subject];
};

/** One event as an entry of one of its subjects. */
export const entryOf = (recorded: Recorded, subject: string): HistoryEntry => {
  const { type, ...body } = recorded.event as AnyEvent & { readonly [field: string]: DocumentValue };
  return {
    subject,
    position: recorded.position,
    eventId: recorded.id,
    stream: recorded.stream,
    type: type as Code,
    kind: recorded.kind,
    programId: recorded.program,
    command: recorded.command.name,
    actor: recorded.actor,
    times: recorded.times,
    policy: recorded.policy,
    body,
    user: recorded.boxes.user,
    boxes: Object.values(recorded.boxes).filter((box) => box !== undefined && box.slot !== 'user') as readonly Box[],
  };
};

/** Whose part of a history an entry is, as its event declares. */
export const whoseOf = (
  catalogue: EventCatalogue,
  { type, body, actor }: Pick<HistoryEntry, 'type' | 'body' | 'actor'>,
): string | null => {
  const { registrationId, caseId, partyId } = body as Readonly<Record<string, string | undefined>>;
  switch (catalogue.get(type)?.whose) {
    case 'registration':
      return registrationId ?? null;
    case 'case':
      return caseId ?? null;
    case 'party':
      return partyId === undefined ? null : `party:${partyId}`;
    case 'actor':
      return `party:${actor.party}`;
    case undefined:
      return null;
  }
};

const entryIn = (catalogue: EventCatalogue): Fold<HistoryEntry> => ({
  ids: (recorded) => subjectsOf(recorded).map((subject) => historyId(subject, recorded.position)),
  fold: (_, recorded, id) => {
    const entry = entryOf(recorded, id.slice(0, id.lastIndexOf('@')));
    return { ...entry, whose: whoseOf(catalogue, entry) };
  },
});

/** Everything that ever happened, by subject, in the order of the log. Listens to every event type there is. */
export const historyOf = (catalogue: EventCatalogue): ReadModel<HistoryEntry> => ({
  name: 'history',
  version: 3,
  indexes: [
    ['subject', 'position'],
    // A party's own part is read along this one, however much of others lies between.
    ['subject', 'whose', 'position'],
  ],
  on: Object.fromEntries([...catalogue.keys()].map((type) => [type, entryIn(catalogue)])),
});
