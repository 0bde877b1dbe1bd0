import type { KeyObject } from 'node:crypto';
import { defineEvent, type Event } from '#event-sourcing/event.js';
import type { Folding, Reader } from '#event-sourcing/command/handle-command.js';
import type { Code, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { identityKeyStream } from '#identity/keys.js';
import type { DossierId, KeyAsked, KeyBound } from './events.js';

/** An epoch of identity keys begins: new bindings are named with its secret, older epochs are still looked up. */
export type KeyEpochOpened = Event<'KeyEpochOpened', 'fact', { readonly epoch: Code }>;
export const keyringEvents = [
  defineEvent<KeyEpochOpened>()({ type: 'KeyEpochOpened', kind: 'fact', personal: {} }),
] as const;

export const keyringStream = 'keyring' as StreamName;
export interface Keyring {
  readonly epochs: readonly Code[];
}
export const keyringFolding: Folding<Keyring, KeyEpochOpened> = {
  name: 'keyring',
  initial: { epochs: [] },
  apply: ({ epochs }, { event }) => ({ epochs: [...epochs, event.epoch] }),
};

interface KeyState {
  readonly boundTo?: DossierId;
  readonly askedIn: readonly DossierId[];
}
/** Of more dossiers in which somebody asked about one key, the latest count. */
const askedMax = 16;
const keyFolding: Folding<KeyState, KeyBound | KeyAsked> = {
  name: 'key',
  initial: { askedIn: [] },
  apply: (state, { event }) =>
    event.type === 'KeyBound'
      ? { ...state, boundTo: event.dossierId }
      : { ...state, askedIn: [...state.askedIn, event.dossierId].slice(-askedMax) },
};

/** The secret of a key epoch; without it nobody can tell whose key a stream's name is. */
export type EpochSecret = (epoch: Code) => Promise<KeyObject>;

export interface StrongKey {
  readonly kind: string;
  readonly value: string;
}
/** Where one identity key is bound, or would be: `stream` belongs to the newest epoch. */
export interface KeyPlace {
  readonly kind: Code;
  readonly stream: StreamName;
  readonly boundTo?: DossierId;
  /** Where somebody asked about it, or was granted something, before anybody filed; the latest comes last. */
  readonly askedIn: readonly DossierId[];
  /** Bound under an older epoch only: bind again under the newest. */
  readonly inOldEpoch: boolean;
}

/**
 * Looks every key up in every epoch. All streams that were read become part of the append, so nobody binds the same key
 * meanwhile.
 */
export const placesOf = async (
  reader: Reader,
  programId: ProgramId,
  keys: readonly StrongKey[],
  secret: EpochSecret,
): Promise<readonly KeyPlace[]> => {
  const { epochs } = await reader.fold(keyringStream, keyringFolding);
  const newest = epochs.at(-1);
  if (newest === undefined) throw new Error('The keyring has no epoch: open one before the first registration');
  const places: KeyPlace[] = [];
  for (const { kind, value } of keys) {
    const stream = identityKeyStream(newest, await secret(newest), programId, kind, value);
    const newestState = await reader.fold(stream, keyFolding);
    let { boundTo, askedIn } = newestState;
    for (const epoch of epochs.slice(0, -1)) {
      if (boundTo !== undefined) break;
      const older = await reader.fold(
        identityKeyStream(epoch, await secret(epoch), programId, kind, value),
        keyFolding,
      );
      boundTo = older.boundTo;
      askedIn = [...older.askedIn, ...askedIn].slice(-askedMax);
    }
    const inOldEpoch = boundTo !== undefined && newestState.boundTo === undefined;
    places.push({ kind: kind as Code, stream, boundTo, askedIn, inOldEpoch });
  }
  return places;
};
