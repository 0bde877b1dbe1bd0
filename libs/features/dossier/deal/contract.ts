import { createHash } from 'node:crypto';
import { defineEvent, type Event, type EventOf } from '#event-sourcing/event.js';
import type { Placed, Rejection } from '#event-sourcing/decision.js';
import type { Folding, Reader } from '#event-sourcing/command/handle-command.js';
import { clear, type ClearText, type ProgramId, type StreamName } from '#event-sourcing/vocabulary.js';
import { contractNumber, type ContractNumber } from '#identity/contract-number.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import type { DealId } from '../vocabulary.js';

/** In the stream of a contract's number: a deal of this program stands under it. */
export type ContractNumberTaken = Event<
  'ContractNumberTaken',
  'fact',
  { readonly programId: ProgramId; readonly dealId: DealId }
>;
/** The deal was taken back, and its number is free for the right one. */
export type ContractNumberFreed = Event<
  'ContractNumberFreed',
  'fact',
  { readonly programId: ProgramId; readonly dealId: DealId }
>;
export const contractEvents = [
  defineEvent<ContractNumberTaken>()({ type: 'ContractNumberTaken', kind: 'fact', personal: {} }),
  defineEvent<ContractNumberFreed>()({ type: 'ContractNumberFreed', kind: 'fact', personal: {} }),
] as const;
export type ContractEvent = EventOf<typeof contractEvents>;

/**
 * Named by program and number. The number of a contract says nothing of a person, so its plain hash will do; the
 * stream's expected revision is what refuses the second of two writers.
 */
export const contractStream = (programId: ProgramId, key: ContractNumber['key']): StreamName =>
  `contract-${createHash('sha256').update(`${programId.length}:${programId}${key}`, 'utf8').digest('hex').slice(0, 32)}` as StreamName;

interface Taken {
  readonly by?: DealId;
}
const contractFolding: Folding<Taken, ContractEvent> = {
  name: 'contract',
  initial: {},
  apply: (_, { event }) => (event.type === 'ContractNumberTaken' ? { by: event.dealId } : {}),
};

/** A contract's number as a command gave it, and the deal that stands under it. */
export interface Contract {
  readonly shown: ClearText;
  readonly stream: StreamName;
  readonly takenBy?: DealId;
}
export type Looked = Contract | 'unreadable' | undefined;

/** Read from the log, so that the append checks it: of two writers with one number one is refused. */
export const lookedUp = async (reader: Reader, programId: ProgramId, text: string | undefined): Promise<Looked> => {
  if (text === undefined) return undefined;
  const number = contractNumber(text);
  if (number === undefined) return 'unreadable';
  const stream = contractStream(programId, number.key);
  const { by } = await reader.fold(stream, contractFolding);
  return { shown: clear(number.shown), stream, ...(by === undefined ? {} : { takenBy: by }) };
};

/** Why a deal cannot be recorded under this number. Whose the other deal is, is told to nobody here. */
export const contractTaken = (contract: Looked): readonly Rejection[] => {
  const field = 'contractNumber';
  if (contract === 'unreadable') return [{ reason: 'ContractNumberUnreadable', field }];
  return contract?.takenBy === undefined ? [] : [{ reason: 'AlreadyRecorded', field }];
};

/** The number is this deal's from now on, in the same append. */
export const taken = (contract: Looked, dealId: DealId, facts: FactsInForce): readonly Placed<ContractEvent>[] =>
  inStream(contract, { type: 'ContractNumberTaken', programId: facts.programId, dealId }, facts);
/** The deal was taken back: its number is free again. */
export const freed = (contract: Looked, dealId: DealId, facts: FactsInForce): readonly Placed<ContractEvent>[] =>
  inStream(contract, { type: 'ContractNumberFreed', programId: facts.programId, dealId }, facts);
const inStream = (
  contract: Looked,
  event: ContractEvent,
  { inForce }: FactsInForce,
): readonly Placed<ContractEvent>[] =>
  contract === undefined || contract === 'unreadable'
    ? []
    : [{ stream: contract.stream, event, policy: inForce.policy.reference }];
