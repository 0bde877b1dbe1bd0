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
  /** Dossiers that were merged into those: their bans, deals and protections are the subject's too. */
  readonly absorbed: readonly Dossier[];
  /** Where somebody asked about one of the keys before anybody filed by it: what was granted there counts. */
  readonly asked: readonly Dossier[];
}

/**
 * As many dossiers at most become one by what forms say: whoever joined hundreds of their own would make every later
 * filing of that customer slow. An arbiter may join more.
 */
const joinedMax = 32;
/** A chain of merges longer than this is a mistake of ours. */
const mergesMax = 512;

/** Whether a form may still make one of the dossiers that its keys lead to. */
export const mayBeJoined = ({ dossiers, absorbed }: Pick<Subject, 'dossiers' | 'absorbed'>): boolean =>
  dossiers.length < 2 || dossiers.length + absorbed.length <= joinedMax;

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
  const absorbed = await absorbedBy(reader, [...dossiers.values()]);
  const known = new Set([...dossiers.values(), ...absorbed].map(({ id }) => id));
  const askedIn = [...new Set(places.flatMap((place) => place.askedIn))].filter((id) => !known.has(id));
  return {
    places,
    dossiers: [...dossiers.values()],
    absorbed,
    asked: await Promise.all(askedIn.map((id) => reader.fold(dossierStream(id), dossierFolding))),
  };
};

/** Everything that was merged into these dossiers, into those that were merged into them, and so on. */
export const absorbedBy = async (reader: Reader, dossiers: readonly Dossier[]): Promise<readonly Dossier[]> => {
  const absorbed: Dossier[] = [];
  const left = dossiers.flatMap((dossier) => dossier.absorbed);
  for (let id = left.pop(); id !== undefined && absorbed.length < mergesMax; id = left.pop()) {
    const dossier = await reader.fold(dossierStream(id), dossierFolding);
    absorbed.push(dossier);
    left.push(...dossier.absorbed);
  }
  return absorbed;
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
