import { decodeEvent } from '#event-sourcing/envelope.js';
import type { Recorded } from '#event-sourcing/event.js';
import type { EventLog } from '#event-sourcing/ports/event-log.js';
import type { Projector } from '#event-sourcing/projection/projector.js';
import { record } from '#event-sourcing/sealing/sealing.js';
import type { FieldValue } from '#policy/field.js';
import type { DossierEvent } from '../dossier/events.js';
import { dossierStream } from '../dossier/placed.js';
import {
  registrationCard,
  type RegistrationCard,
} from '../dossier/registration/registration-card/registration-card.js';
import type { FiledClaim, FiledUnder } from '../intake/answered-row.js';
import { catalogue } from './catalogue.js';
import type { Readings } from './readings.js';

/** Registrations that share a code, at most; two already are rare. */
const sharedMax = 10;
const readMax = 1_000;

interface Installed {
  readonly readings: Readings;
  readonly projector: Pick<Projector, 'catchUp'>;
  readonly parts: { readonly log: EventLog };
}

/** Finds the registration by its code among the cards, and what was filed in its dossier's own stream. */
export const filedUnder =
  ({ readings, projector, parts: { log } }: Installed): FiledUnder =>
  async (code) => {
    await projector.catchUp();
    const cards = await readings.of(registrationCard);
    const { rows } = await cards.page({
      where: { code: { equals: code } },
      order: [{ field: 'filedAt', direction: 'ascending' }],
      first: sharedMax,
    });
    return Promise.all(rows.map(({ document }) => claimOf(document, readings, log)));
  };

const claimOf = async (card: RegistrationCard, readings: Readings, log: EventLog): Promise<FiledClaim> => {
  const own = (await eventsOf(card, log)).filter(
    ({ event }) => 'registrationId' in event && event.registrationId === card.registrationId,
  );
  const acts = own.filter(({ event }) => event.type === 'Registered' || event.type === 'DepositRecorded');
  const [opened] = await readings.open([card.customer]);
  const form = record<string | number | boolean>(opened!, 'form');
  return {
    registrationId: card.registrationId,
    programId: card.programId,
    holder: own.flatMap(({ event }) => (event.type === 'Registered' ? [event.holder] : []))[0] ?? card.holder,
    classes: own.flatMap(({ event }) => ('class' in event && event.class !== undefined ? [event.class] : [])),
    occurredAt: acts.map(({ times }) => times.occurredAt),
    receivedAt: acts.map(({ times }) => times.receivedAt),
    deposits: own.flatMap(({ event }) => (event.type === 'DepositRecorded' ? [event.amount] : [])),
    lastDays: [
      ...own.flatMap(({ event }) =>
        'protection' in event && event.protection !== undefined ? [event.protection.lastDay] : [],
      ),
      // Of events that stand in the dossier that this one was merged into.
      ...(card.lastDay === undefined ? [] : [card.lastDay]),
    ],
    form:
      form === 'erased' ? 'erased' : { ...(card.details as Record<string, FieldValue>), ...Object.fromEntries(form) },
  };
};

const eventsOf = async ({ dossierId }: RegistrationCard, log: EventLog): Promise<readonly Recorded<DossierEvent>[]> => {
  const events: Recorded<DossierEvent>[] = [];
  for (let from = 0; ; from += readMax) {
    const read = await log.readStream(dossierStream(dossierId), { from, max: readMax });
    events.push(...read.map((stored) => decodeEvent(stored, catalogue) as unknown as Recorded<DossierEvent>));
    if (read.length < readMax) return events;
  }
};
