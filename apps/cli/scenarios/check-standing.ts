import { exclusionAt, standingFolding, standingStream } from '#features/standing/facts.js';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { Check } from './document.js';
import { compared, type Finding } from './finding.js';
import { penaltyOf, penaltyText } from './penalties.js';
import { ScenarioError } from './problem.js';
import { branchOf } from './report.js';
import type { World } from './world.js';

const excluded = { dismissal: 'dismissed', ban: 'banned', suspension: 'suspended' } as const;

/**
 * What a party has on record: `penalties` and `occurrence` of its latest finding, how many findings stand, and what it
 * may still do.
 */
export const checkStanding = async (
  { penalties, occurrence, offences, standing, of, line }: Check,
  world: World,
): Promise<readonly Finding[]> => {
  if (penalties === undefined && occurrence === undefined && offences === undefined && standing === undefined)
    return [];
  if (of === undefined) throw new ScenarioError(line, { zh: '请写 of：是谁的。', en: 'Say whose: of.' });
  const found = (await world.standing(of)).filter(({ rescinded }) => !rescinded);
  const latest = found.at(-1);
  const because = (latest?.because ?? []).map((reason) => branchOf(reason, world.evaluation.policy));
  const facts = await world.stage.installation.engine.ask(standingStream(of as PartyId), standingFolding);
  const exclusion = exclusionAt(facts, world.scenario.program as ProgramId, world.now());
  return [
    ...compared(
      'penalties',
      penalties?.map((each) => penaltyText(penaltyOf(each, world.zone))),
      (latest?.penalties ?? []).map(penaltyText),
      because,
    ),
    ...compared('occurrence', occurrence, latest?.occurrence, because),
    ...compared('offences', offences, found.length, because),
    ...compared('standing', standing, exclusion === undefined ? 'good' : excluded[exclusion.kind], because),
  ];
};
