import { stateAt, type RegistrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import { firstStep } from '#policy/clauses/stages.js';
import { fieldsOf } from '#policy/clauses/form.js';
import { plainValues, type Values } from './customers.js';
import { readField } from '#policy/field.js';
import type { Check } from './document.js';
import { compared, type Finding } from './finding.js';
import type { Act } from './play.js';
import { localText, treeOf, type Branch } from './report.js';
import type { World } from './world.js';

const keys = [
  'state',
  'class',
  'startsAt',
  'endsAt',
  'lastDay',
  'endedAt',
  'suspended',
  'cause',
  'holder',
  'extensionAsked',
  'waitsFor',
  'step',
  'stages',
  'parts',
  'due',
  'details',
] as const;

/** One registration as its card shows it now: the one that is named, or the actor's, or the only one there is. */
export const checkRegistration = async (
  expected: Check,
  act: Act | undefined,
  world: World,
): Promise<readonly Finding[]> => {
  // With `case`, the time-out meant is that of the case.
  const asks = keys.filter((key) => expected[key] !== undefined && !(key === 'due' && expected.case !== undefined));
  // An answer to "is this customer free?" has a last day of its own.
  if (asks.length === 0 || expected.sees !== undefined || expected.answer !== undefined) return [];
  const card = await world.findCard(expected, act?.step.for ?? act?.step.who);
  const because = await treeOf(expected, world);
  if (card === undefined) return compared('state', expected.state ?? 'a registration', 'none', because);
  return [...clock(expected, card, world, because), ...review(expected, card, world, because)];
};

const time = (
  expected: string | undefined,
  happened: string | undefined,
  world: World,
): readonly [string | undefined, string] => [
  expected === undefined || expected === 'none' ? expected : localText(world.moment(expected), world.zone),
  happened === undefined ? 'none' : localText(happened, world.zone),
];

const clock = (
  expected: Check,
  card: RegistrationCard,
  world: World,
  because: readonly Branch[],
): readonly Finding[] => [
  ...compared('state', expected.state, stateAt(card, world.now()), because),
  ...compared('class', expected.class, card.class, because),
  ...compared('holder', expected.holder, card.holder, because),
  ...compared('lastDay', expected.lastDay, card.lastDay ?? 'none', because),
  ...compared('startsAt', ...time(expected.startsAt, card.startsAt, world), because),
  ...compared('endsAt', ...time(expected.endsAt, card.endsAt, world), because),
  ...compared('endedAt', ...time(expected.endedAt, card.endedAt, world), because),
  ...compared('suspended', expected.suspended, card.suspendedSince !== undefined, because),
  ...compared('cause', expected.cause, card.cause, because),
];

const review = (
  expected: Check,
  card: RegistrationCard,
  world: World,
  because: readonly Branch[],
): readonly Finding[] => [
  ...compared('extensionAsked', expected.extensionAsked, card.extensionRequested, because),
  ...compared(
    'waitsFor',
    expected.waitsFor,
    expected.waitsFor !== undefined && card.review?.roles.includes(expected.waitsFor as never) === true
      ? expected.waitsFor
      : card.review?.roles,
    because,
  ),
  ...compared('step', expected.step, card.review?.step, because),
  ...Object.entries(expected.stages ?? {}).flatMap(([ladder, step]) =>
    compared(ladder, step, card.stages?.[ladder] ?? firstStep(world.evaluation, ladder), because),
  ),
  ...(expected.parts === 'none'
    ? compared('parts', 'none', Object.keys(card.parts ?? {}).join(', ') || 'none', because)
    : Object.entries(expected.parts ?? {}).flatMap(([part, party]) =>
        compared(part, party, card.parts?.[part] ?? 'none', because),
      )),
  ...(expected.case === undefined ? compared('due', ...time(expected.due, card.dueAt, world), because) : []),
  ...Object.entries(kept(expected.details ?? {}, card, world)).flatMap(([name, value]) =>
    compared(name, value, card.details[name], because),
  ),
];

/** What is expected, as the register keeps it: amounts in fen. */
const kept = (details: NonNullable<Check['details']>, card: RegistrationCard, world: World): Values => {
  const fields = fieldsOf(world.evaluation, card.class);
  return Object.fromEntries(
    Object.entries(plainValues(fields, details)).map(([name, value]) => {
      const field = fields.find((one) => one.name === name);
      const read = field === undefined ? undefined : readField(field, value, world.evaluation.policy.timeZone);
      return [name, read !== undefined && 'value' in read ? read.value : value];
    }),
  );
};
