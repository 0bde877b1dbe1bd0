import { flags } from '#features/dossier/registration/flags/flags.js';
import type { Check } from './document.js';
import { comparedAsSet, type Finding } from './finding.js';
import { branchOf } from './report.js';
import type { World } from './world.js';

/** The flags that stand: of the customer, or everywhere of the party that `of` names. */
export const checkFlags = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (expected.flags === undefined) return [];
  const { rows } = await (
    await world.stage.installation.readings.of(flags)
  ).page({
    where:
      expected.of !== undefined && expected.customer === undefined
        ? { partyId: { equals: expected.of } }
        : { dossierId: { equals: await world.liveDossier(expected) } },
    order: [{ field: 'flaggedAt', direction: 'descending' }],
    first: 100,
  });
  const standing = rows
    .map(({ document }) => document)
    .filter(({ lifted, partyId }) => !lifted && (expected.of === undefined || partyId === expected.of));
  return comparedAsSet(
    'flags',
    expected.flags,
    standing.map(({ flag }) => flag),
    standing.flatMap(({ because }) => because).map((reason) => branchOf(reason, world.evaluation.policy)),
  );
};
