import { registrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import type { Check } from './document.js';
import { compared, comparedAsSet, type Finding } from './finding.js';
import { localText, treeOf } from './report.js';
import type { World } from './world.js';

/** The latest case about a customer. Claims and the winner are named by who holds them. */
export const checkCase = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (
    [expected.case, expected.collision, expected.claims, expected.outcome, expected.winner, expected.arbiters].every(
      (each) => each === undefined,
    )
  )
    return [];
  const because = await treeOf(expected, world);
  const file = await world.caseFileOf({ ...expected, case: undefined });
  const cards = await (await world.stage.installation.readings.of(registrationCard)).getMany(file?.claims ?? []);
  const winner = file?.winner === undefined ? undefined : cards.get(file.winner);
  return [
    ...compared('case', expected.case, file?.state ?? 'none', because),
    ...(expected.case === undefined || expected.due === undefined
      ? []
      : compared(
          'due',
          expected.due === 'none' ? 'none' : localText(world.moment(expected.due), world.zone),
          file?.dueAt === undefined ? 'none' : localText(file.dueAt, world.zone),
          because,
        )),
    ...compared('collision', expected.collision, file?.cause, because),
    ...comparedAsSet(
      'claims',
      expected.claims,
      file?.claims.map((id) => String(cards.get(id)?.holder)),
      because,
    ),
    ...compared('outcome', expected.outcome, file?.outcome, because),
    ...compared('winner', expected.winner, winner?.holder, because),
    ...comparedAsSet('arbiters', expected.arbiters, file?.arbiters, because),
  ];
};
