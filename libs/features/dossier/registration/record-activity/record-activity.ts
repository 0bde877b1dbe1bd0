import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { judgeActivity } from '#policy/clauses/activities.js';
import { stagesOn, type Stopped } from '#policy/clauses/stages.js';
import { valuesAt } from '#policy/own-fields.js';
import { field, optional } from '../../../deciding/input.js';
import type { ActivityRecorded, StageAdvanced, Terminated } from '../../events.js';
import { foldUnrecorded } from '../../ahead.js';
import { relationsTo } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { about } from '../../placed.js';
import { conditionFacts } from '../../condition-facts.js';
import { stands, isPending } from '../../registration.js';
import { rollOn } from '../../protection/roll-on.js';

/**
 * Something happened, or was handed in, of a kind that the policy names: with its own form, by whoever that kind lets.
 * What it does follows in the same append: a ladder's step, a stop, the clock.
 */
export const recordActivity = onRegistration({
  name: 'RecordActivity',
  operation: 'recordActivity',
  who: 'party',
  says: 'Something happened that the policy names: a quotation, a sample, a step. / 登记制度所定的活动。',
  input: {
    activity: field('word', { says: "One of the policy's activities, or a ladder. / 制度所定的活动或进度。" }),
    form: optional('form'),
    attachments: field('attachments'),
  },
  hasHappened: true,
  decide: ({ facts, dossier, registration }, { registrationId, activity, form = {}, attachments }) => {
    const { command, now } = facts;
    if (!stands(registration, now) && !isPending(registration))
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    const occurredAt = command.occurredAt ?? command.receivedAt;
    const known = conditionFacts(facts, [dossier], registration);
    const judged = judgeActivity(facts.inForce, {
      activity,
      class: registration.class,
      values: form,
      attachments: attachments.map(({ kind }) => kind),
      who: { roles: facts.roles, relations: relationsTo(facts, registration) },
      occurredAt,
      receivedAt: command.receivedAt,
      facts: known,
    });
    if (!judged.allowed) return refuse(...judged.rejections);
    const { filled, judgement } = judged;
    const filedUnder = facts.under(registration.policy);
    const moved = stagesOn(filedUnder, {
      class: registration.class,
      activity,
      values: { ...valuesAt(filedUnder, { act: activity, details: registration.details, form: {} }), ...filled.values },
      facts: known,
    });
    if (!moved.moved) return refuse(...moved.rejections);
    const recorded: ActivityRecorded = {
      type: 'ActivityRecorded',
      registrationId,
      by: command.by,
      activity: activity as Code,
      happenedAt: occurredAt,
      form: Object.fromEntries(Object.entries(filled.personalValues).map(([name, value]) => [name, personal(value)])),
      details: filled.clearValues,
      attachments,
      because: judgement.because,
    };
    const steps = moved.taken.map(({ ladder, step, because }): StageAdvanced => ({
      type: 'StageAdvanced',
      registrationId,
      ladder,
      step,
      because: [because],
    }));
    const done = about(registration, recorded, ...steps);
    const { registrations } = foldUnrecorded(dossier, done, facts);
    return accept(
      ...done,
      ...(moved.stopped === undefined
        ? rollOn(registrations.get(registrationId)!, activity, facts)
        : about(registration, ended(registrationId, moved.stopped, now))),
    );
  },
});

const ended = (
  registrationId: Terminated['registrationId'],
  { cause, because }: Stopped,
  endedAt: Terminated['endedAt'],
): Terminated => ({ type: 'Terminated', registrationId, cause, effect: 'terminate', endedAt, because: [because] });
