import type { Evaluation } from '#policy/evaluation.js';
import { actsForOthers, permits } from '#policy/clauses/permissions.js';
import type { Relation } from '#policy/whom.js';
import { partyFolding, partyStream, rolesAt } from '#features/party/facts.js';
import type { Code, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { ownerAt, ownership } from '#features/dossier/protection/ownership/ownership.js';
import { registrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import { isFilerOf } from '#features/dossier/whose.js';
import { checkAct } from './check-act.js';
import { checkCase } from './check-case.js';
import { checkFlags } from './check-flags.js';
import { checkDeal } from './check-deal.js';
import { checkDuties } from './check-duties.js';
import { checkList, checkStatistics } from './check-lists.js';
import { checkRegistration } from './check-registration.js';
import { checkNotices } from './check-notices.js';
import { checkShown } from './check-shown.js';
import { checkStanding } from './check-standing.js';
import { checkAnswer, checkSees } from './check-sees.js';
import type { Check } from './document.js';
import { compared, comparedAsSet, comparedInOrder, finding, type Finding } from './finding.js';
import type { Act } from './play.js';
import { historyTree, treeOf } from './report.js';
import type { World } from './world.js';

export type { Finding } from './finding.js';

/** Looks whether an expectation holds now. Every key of it is looked at; the answer lists what was not so. */
export const check = async (expected: Check, act: Act | undefined, world: World): Promise<readonly Finding[]> => [
  ...(await checkAct(expected, act, world)),
  ...(await checkAnswer(expected, act, world)),
  ...(await checkSees(expected, world)),
  ...(await checkRegistration(expected, act, world)),
  ...(await checkDuties(expected, act, world)),
  ...(await checkOwner(expected, world)),
  ...(await checkCase(expected, world)),
  ...(await checkStanding(expected, world)),
  ...(await checkDeal(expected, world)),
  ...(await checkFlags(expected, world)),
  ...(await checkNotices(expected, world)),
  ...(await checkShown(expected, world)),
  ...(await checkHistory(expected, world)),
  ...(await checkQueue(expected, world)),
  ...(await checkList(expected, world)),
  ...(await checkStatistics(expected, world)),
  ...(await checkPermissions(expected, world)),
];

const checkOwner = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (expected.owner === undefined) return [];
  const row = await (await world.stage.installation.readings.of(ownership)).get(await world.liveDossier(expected));
  const at = expected.asOf === undefined ? world.now() : world.moment(expected.asOf);
  return compared(
    'owner',
    expected.owner,
    (row === undefined ? undefined : ownerAt(row, at, expected.kind as Code | undefined)?.owner) ?? 'nobody',
    await treeOf(expected, world),
  );
};

const checkHistory = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (expected.history === undefined && expected.never === undefined) return [];
  const entries = await world.history(
    expected.of === undefined || expected.customer !== undefined
      ? await world.liveDossier(expected)
      : `party:${expected.of}`,
  );
  const types = entries.map(({ type }) => type as string);
  const because = historyTree(entries, world.evaluation.policy);
  return [
    ...comparedInOrder('history', expected.history, types, because),
    ...(expected.never ?? []).flatMap((type) =>
      types.includes(type) ? [finding('history without', type, types, because)] : [],
    ),
  ];
};

/** Whose claims wait for a role, in the whole program. */
const checkQueue = async ({ queue, holds }: Check, world: World): Promise<readonly Finding[]> => {
  if (queue === undefined) return [];
  const { rows } = await (
    await world.stage.installation.readings.of(registrationCard)
  ).page({
    where: { programId: { equals: world.scenario.program }, state: { equals: 'underReview' } },
    order: [{ field: 'dueAt', direction: 'ascending' }],
    first: 100,
  });
  const waiting = rows
    .map(({ document }) => document)
    .filter(({ review }) => review?.roles.some((role) => role === queue) === true);
  return comparedAsSet(
    `queue of ${queue} holds`,
    holds ?? [],
    waiting.map(({ holder }) => holder),
  );
};

/** What the policy lets somebody do, by the roles they hold now and by what they are to a registration. */
const checkPermissions = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (expected.may === undefined && expected.mayNot === undefined) return [];
  const who = expected.who ?? '';
  const facts = await world.stage.installation.engine.ask(partyStream(who as PartyId), partyFolding);
  const card =
    expected.customer === undefined && expected.registration === undefined
      ? undefined
      : await world.findCard(expected, who);
  const evaluation: Evaluation = world.evaluation;
  const roles = rolesAt(facts, world.scenario.program as ProgramId, world.now());
  const relations: Relation[] = [
    ...(facts.partyId === undefined ? [] : ['party' as const]),
    ...(card?.holder === who ? ['holder' as const] : []),
    ...(card !== undefined && isFilerOf(card, who as PartyId, actsForOthers(evaluation, roles))
      ? ['filer' as const]
      : []),
    ...Object.entries(card?.parts ?? {}).flatMap(([part, party]) => (party === who ? [part as Code] : [])),
  ];
  const allowed = (operation: (typeof expected.may & object)[number]): boolean =>
    permits(evaluation, operation, { roles, relations }).allowed;
  return [
    ...(expected.may ?? [])
      .filter((operation) => !allowed(operation))
      .map((operation) => finding(`${who} may`, operation, 'may not')),
    ...(expected.mayNot ?? []).filter(allowed).map((operation) => finding(`${who} may not`, operation, 'may')),
  ];
};
