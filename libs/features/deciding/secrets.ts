import type { KeyObject } from 'node:crypto';
import { fingerprintOf } from '#event-sourcing/command/fingerprint.js';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { userStreams } from '../user/facts.js';
import type { CommandBase } from './decision-facts.js';
import type { Given } from './slice.js';

/** What an installation's secrets are for: names of identity keys and of logins, and telling commands apart. */
export interface Secrets extends Pick<Given, 'secret' | 'userStream'> {
  readonly fingerprint: (name: string, command: CommandBase) => Promise<Code>;
}

export const secretsOf = ({ secret }: Pick<KeyStore, 'secret'>): Secrets => {
  // A secret never changes: one look-up each.
  const known = new Map<string, Promise<KeyObject>>();
  const remembered = (name: string): Promise<KeyObject> => {
    const found = known.get(name) ?? secret(name);
    known.set(name, found);
    found.catch(() => {
      known.delete(name);
    });
    return found;
  };
  return {
    secret: (epoch) => remembered(`key-epoch-${epoch}`),
    userStream: userStreams(() => remembered('users')),
    fingerprint: async (name, command) => fingerprintOf(await remembered('commands'), name, inputOf(command)),
  };
};

/** What a sender says, without who sends it, as whom, and when it arrived: a repetition arrives later. */
const inputOf = (command: CommandBase): object => {
  const {
    commandId: _id,
    by: _by,
    user: _user,
    granted: _granted,
    receivedAt,
    receivedBy: _channel,
    ...input
  } = command;
  return (input as { readonly receiptAttested?: boolean }).receiptAttested === true ? { ...input, receivedAt } : input;
};
