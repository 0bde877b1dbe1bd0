import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { actsForOthers, permits } from '#policy/clauses/permissions.js';
import { listNamed } from '#policy/clauses/lists.js';
import { statisticNamed } from '#policy/clauses/statistics.js';
import {
  listOf,
  statisticOf,
  type ListAsked,
  type ListSources,
} from '#features/dossier/registration/lists/listed-rows.js';
import { isOwn } from '#features/dossier/whose.js';
import { partyFolding, partyStream, rolesAt, teamsAt, type PartyFacts } from '#features/party/facts.js';
import { parseYuan, yuanText } from '#money/fen.js';
import type { Check } from './document.js';
import { compared, type Finding } from './finding.js';
import { ScenarioError } from './problem.js';
import type { World } from './world.js';

/** What a list shows to somebody, in its order: labels that steps gave with `as`, or else who holds each. */
export const checkList = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (expected.list === undefined) return [];
  const { asked, roles } = await askedBy(expected, world);
  const list = listNamed(asked.policy, expected.list, { roles, relations: ['party'] });
  const wanted = typeof expected.rows === 'object' ? expected.rows : [expected.rows ?? 'none'];
  const labels = new Map(wanted.map((label) => [world.labels.get(label)?.registration as string | undefined, label]));
  const shown =
    list === undefined
      ? ['hidden']
      : (await listOf(sourcesOf(world), list, asked)).cards.map(
          (card) => labels.get(card.registrationId) ?? card.holder,
        );
  return compared(`list ${expected.list}`, wanted, shown.length === 0 ? ['none'] : shown);
};

/** The cells of a statistic as somebody reads them: all that have rows. */
export const checkStatistics = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (expected.statistics === undefined) return [];
  const { asked, roles } = await askedBy(expected, world);
  const statistic = statisticNamed(asked.policy, expected.statistics, { roles, relations: ['party'] });
  const what = `statistics ${expected.statistics}`;
  if (statistic === undefined) return compared(what, cellsText(expected.cells ?? 'none'), 'hidden');
  const { cells } = await statisticOf(sourcesOf(world), statistic, asked);
  const shown = Object.fromEntries(
    cells.map(({ keys, count, sums, hidden }) => {
      const key = keys.map((each) => (each === '' ? 'none' : each)).join(' / ');
      const wanted = typeof expected.cells === 'object' ? expected.cells[key] : undefined;
      return [key, hidden ? 'few' : typeof wanted === 'object' ? { count, ...sums } : count!];
    }),
  );
  return compared(what, cellsText(expected.cells ?? 'none'), cellsText(shown));
};

type Cells = NonNullable<Check['cells']>;
/** In the order of their names, amounts as the product writes them. */
const cellsText = (cells: Cells | Readonly<Record<string, unknown>>): string =>
  typeof cells === 'string' || Object.keys(cells).length === 0
    ? String(typeof cells === 'string' ? cells : 'none')
    : Object.entries(cells)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}: ${typeof value === 'object' ? measures(value as object) : String(value)}`)
        .join('; ');
const measures = (value: object): string =>
  Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name} ${name === 'count' ? String(amount) : amountText(String(amount))}`)
    .join(', ');
const amountText = (amount: string): string => yuanText(parseYuan(amount));

const askedBy = async (
  { who, line }: Check,
  world: World,
): Promise<{ readonly asked: ListAsked; readonly roles: readonly string[] }> => {
  if (who === undefined) throw new ScenarioError(line, { zh: '请写 who：谁来查阅。', en: 'Say who reads it: who.' });
  const programId = world.scenario.program as ProgramId;
  const roles = rolesAt(await partyFacts(world, who as PartyId), programId, world.now());
  const { allowed } = permits(world.evaluation, 'seeOthers', { roles, relations: ['party'] });
  const forOthers = actsForOthers(world.evaluation, roles);
  return {
    roles,
    asked: {
      policy: world.evaluation.policy,
      programId,
      reader: who as PartyId,
      now: world.now(),
      seesRows: allowed,
      isOwn: (card) => isOwn(card, who as PartyId, forOthers),
    },
  };
};
const sourcesOf = (world: World): ListSources => ({
  of: (model) => world.stage.installation.readings.of(model),
  teamsOf: async (party) => teamsAt(await partyFacts(world, party), world.now()),
});
const partyFacts = (world: World, party: PartyId): Promise<PartyFacts> =>
  world.stage.installation.engine.ask(partyStream(party), partyFolding);
