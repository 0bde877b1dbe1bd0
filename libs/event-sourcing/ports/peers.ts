import type { Position } from '../vocabulary.js';
import type { Commit, Conflict, StoredEvent } from './event-log.js';

/** What another server answers to a commit that was handed to it. Positions are the journal's, so the same for both. */
export type HandedAnswer =
  | { readonly outcome: 'appended' | 'repeated'; /** Position of the command's last event. */ readonly last: Position }
  | {
      readonly outcome: 'conflict';
      readonly conflicts: readonly Conflict[];
      /** As far as it had read when it found them. */ readonly head: Position;
    }
  /** Certain: nothing was stored, and the same commit would be refused by any server. */
  | { readonly outcome: 'refused'; readonly message: string }
  /** It could not or would not take it now; it may or may not have been stored. */
  | { readonly outcome: 'undecided'; readonly message: string };

export interface Handed {
  /** In the order of the commits. */
  readonly answers: readonly HandedAnswer[];
  /**
   * The journal from where whoever asked stood, whole commands, as far as one answer goes: it need not read them there
   * itself.
   */
  readonly events: readonly StoredEvent[];
}

/** The other servers of the installation. */
export interface Peers {
  /**
   * `head`: as far as we have read. Throws `PeerUnreachableError`; then each commit may or may not have been stored.
   */
  hand(address: string, commits: readonly Commit[], head: Position): Promise<Handed>;
  /** Whether somebody of this installation answers there. */
  answers(address: string): Promise<boolean>;
}

export class PeerUnreachableError extends Error {
  override readonly name = 'PeerUnreachableError';
  constructor(
    readonly address: string,
    cause: unknown,
  ) {
    super(`The server at ${address} does not answer`, { cause });
  }
}
/** What was handed to us is not what our own servers hand: nothing of it was looked at. */
export class HandingRefusedError extends Error {
  override readonly name = 'HandingRefusedError';
}
