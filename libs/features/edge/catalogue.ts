import { catalogueOf, type EventCatalogue } from '#event-sourcing/catalogue.js';
import { auditEvents } from '../audit/events.js';
import { contractEvents } from '../dossier/deal/contract.js';
import { dossierEvents } from '../dossier/event-list.js';
import { keyringEvents } from '../dossier/keyring.js';
import { leaseEvents } from '../lease/events.js';
import { noticeEvents } from '../notice/events.js';
import { partyEvents } from '../party/events.js';
import { programEvents } from '../program/events.js';
import { standingEvents } from '../standing/events.js';
import { tableEvents } from '../table/events.js';
import { userEvents } from '../user/events.js';
import { workEvents } from '../work/events.js';

/** Every event type of the product. */
export const catalogue: EventCatalogue = catalogueOf(
  ...auditEvents,
  ...contractEvents,
  ...dossierEvents,
  ...keyringEvents,
  ...leaseEvents,
  ...noticeEvents,
  ...partyEvents,
  ...programEvents,
  ...standingEvents,
  ...tableEvents,
  ...userEvents,
  ...workEvents,
);
