import type { Reader } from '#event-sourcing/command/handle-command.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { dossierFolding, type Dossier } from './dossier.js';
import type { DossierId } from './events.js';
import { placesOf, type EpochSecret, type KeyPlace, type StrongKey } from './keyring.js';
import { dossierStream } from './on-dossier.js';

/**
 * One subject as its identity keys find it: where the keys are bound, and the dossiers they lead to, merges followed.
 */
export interface Subject {
  readonly places: readonly KeyPlace[];
  readonly dossiers: readonly Dossier[];
}

/** A chain of merges longer than this is a mistake of ours. */
const mergesMax = 32;

export const findSubject = async (
  reader: Reader,
  programId: ProgramId,
  keys: readonly StrongKey[],
  secret: EpochSecret,
): Promise<Subject> => {
  const places = await placesOf(reader, programId, keys, secret);
  const dossiers = new Map<DossierId, Dossier>();
  for (const boundTo of new Set(places.flatMap((place) => place.boundTo ?? []))) {
    const dossier = await followMerges(reader, boundTo);
    dossiers.set(dossier.id!, dossier);
  }
  return { places, dossiers: [...dossiers.values()] };
};

export const followMerges = async (reader: Reader, id: DossierId): Promise<Dossier> => {
  let next = id;
  for (let step = 0; step < mergesMax; step += 1) {
    const dossier = await reader.fold(dossierStream(next), dossierFolding);
    if (dossier.mergedInto === undefined) return dossier;
    next = dossier.mergedInto;
  }
  throw new Error(`Dossier ${id} was merged more than ${mergesMax} times over`);
};
