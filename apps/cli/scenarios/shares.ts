import { z } from 'zod';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { Share } from '#features/dossier/events.js';
import { nameSchema } from './words.js';

/** `{ S1: 60, S2: 40 }`: whole weights; 1 of 3 is exactly a third. */
export const sharesSchema = z
  .record(nameSchema, z.number())
  .transform((given): readonly Share[] =>
    Object.entries(given).map(([party, weight]) => ({ partyId: party as PartyId, weight })),
  );
