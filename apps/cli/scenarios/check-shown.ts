import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { extractsFor, valuesShown } from '#features/dossier/registration/filing-extracts/filing-extracts.js';
import { registrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import { partyFolding, partyStream, rolesAt } from '#features/party/facts.js';
import type { Check } from './document.js';
import { comparedAsSet, type Finding } from './finding.js';
import type { World } from './world.js';

/** Which fields of the filing `who` is shown, of those that are filled in: by the answer of the product itself. */
export const checkShown = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  if (expected.shown === undefined) return [];
  const { readings, engine } = world.stage.installation;
  const who = (expected.who ?? '') as PartyId;
  const programId = world.scenario.program as ProgramId;
  const roles = rolesAt(await engine.ask(partyStream(who), partyFolding), programId, world.now());
  const filing = await world.findCard({ ...expected, who: undefined }, undefined);
  const extracts = await extractsFor(await readings.of(registrationCard), world.evaluation, {
    programId,
    roles,
    isOwn: ({ holder }) => holder === who,
  });
  const extract = extracts.find(({ card }) => card.registrationId === filing?.registrationId);
  const boxes =
    extract === undefined
      ? []
      : await readings.open([extract.card.customer, ...(extract.card.amended ?? []).map(({ box }) => box)]);
  return comparedAsSet(
    `${who} is shown`,
    expected.shown === 'none' ? [] : expected.shown,
    extract === undefined ? [] : Object.keys(valuesShown(extract, boxes)),
  );
};
