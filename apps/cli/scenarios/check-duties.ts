import { dossierFolding } from '#features/dossier/dossier.js';
import type { DutyKept } from '#features/dossier/events.js';
import { dossierOf, dossierStream } from '#features/dossier/facts.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { duties } from '#features/dossier/duty/duties/duties.js';
import { dutiesOf } from '#policy/clauses/duties.js';
import { periodicDutiesOf } from '#policy/clauses/periodic-duties.js';
import type { Check } from './document.js';
import { compared, comparedAsSet, type Finding } from './finding.js';
import type { Act } from './play.js';
import { historyTree, localText, treeOf } from './report.js';
import type { World } from './world.js';

/** What has to be done for one registration, and what nobody did in time, as the log says it. */
export const checkDuties = async (expected: Check, act: Act | undefined, world: World): Promise<readonly Finding[]> => {
  const { ofPeriods, others } = divided(expected, world);
  return [
    ...(ofPeriods === undefined ? [] : await checkPeriods(ofPeriods, world)),
    ...(others === undefined ? [] : await checkOfRegistration(others, act, world)),
  ];
};

/**
 * What is expected of duties by period, of a party (`of`) or of an office, or of a registration's. `missed: none` speaks
 * of a registration's where the policy has such.
 */
const divided = (
  expected: Check,
  { evaluation }: World,
): { readonly ofPeriods?: Check | undefined; readonly others?: Check | undefined } => {
  const names = periodicDutiesOf(evaluation).map(({ name }) => name);
  const { duties, missed } = expected;
  if (expected.missedPeriods !== undefined) return { ofPeriods: expected };
  if (duties === undefined && missed === undefined) return {};
  const wanted = [...Object.keys(duties ?? {}), ...(missed === undefined || missed === 'none' ? [] : missed)];
  const ofPeriods =
    wanted.length === 0
      ? evaluation.policy.document.duties === undefined
      : wanted.every((name) => names.includes(name));
  return names.length > 0 && ofPeriods ? { ofPeriods: expected } : { others: expected };
};

/** What is open, and what nobody did in time, as the list of duties says it. */
const checkPeriods = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  const listed = await world.stage.installation.readings.of(duties);
  const pages = await Promise.all(
    (['open', 'missed'] as const).map((state) =>
      listed.page({
        where: {
          programId: { equals: world.scenario.program },
          ...(expected.of === undefined ? { place: { equals: 'first' } } : { partyId: { equals: expected.of } }),
          state: { equals: state },
        },
        order: [{ field: 'dueAt', direction: 'ascending' }],
        first: 100,
      }),
    ),
  );
  const found = pages
    .flatMap(({ rows }) => rows.map(({ document }) => document))
    .filter((row) => row.registrationId === undefined && (expected.of !== undefined || row.roles !== undefined));
  const because = historyTree(
    await world.history(expected.of === undefined ? `program:${world.scenario.program}` : `party:${expected.of}`),
    world.evaluation.policy,
  );
  return [
    ...Object.entries(expected.duties ?? {}).flatMap(([name, wanted]) => {
      const open = found.findLast((row) => row.duty === name && row.state === 'open');
      return compared(
        name,
        isMoment(wanted) ? localText(world.moment(wanted), world.zone) : wanted,
        open === undefined ? 'none' : isMoment(wanted) ? localText(open.dueAt!, world.zone) : open.state,
        because,
      );
    }),
    ...Object.entries(expected.missedPeriods ?? {}).flatMap(([name, wanted]) =>
      compared(
        `missed ${name}`,
        wanted,
        found.filter(({ duty, state }) => duty === name && state === 'missed').length,
        because,
      ),
    ),
    ...(expected.missed === undefined
      ? []
      : comparedAsSet(
          'missed',
          expected.missed === 'none' ? [] : expected.missed,
          found.flatMap(({ duty, state }) => (state === 'missed' ? [duty] : [])),
          because,
        )),
  ];
};

const checkOfRegistration = async (
  expected: Check,
  act: Act | undefined,
  world: World,
): Promise<readonly Finding[]> => {
  const card = await world.findCard(expected, act?.step.for ?? act?.step.who);
  const because = await treeOf(expected, world);
  if (card === undefined) return compared('duties', 'of a registration', 'none', because);
  const { registrations } = await world.stage.installation.engine.ask(
    dossierStream(dossierOf(card.registrationId)),
    dossierFolding,
  );
  const standing = registrations.get(card.registrationId)?.duties ?? new Map<Code, DutyKept>();
  const known = dutiesOf(world.evaluation, card.class).map(({ name }) => name);
  return [
    ...Object.entries(expected.duties ?? {}).flatMap(([name, wanted]) => {
      const kept = standing.get(name as Code);
      return compared(
        name,
        isMoment(wanted) ? localText(world.moment(wanted), world.zone) : wanted,
        said(kept, wanted, known.includes(name), world),
        because,
      );
    }),
    ...(expected.missed === undefined
      ? []
      : comparedAsSet(
          'missed',
          expected.missed === 'none' ? [] : expected.missed,
          [...standing].flatMap(([name, { state }]) => (state === 'missed' ? [name] : [])),
        )),
  ];
};

const isMoment = (wanted: string): boolean => /^\d{4}-/.test(wanted);
/** Where a moment is expected, by when it is due; else how it stands. */
const said = (kept: DutyKept | undefined, wanted: string, isKnown: boolean, world: World): string => {
  if (kept === undefined) return isKnown ? 'none' : 'no such duty';
  return isMoment(wanted) && kept.state === 'open' && kept.dueAt !== undefined
    ? localText(kept.dueAt, world.zone)
    : kept.state;
};
