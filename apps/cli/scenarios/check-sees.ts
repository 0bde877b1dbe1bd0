import type { Recorded } from '#event-sourcing/event.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { AvailabilityAsked } from '#features/audit/events.js';
import type { Check } from './document.js';
import { compared, finding, type Finding } from './finding.js';
import type { Act } from './play.js';
import { ScenarioError } from './problem.js';
import { becauseOf, branchOf } from './report.js';
import type { World } from './world.js';
import { askAvailability } from '#features/dossier/registration/ask-availability/ask-availability.js';
import { commandTo } from '#features/edge/command-bus.js';

/**
 * `sees`: somebody asks whether a customer is free, and is told this and not more. Whoever else holds it is never
 * named.
 */
export const checkSees = async (expected: Check, world: World): Promise<readonly Finding[]> => {
  const { sees, who, line, customer } = expected;
  if (sees === undefined) return [];
  if (who === undefined) throw new ScenarioError(line, { zh: '请写 who：谁来查询。', en: 'Say who asks: who.' });
  const subject = world.subjects.named(customer, line, world.evaluation);
  const command = commandTo(askAvailability, {
    ...world.base({ line, who }),
    class: world.subject({ line, who, customer: customer ?? subject.text }).class,
    form: subject.values,
  });
  const outcome = await world.stage.installation.bus.execute(command);
  await world.stage.installation.catchUp();
  if (outcome.outcome !== 'accepted')
    return [finding('sees', sees, outcome.outcome, becauseOf(outcome, world.evaluation.policy))];
  return answered({ ...expected, answer: sees }, outcome, who, world);
};

/** `answer`: what the act itself, an ask, was told. */
export const checkAnswer = async (expected: Check, act: Act | undefined, world: World): Promise<readonly Finding[]> => {
  if (expected.answer === undefined) return [];
  const outcome = act?.outcome;
  if (outcome?.outcome !== 'accepted')
    return [
      finding(
        'answer',
        expected.answer,
        outcome?.outcome,
        outcome === undefined ? [] : becauseOf(outcome, world.evaluation.policy),
      ),
    ];
  return answered(expected, outcome, act?.step.who ?? '', world);
};

const answered = async (
  expected: Check,
  outcome: Extract<Outcome, { readonly outcome: 'accepted' }>,
  who: string,
  world: World,
): Promise<readonly Finding[]> => {
  const asked = outcome.events
    .map(({ event }) => event as unknown as AvailabilityAsked)
    .find(({ type }) => type === 'AvailabilityAsked');
  const because = (asked?.because ?? []).map((reason) => branchOf(reason, world.evaluation.policy));
  const holders =
    asked?.subject === undefined
      ? []
      : (await world.cards(asked.subject as never))
          .map(({ holder }) => holder as string)
          .filter((holder) => holder !== who);
  const told = JSON.stringify((outcome.events as readonly Recorded[]).map(({ event }) => event));
  return [
    ...compared('answer', expected.answer, asked?.answer, because),
    ...compared(
      'lastDay',
      expected.lastDay === 'hidden' || expected.lastDay === 'none' ? 'none' : expected.lastDay,
      asked?.lastDay ?? 'none',
      because,
    ),
    ...holders
      .filter((holder) => told.includes(`"${holder}"`))
      .map((holder) => finding('names nobody', 'none', holder, because)),
  ];
};
