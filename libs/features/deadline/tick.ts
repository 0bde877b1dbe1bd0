import { createHash } from 'node:crypto';
import type { Collection } from '#event-sourcing/ports/read-store.js';
import type { Code, CommandId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { addMilliseconds } from '#time/instant.js';
import type { ProgramCommand } from '../deciding/decision-facts.js';
import type { DossierId } from '../dossier/events.js';
import type { Due } from './due/due.js';

/** The party in whose name time itself acts. */
export const clockParty = 'baobei-clock' as PartyId;
const pageMax = 100;

/** What a dossier is asked: to record whatever time alone has decided. */
export interface Asked extends ProgramCommand {
  readonly dossierId: DossierId;
}

/**
 * Asks every dossier whose deadline has come by `now`. The tick only asks: the dossier decides again, so two processes
 * that tick do no harm.
 * The command id follows from what is due, so that asking twice records once. Answers how many were asked.
 */
export const tick = async (
  rows: Collection<Due>,
  now: Instant,
  ask: (command: Asked) => Promise<unknown>,
): Promise<number> => {
  let asked = 0;
  let after: string | undefined;
  do {
    const page = await rows.page({
      where: { dueAt: { below: addMilliseconds(now, 1) } },
      order: [{ field: 'dueAt', direction: 'ascending' }],
      first: pageMax,
      ...(after === undefined ? {} : { after }),
    });
    for (const { document } of page.rows) {
      await ask(commandFor(document, now));
      asked += 1;
    }
    after = page.hasNext ? page.rows.at(-1)?.cursor : undefined;
  } while (after !== undefined);
  return asked;
};

const commandFor = ({ registrationId, dossierId, programId, dueAt, what }: Due, now: Instant): Asked => ({
  commandId:
    `due-${createHash('sha256').update(`${registrationId} ${what} ${dueAt}`).digest('hex').slice(0, 40)}` as CommandId,
  by: clockParty,
  dossierId,
  programId,
  receivedAt: now,
  receivedBy: 'clock' as Code,
});
