import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Reason } from '#event-sourcing/vocabulary.js';
import type { HistoryEntry } from '#features/audit/history/history.js';
import { rejectionsOf } from '#features/intake/row-result.js';
import { history } from '#features/edge/readings.js';
import type { Installation } from '#installation/installation.js';
import { rejectionText } from '#policy/sentences.js';
import { dateIn, timeIn } from '#time/instant.js';
import { zone } from './stage.js';

const pageMax = 100;

/** What happened to a subject, one line each: when, what, who, under which rules, until when. */
export const historyLines = async ({ readings }: Installation, subject: string): Promise<readonly string[]> => {
  const page = await (
    await readings.of(history)
  ).page({
    where: { subject: { equals: subject } },
    order: [{ field: 'position', direction: 'ascending' }],
    first: pageMax,
  });
  return page.rows.map(({ document }) => lineOf(document));
};

const lineOf = ({ times, type, actor, body }: HistoryEntry): string => {
  const { because, protection, endedAt, penalties, outcome, lines } = body as unknown as {
    because?: readonly Reason[];
    protection?: { lastDay: string };
    endedAt?: string;
    penalties?: readonly { kind: string; amount?: string }[];
    outcome?: string;
    lines?: readonly { partyId: string; performance: string }[];
  };
  const rules = [...new Set((because ?? []).flatMap((reason) => reason.rules))].join(' ');
  const said = [
    outcome,
    protection === undefined ? undefined : `→ ${protection.lastDay}`,
    endedAt === undefined ? undefined : `ended ${dateIn(endedAt as never, zone)}`,
    penalties
      ?.map(({ kind, amount }) => (amount === undefined ? kind : `${kind} ¥${Number(amount) / 100}`))
      .join(' + '),
    lines
      ?.map(({ partyId, performance }) => `${partyId} ¥${performance.slice(0, -2)}.${performance.slice(-2)}`)
      .join(', '),
  ].filter((part) => part !== undefined);
  return `  ${dateIn(times.recordedAt, zone)} ${timeIn(times.recordedAt, zone).slice(0, 5)}  ${type.padEnd(18)} ${(actor.onBehalfOf === undefined ? actor.party : `${actor.party} for ${actor.onBehalfOf}`).padEnd(22)} ${said.join('  ')}${rules === '' ? '' : `  [${rules}]`}`;
};

export const refusalLines = (outcome: Outcome): readonly string[] => {
  if (outcome.outcome !== 'refused') throw new Error(`A refusal was expected, not ${outcome.outcome}`);
  return rejectionsOf(outcome.events).map((rejection) => {
    const { zh, en } = rejectionText(rejection as never);
    return `  refused ${rejection.reason}: ${zh} / ${en}`;
  });
};
