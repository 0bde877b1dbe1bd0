import { caseEvents } from './collision/case-events.js';
import { dealEvents } from './deal/deal-events.js';
import { dutyEvents } from './duty/duty-events.js';
import { clockEvents, endEvents, extensionEvents, holderEvents } from './protection/protection-events.js';
import { answerEvents, filingEvents } from './registration/filing-events.js';
import { requestEvents } from './registration/request-events.js';
import { amendmentEvents, stageEvents, workEvents } from './registration/work-events.js';
import { keyEvents, permissionEvents, subjectEvents } from './subject-events.js';

/*
 * Every event type of a dossier, with what it says about a person and who of the parties may see what of it. What is
 * declared to no party (a key, a merge, a deal) tells of others by being there at all.
 */
export const dossierEvents = [
  ...keyEvents,
  ...subjectEvents,
  ...permissionEvents,
  ...filingEvents,
  ...answerEvents,
  ...extensionEvents,
  ...workEvents,
  ...amendmentEvents,
  ...stageEvents,
  ...dutyEvents,
  ...requestEvents,
  ...clockEvents,
  ...holderEvents,
  ...endEvents,
  ...caseEvents,
  ...dealEvents,
] as const;
