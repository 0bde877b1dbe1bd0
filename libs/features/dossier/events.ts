import type { EventOf } from '#event-sourcing/event.js';
import type { dossierEvents } from './event-list.js';
import type { ContractEvent } from './deal/contract.js';
import type { WorkCounted } from '../work/events.js';
import type { KeyBound, keyEvents } from './subject-events.js';

export * from './vocabulary.js';
export * from './subject-events.js';
export * from './registration/filing-events.js';
export * from './registration/work-events.js';
export * from './registration/request-events.js';
export * from './protection/protection-events.js';
export * from './collision/case-events.js';
export * from './deal/deal-events.js';
export type { ContractEvent } from './deal/contract.js';
export * from './duty/duty-events.js';

/** What a dossier's own stream holds. */
export type DossierEvent = Exclude<EventOf<typeof dossierEvents>, EventOf<typeof keyEvents>>;
/** What a command about a dossier writes: there, and in the streams of keys, of contracts' numbers and of work. */
export type WrittenEvent = DossierEvent | KeyBound | ContractEvent | WorkCounted;
