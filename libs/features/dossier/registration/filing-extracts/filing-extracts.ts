import type { Collection } from '#event-sourcing/ports/read-store.js';
import { record, type OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { fieldsShown } from '#policy/clauses/visibility.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { RegistrationCard } from '../registration-card/registration-card.js';

type Value = string | number | boolean;
/** What a policy lets some roles read of one filing: nothing of whose it is, nor of which customer. */
export interface Extract {
  readonly card: RegistrationCard;
  readonly shows: ReadonlySet<string>;
}

/** Filings that are neither over nor taken back. */
const open = ['underReview', 'returned', 'inCase', 'effective', 'protected'] as const;
export const extractsMax = 100;
/** Pages that are looked through for one answer. Behind them, what is hidden could push out what is shown. */
const looksMax = 50;

/** The latest filings of which these roles are shown something; what is hidden is passed over as if it were not there. */
export const extractsFor = async (
  cards: Collection<RegistrationCard>,
  e: Evaluation,
  asking: {
    readonly programId: ProgramId;
    readonly roles: readonly string[];
    readonly isOwn: (card: RegistrationCard) => boolean;
  },
): Promise<readonly Extract[]> => {
  const found: Extract[] = [];
  let after: string | undefined;
  for (let look = 0; look < looksMax && found.length < extractsMax; look += 1) {
    const page = await cards.page({
      where: { programId: { equals: asking.programId }, state: { in: open } },
      order: [{ field: 'filedAt', direction: 'descending' }],
      first: 100,
      ...(after === undefined ? {} : { after }),
    });
    for (const { document: card } of page.rows) {
      const shows = fieldsShown(e, asking.roles, { class: card.class, values: card.details });
      if (shows.size > 0 && !asking.isOwn(card)) found.push({ card, shows });
    }
    if (!page.hasNext) break;
    after = page.rows.at(-1)!.cursor;
  }
  return found.slice(0, extractsMax);
};

/** The values that are shown, as they stand by now; `boxes` are the form and what was changed of it since. */
export const valuesShown = (
  { card, shows }: Extract,
  boxes: readonly (OpenedBox | 'erased')[],
): Readonly<Record<string, Value>> => {
  const sealed = boxes.flatMap((box) => {
    const form = record<Value>(box, 'form');
    return form === 'erased' ? [] : [...form];
  });
  const values = new Map<string, Value>([...(Object.entries(card.details) as [string, Value][]), ...sealed]);
  return Object.fromEntries([...values].filter(([name]) => shows.has(name)));
};
