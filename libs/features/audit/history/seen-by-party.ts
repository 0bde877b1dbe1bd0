import type { EventCatalogue } from '#event-sourcing/catalogue.js';
import type { Answer } from '#event-sourcing/event.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { DocumentValue } from '#event-sourcing/projection/read-model.js';
import { whoseOf, type HistoryEntry } from './history.js';

/** What a party is to one dossier: its own registrations and cases there, and the parties that it must not learn of. */
export interface OwnPart {
  readonly party: PartyId;
  readonly registrations: ReadonlySet<string>;
  readonly cases: ReadonlySet<string>;
  /** Those of its cases that are about the customers of several dossiers. */
  readonly shared: ReadonlySet<string>;
  /** Holders and filers of the other registrations. */
  readonly rivals: ReadonlySet<string>;
}
/** An entry as a party reads it. `redacted`: its texts are shown without numbers and without the other parties. */
export interface SeenEntry extends HistoryEntry {
  readonly redacted: boolean;
}

type Body = Readonly<Record<string, DocumentValue>>;

/** The places in the history's index where a party's own part stands. */
export const ownPlaces = ({ party, registrations, cases }: OwnPart): readonly string[] => [
  ...registrations,
  ...cases,
  `party:${party}`,
];

/**
 * The entry as a party to the dossier may read it, or `undefined`: what each event declares of itself in `toParty`.
 * Others' claims, attempts, questions and readings are not shown at all.
 */
export const asSeenByParty = (entry: HistoryEntry, own: OwnPart, catalogue: EventCatalogue): SeenEntry | undefined => {
  const { toParty, personal = {} } = catalogue.get(entry.type) ?? {};
  const whose = whoseOf(catalogue, entry);
  if (toParty === undefined || whose === null || !ownPlaces(own).includes(whose)) return undefined;
  const texts = Object.keys(personal).map((field) => toParty[field] ?? 'hidden');
  return {
    ...entry,
    body: Object.fromEntries(
      Object.entries(entry.body).map(([field, value]) => [field, answered(toParty[field] ?? 'hidden', value, own)]),
    ),
    // One box holds all that an event says of a person: where one text is hidden, none is opened.
    boxes: texts.includes('hidden') || isOfSeveralCustomers(entry, own) ? [] : entry.boxes,
    redacted: texts.includes('redacted'),
    user: entry.actor.party === own.party ? entry.user : undefined,
    actor: actsOpenly(entry, own) ? entry.actor : { party: '' as PartyId },
  };
};

/**
 * What an office writes about the customers of several dossiers may name each of them, however it is spelled: a party
 * reads what was ruled and under which rule, and none of the words.
 */
const isOfSeveralCustomers = ({ command, body }: HistoryEntry, { shared }: OwnPart): boolean =>
  command === 'Separate' || command === 'Rejoin' || shared.has(String(body['caseId']));

/** Acts of an office, done in its own name. Whoever claims or asks is named to nobody but itself. */
const officeActs: ReadonlySet<string> = new Set([
  'Approve',
  'Reject',
  'ReturnForMore',
  'Terminate',
  'Transfer',
  'DecideExtension',
  'RescindRuling',
  'RescindVerdict',
  'Arbitrate',
  'Separate',
  'Rejoin',
  'GrantPermission',
  'Exempt',
  'RecordDeal',
  'RescindDeal',
  'AgreeSplit',
  'FindOffence',
  'RescindPenalty',
  'MeetDeadlines',
  'IssueNotices',
]);
/**
 * A rival's filing may end, merge or contest a claim, in this dossier or in another one: its actor is not named, even
 * where it is not known as a rival.
 */
const actsOpenly = ({ actor: { party, onBehalfOf }, command }: HistoryEntry, own: OwnPart): boolean =>
  party === own.party ||
  onBehalfOf === own.party ||
  (officeActs.has(command) && !own.rivals.has(party) && (onBehalfOf === undefined || !own.rivals.has(onBehalfOf)));

const answered = (answer: Answer, value: DocumentValue, own: OwnPart): DocumentValue => {
  switch (answer) {
    case 'shown':
      return value;
    case 'ifSelf':
      return kept(value, (party) => party === own.party);
    case 'ifOwn':
      return kept(value, (claim) => own.registrations.has(claimOf(claim)) || own.cases.has(claimOf(claim)));
    case 'ownLines':
      return withOwnLines(value, own.party);
    case 'redacted':
    case 'hidden':
      return undefined;
  }
};

/** A value that passes; of a list, those that do. */
const kept = (value: DocumentValue, pass: (one: DocumentValue) => boolean): DocumentValue =>
  Array.isArray(value) ? value.filter(pass) : pass(value) ? value : undefined;
/** The id of a claim or case: itself, or what speaks of one. */
const claimOf = (value: DocumentValue): string =>
  String(typeof value === 'object' && value !== null ? (value as Body)['registrationId'] : value);

const withOwnLines = (value: DocumentValue, party: PartyId): DocumentValue => {
  if (Array.isArray(value))
    return value.filter((line) => isOwnLine(line, party)).map((line) => withOwnLines(line, party));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Body).flatMap(([field, inside]) =>
      field === 'partyId' && inside !== party ? [] : [[field, withOwnLines(inside, party)]],
    ),
  );
};
const isOwnLine = (line: DocumentValue, party: PartyId): boolean =>
  typeof line !== 'object' || line === null || !('partyId' in line) || (line as Body)['partyId'] === party;
