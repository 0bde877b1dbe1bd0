import type { KeyObject } from 'node:crypto';
import { commitsText, handedIn } from '#event-sourcing/log/forwarded-commits.js';
import type { Commit } from '#event-sourcing/ports/event-log.js';
import { PeerUnreachableError, type Handed, type Peers } from '#event-sourcing/ports/peers.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { isSigned, signatureHeader, signatureOf } from './peer-signature.js';

export interface HttpPeersOptions {
  readonly secret: KeyObject;
  readonly journalId: string;
  /** Milliseconds; a frozen server takes the connection and says nothing. */
  readonly timeout?: number;
}

/** Longer than the slowest append that is still worth waiting for, shorter than what a person waits for. */
const timeoutByDefault = 3_000;

/** Hands commits to another server over HTTP, signed both ways. */
export const httpPeers = ({ secret, journalId, timeout = timeoutByDefault }: HttpPeersOptions): Peers => {
  const ask = async (address: string, path: string, body: string): Promise<string> => {
    const signature = signatureOf(secret, journalId, path, body);
    const response = await fetch(new URL(path, address), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', [signatureHeader]: signature },
      signal: AbortSignal.timeout(timeout),
      redirect: 'error',
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`it answered ${response.status}`);
    if (!isSigned(response.headers.get(signatureHeader), signatureOf(secret, journalId, signature, text)))
      throw new Error('its answer is not signed by this installation');
    return text;
  };
  return {
    async hand(address: string, commits: readonly Commit[], head: Position): Promise<Handed> {
      try {
        return handedIn(await ask(address, '/commits', commitsText(commits, head)));
      } catch (error) {
        throw new PeerUnreachableError(address, error);
      }
    },
    async answers(address: string): Promise<boolean> {
      return ask(address, '/here', '').then(
        () => true,
        () => false,
      );
    },
  };
};
