import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { DocumentValue } from '#event-sourcing/projection/read-model.js';
import type { HistoryEntry } from './history.js';

/** What a party is to one dossier: its own registrations and cases there, and the parties that it must not learn of. */
export interface OwnPart {
  readonly party: PartyId;
  readonly registrations: ReadonlySet<string>;
  readonly cases: ReadonlySet<string>;
  /** Holders and filers of the other registrations. */
  readonly rivals: ReadonlySet<string>;
}

type Body = Readonly<Record<string, DocumentValue>>;

/**
 * The entry as a party to the dossier may read it, or `undefined`: what happened to its own claim, and of a case that
 * somebody else is in it,
 * never who. Others' claims, attempts, questions and readings are not shown at all.
 */
export const asSeenByParty = (entry: HistoryEntry, own: OwnPart): HistoryEntry | undefined => {
  if (!concerns(entry, own)) return undefined;
  const { party, onBehalfOf } = entry.actor;
  const hidden = own.rivals.has(party) || (onBehalfOf !== undefined && own.rivals.has(onBehalfOf));
  return {
    ...entry,
    body: withoutRivals(entry.type, entry.body, own),
    // Reasons are written about both sides; the side that lost reads the outcome and the clauses.
    boxes: entry.type === 'Arbitrated' && !own.registrations.has(String(entry.body['winner'])) ? [] : entry.boxes,
    ...(hidden ? { actor: { party: '' as PartyId } } : {}),
  };
};

const concerns = ({ type, body, actor }: HistoryEntry, own: OwnPart): boolean => {
  if (type === 'CommandRefused' || type === 'AvailabilityAsked' || type === 'RecordRead')
    return actor.party === own.party;
  if (typeof body['registrationId'] === 'string') return own.registrations.has(body['registrationId']);
  if (typeof body['caseId'] === 'string') return own.cases.has(body['caseId']);
  return body['partyId'] === own.party || (type === 'DossierOpened' && actor.party === own.party);
};

/** Ids of others' claims say nothing by themselves, but names of parties do. */
const withoutRivals = (type: string, body: Body, own: OwnPart): Body => {
  const mine = (value: DocumentValue): boolean => own.registrations.has(String(value));
  switch (type) {
    case 'ConflictRaised':
      return {
        ...body,
        claims: (body['claims'] as readonly string[]).filter(mine),
        suspended: mine((body['suspended'] as Body | undefined)?.['registrationId']) ? body['suspended'] : undefined,
      };
    case 'Arbitrated':
      return {
        ...body,
        winner: mine(body['winner']) ? body['winner'] : undefined,
        shares: ownLines(body['shares'], own),
      };
    case 'Attributed':
      return { ...body, lines: ownLines(body['lines'], own) };
    case 'Transferred':
      return {
        ...body,
        from: body['from'] === own.party ? body['from'] : undefined,
        to: body['to'] === own.party ? body['to'] : undefined,
      };
    case 'RulingRescinded':
      return { ...body, holder: body['holder'] === own.party ? body['holder'] : undefined };
    default:
      return body;
  }
};

const ownLines = (lines: DocumentValue, { party }: OwnPart): DocumentValue =>
  Array.isArray(lines) ? (lines as readonly Body[]).filter(({ partyId }) => partyId === party) : undefined;
