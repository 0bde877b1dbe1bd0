import { dossierFolding } from '#features/dossier/dossier.js';
import type { DutyKept } from '#features/dossier/events.js';
import { dossierOf, dossierStream } from '#features/dossier/facts.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { dutiesOf } from '#policy/clauses/duties.js';
import type { Check } from './document.js';
import { compared, comparedAsSet, type Finding } from './finding.js';
import type { Act } from './play.js';
import { localText, treeOf } from './report.js';
import type { World } from './world.js';

/** What has to be done for one registration, and what nobody did in time, as the log says it. */
export const checkDuties = async (expected: Check, act: Act | undefined, world: World): Promise<readonly Finding[]> => {
  if (expected.duties === undefined && expected.missed === undefined) return [];
  const card = await world.findCard(expected, act?.step.for ?? act?.step.who);
  const because = await treeOf(expected, world);
  if (card === undefined) return compared('duties', 'of a registration', 'none', because);
  const { registrations } = await world.stage.installation.engine.ask(
    dossierStream(dossierOf(card.registrationId)),
    dossierFolding,
  );
  const duties = registrations.get(card.registrationId)?.duties ?? new Map<Code, DutyKept>();
  const known = dutiesOf(world.evaluation, card.class).map(({ name }) => name);
  return [
    ...Object.entries(expected.duties ?? {}).flatMap(([name, wanted]) => {
      const kept = duties.get(name as Code);
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
          [...duties].flatMap(([name, { state }]) => (state === 'missed' ? [name] : [])),
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
