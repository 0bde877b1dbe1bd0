import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { isKnownRole } from '#policy/roles.js';
import { noticeCard, officeOf } from '#features/notice/notice-card/notice-card.js';
import type { Check } from './document.js';
import { finding, type Finding } from './finding.js';
import { branchOf } from './report.js';
import type { World } from './world.js';

/** Who has a notice about the customer and who has none: parties, and offices by their role; with `about`: of that. */
export const checkNotices = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  const { told = [], untold = [] } = expected;
  if (told.length + untold.length === 0) return [];
  const dossierId = await world.liveDossier(expected);
  const { document } = world.evaluation.policy;
  const isRole = (name: string): boolean => isKnownRole(name) || document.roles?.includes(name) === true;
  const addressOf = (name: string): string =>
    isRole(name) ? officeOf(world.scenario.program as ProgramId, name) : name;
  const { rows } = await (
    await world.stage.installation.readings.of(noticeCard)
  ).page({
    where: { to: { in: [...told, ...untold].map(addressOf) } },
    order: [{ field: 'issuedAt', direction: 'descending' }],
    first: 100,
  });
  const about = rows
    .map(({ document: notice }) => notice)
    .filter(({ registrationId }) => registrationId.startsWith(`${dossierId}.`))
    .filter(({ aboutType }) => expected.about === undefined || aboutType === expected.about);
  const hasOne = (name: string): boolean => about.some(({ to }) => to === addressOf(name));
  const because = about.flatMap((notice) => notice.because).map((reason) => branchOf(reason, world.evaluation.policy));
  return [
    ...told.filter((name) => !hasOne(name)).map((name) => finding(`${name} is told`, true, false, because)),
    ...untold.filter(hasOne).map((name) => finding(`${name} is told`, false, true, because)),
  ];
};
