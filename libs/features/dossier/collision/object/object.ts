import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { judgeObjection } from '#policy/clauses/objections.js';
import { openCase, protecting } from '../../dossier.js';
import { field } from '../../../deciding/input.js';
import { onRegistration } from '../../on-registration.js';
import { raiseConflict } from '../raise-conflict.js';
import { about } from '../../placed.js';

/** The claim lost to another: by an approval, or by a verdict among several filers. One objection, then it is final. */
const answeredForAnother: ReadonlySet<string> = new Set(['anotherClaimApproved', 'verdict']);

/**
 * A rival objects to another's approval: R06.12. The window starts with the answer to its own claim, which is the
 * notice it received.
 */
export const object = onRegistration({
  name: 'Object',
  operation: 'object',
  who: 'party',
  says: 'A rival objects to an approval, once, in time and with evidence. / 对他人获批提出异议。',
  input: {
    evidence: field('words', { says: 'Kinds of evidence handed in, as the policy names them. / 所附材料种类。' }),
    grounds: field('text'),
  },
  decide: ({ facts, dossier, registration }, { registrationId, evidence, grounds }) => {
    if (registration.holder !== facts.claimant)
      return refuse({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (registration.state === 'inCase') return accept();
    const holder = protecting(dossier, facts.now, registration);
    if (
      [...dossier.cases.values()].some(({ cause, claims }) => cause === 'objection' && claims.includes(registrationId))
    )
      return refuse({ reason: 'ObjectionDecided' });
    if (
      registration.state !== 'rejected' ||
      !answeredForAnother.has(registration.closedFor ?? '') ||
      registration.closedAt === undefined ||
      holder === undefined ||
      openCase(dossier) !== undefined
    ) {
      return refuse({ reason: 'NothingToObjectTo', inputs: { state: registration.state as Code } });
    }
    const verdict = judgeObjection(facts.under(registration.policy), {
      noticedAt: registration.closedAt,
      now: facts.now,
      evidence,
    });
    if (!verdict.allowed) return refuse(...verdict.rejections);
    return accept(
      ...about(registration, {
        type: 'Objected',
        registrationId,
        evidence: evidence as readonly Code[],
        grounds: personal(grounds),
      }),
      ...raiseConflict(dossier, registrationId, {
        cause: 'objection',
        against: holder,
        because: verdict.because,
        facts,
      }),
    );
  },
});
