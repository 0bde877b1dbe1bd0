import type { Rejection } from '#event-sourcing/decision.js';
import type { Reader } from '#event-sourcing/command/handle-command.js';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { partyFolding, partyStream } from '../party/facts.js';
import { standingFolding, standingStream } from '../standing/facts.js';
import { barredBy } from './may-act.js';
import { partiesIn, type Fields } from './input.js';

/** What forbids a party that a command names to be named there, by the field that names it. */
export type Unfit = readonly Rejection[];

/**
 * Asks after everybody whom a command names: enrolled, and not barred in this program unless the field only speaks of
 * it. Read from the log, so that the append checks it.
 */
export const unfitParties = async (
  reader: Reader,
  fields: Fields,
  input: object,
  { programId, now }: { readonly programId: ProgramId; readonly now: Instant },
): Promise<Unfit> => {
  const named = partiesIn(fields, input as Readonly<Record<string, unknown>>);
  const answers = await Promise.all(
    named.map(async ({ field, party, mayBeBarred }): Promise<Unfit> => {
      const { partyId } = await reader.fold(partyStream(party), partyFolding);
      if (partyId === undefined) return [{ reason: 'PartyUnknown', field }];
      if (mayBeBarred) return [];
      const standing = await reader.fold(standingStream(party), standingFolding);
      // Whose offence it was, and until when, is not told to whoever merely names the party.
      return barredBy(standing, programId, now).length === 0 ? [] : [{ reason: 'PartyBarred', field }];
    }),
  );
  return answers.flat();
};
