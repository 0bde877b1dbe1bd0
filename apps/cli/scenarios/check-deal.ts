import { attribution } from '#features/dossier/deal/attribution/attribution.js';
import { registrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import { formatYuan, type Fen } from '#money/fen.js';
import type { Check } from './document.js';
import { compared, comparedAsSet, type Finding } from './finding.js';
import { branchOf } from './report.js';
import type { World } from './world.js';

const inYuan = (lines: Readonly<Record<string, Fen>>): string =>
  Object.entries(lines)
    .map(([party, amount]) => `${party} ${formatYuan(amount, 'en')}`)
    .toSorted()
    .join(', ') || 'nobody';

/** The customer's latest deal: who is credited with what, on which basis. */
export const checkDeal = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (
    [
      expected.basis,
      expected.credited,
      expected.commission,
      expected.weights,
      expected.assistants,
      expected.basedOn,
    ].every((each) => each === undefined)
  )
    return [];
  const { installation } = world.stage;
  const { rows } = await (
    await installation.readings.of(attribution)
  ).page({
    where: { dossierId: { equals: await world.liveDossier(expected) } },
    order: [{ field: 'signedAt', direction: 'descending' }],
    first: 1,
  });
  const deal = rows[0]?.document;
  const because = (deal?.because ?? []).map((reason) => branchOf(reason, world.evaluation.policy));
  const lines = deal?.lines ?? [];
  const basedOn =
    deal?.registrationId === undefined
      ? undefined
      : await (await installation.readings.of(registrationCard)).get(deal.registrationId);
  return [
    ...compared('basis', expected.basis, deal?.basis, because),
    ...compared(
      'credited',
      expected.credited === undefined ? undefined : inYuan(expected.credited === 'nobody' ? {} : expected.credited),
      deal === undefined
        ? 'no deal'
        : inYuan(Object.fromEntries(lines.map(({ partyId, performance }) => [partyId, performance]))),
      because,
    ),
    ...compared(
      'commission',
      expected.commission === undefined ? undefined : inYuan(expected.commission),
      inYuan(
        Object.fromEntries(
          lines.flatMap(({ partyId, commission }) => (commission === undefined ? [] : [[partyId, commission]])),
        ),
      ),
      because,
    ),
    ...comparedAsSet(
      'weights',
      expected.weights?.map(({ partyId, weight }) => `${partyId}: ${weight}`),
      lines.map(({ partyId, weight }) => `${partyId}: ${weight}`),
      because,
    ),
    ...comparedAsSet(
      'assistants',
      expected.assistants,
      [...new Set([...(deal?.assistants ?? []), ...(deal === undefined ? [] : [deal.closedBy])])].filter(
        (party) => party !== basedOn?.holder,
      ),
      because,
    ),
    ...compared('basedOn', expected.basedOn, basedOn?.holder, because),
  ];
};
