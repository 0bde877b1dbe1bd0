import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { extendedEnd, judgeExtensionRequest } from '#policy/clauses/extension.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { ExtensionRequested } from '../../events.js';
import { field, optional } from '../../../deciding/input.js';
import { onRegistration } from '../../on-registration.js';
import { about } from '../../placed.js';

/** Asks for a longer protection, in time and with what the policy wants shown: R06.18, R09.07. */
export const requestExtension = onRegistration({
  name: 'RequestExtension',
  operation: 'requestExtension',
  who: 'party',
  says: 'Asks for a longer protection, in time and with what the policy wants shown. / 申请延期。',
  input: {
    evidence: field('words', { says: 'Kinds of evidence handed in, as the policy names them. / 所附材料种类。' }),
    grounds: optional('text'),
  },
  decide: ({ facts, registration }, { registrationId, evidence, grounds }) => {
    if (registration.protection.state === 'suspended')
      return refuse({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    if (registration.protection.state !== 'live')
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    if (registration.extension.requested) return accept();
    const evaluation = facts.under(registration.policy);
    const { window } = registration.protection;
    const verdict = judgeExtensionRequest(evaluation, {
      class: registration.class,
      protection: window,
      now: facts.now,
      timesGranted: registration.extension.count,
      evidence,
    });
    if (!verdict.allowed) return refuse(...verdict.rejections);
    const requested: ExtensionRequested = {
      type: 'ExtensionRequested',
      registrationId,
      evidence: evidence as readonly Code[],
      ...(grounds === undefined ? {} : { grounds: personal(grounds) }),
    };
    const granted = extendedEnd(evaluation, { class: registration.class, protection: window, decidedAt: facts.now });
    // A policy that names nobody to decide grants what was asked in time.
    return nobodyDecides(evaluation)
      ? accept(
          ...about(registration, requested, {
            type: 'Extended',
            registrationId,
            protection: { startsAt: window.startsAt, endsAt: granted.endsAt, lastDay: granted.lastDay },
            count: registration.extension.count + 1,
            because: [...verdict.because, granted.because],
          }),
        )
      : accept(...about(registration, requested));
  },
});

const nobodyDecides = ({ policy }: Evaluation): boolean =>
  !policy.document.permissions.some(({ may }) => may.includes('decideExtension'));
