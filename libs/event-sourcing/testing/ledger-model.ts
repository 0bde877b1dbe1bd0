import { compareText, documentDigest } from '../projection/document.js';
import { readModel, removed, type ReadModel } from '../projection/read-model.js';
import type { WrittenEvent } from './array-log.js';

/** A read model in which an event taken twice, left out or taken out of turn shows in the document. */
export interface Account {
  readonly events: number;
  readonly sum: bigint;
  readonly trail: string;
  readonly opened: Date;
}
interface Opened {
  readonly type: 'Opened';
  readonly amount: number;
}
interface Moved {
  readonly type: 'Moved';
  readonly amount: number;
  readonly to: string;
}
interface Closed {
  readonly type: 'Closed';
}

const fresh: Account = { events: 0, sum: 0n, trail: '', opened: new Date(0) };
const add = (row: Account | undefined, amount: number): Account => {
  const { events, sum, trail, opened } = row ?? fresh;
  return {
    events: events + 1,
    sum: sum * 3n + BigInt(amount),
    trail: `${trail}${amount},`.slice(-40),
    opened: row === undefined ? new Date(amount) : opened,
  };
};

/** `Moved` touches two documents, `Closed` removes one, and a later event opens it again. */
export const ledger = ({ name = 'ledger', version = 1 } = {}): ReadModel<Account> =>
  readModel<Account, Opened | Moved | Closed>()({
    name,
    version,
    indexes: [['events'], ['trail']],
    ids: ({ stream }) => [stream],
    on: {
      Opened: (row, { event }) => add(row, event.amount),
      Moved: {
        ids: ({ stream, event }) => [stream, event.to],
        fold: (row, { event }, id) => add(row, id === event.to ? event.amount : -event.amount),
      },
      Closed: (row) => row && removed,
    },
  });

/**
 * Commands of one to three events over a few accounts, the same ones each time. The more accounts, the longer each
 * remembers.
 */
export const someEvents = (count: number, accounts = 5): readonly (readonly WrittenEvent[])[] => {
  const commands: WrittenEvent[][] = [];
  for (let number = 1; number <= count; number += 1) {
    const stream = `account-${(number * 7) % accounts}`;
    const type = number % 11 === 0 ? 'Closed' : number % 3 === 0 ? 'Moved' : number % 13 === 0 ? 'Unheard' : 'Opened';
    const event = { type, stream, body: { amount: number, to: `account-${(number * 3) % accounts}` } };
    if (number % 4 < 2 || commands.length === 0) commands.push([event]);
    else commands.at(-1)?.push(event);
  }
  return commands;
};

/** Digest of the ledger by a second way: one event after the other, no batches, no store. */
export const foldByHand = (events: readonly WrittenEvent[]): string => {
  const accounts = new Map<string, Account>();
  for (const { type, stream, body } of events) {
    const { amount, to } = body as { amount: number; to: string };
    if (type === 'Closed') accounts.delete(stream);
    if (type === 'Opened') accounts.set(stream, add(accounts.get(stream), amount));
    if (type === 'Moved')
      for (const id of new Set([stream, to])) accounts.set(id, add(accounts.get(id), id === to ? amount : -amount));
  }
  const digest = documentDigest();
  for (const [id, account] of [...accounts].toSorted(([a], [b]) => compareText(a, b))) digest.add(id, account);
  return digest.hex();
};
