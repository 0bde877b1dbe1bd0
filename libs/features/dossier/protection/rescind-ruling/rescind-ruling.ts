import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { openCase, protecting, type Dossier } from '../../dossier.js';
import { freeFrom, type Registration, type RulingMade } from '../../registration.js';
import { field } from '../../../deciding/input.js';
import { permissionOf, type OnDossier } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { inDossier, type DossierDecision } from '../../placed.js';
import { rescinded, restoredBy } from './restoring.js';
import { undoAct } from './undo-act.js';

/**
 * A slip, in a ruling or in what was recorded, is taken back by a new ruling. What it found is restored as far as
 * nobody else has rights by now; what hangs on it is listed.
 */
export const rescindRuling = onRegistration({
  name: 'RescindRuling',
  operation: 'rescindRuling',
  who: 'authority',
  says: 'Takes a mistaken ruling, or what was recorded by mistake, back by a new ruling that names it; both stay. / 撤销错误裁定或误记事项，两者均留痕。',
  input: {
    ruling: field('event', { says: 'Event id of the ruling, or of what was recorded. / 裁定或所记事项的事件编号。' }),
    grounds: field('text', { says: 'Read by the filer. / 报备人可见。' }),
  },
  decide: (state, { ruling, grounds }) => {
    const { dossier, registration } = state;
    const made = registration.rulings.find(({ id }) => id === ruling);
    const act = registration.recorded.find(({ id }) => id === ruling);
    if (made === undefined && act === undefined) return refuse({ reason: 'RulingUnknown', field: 'ruling' });
    if (made?.rescinded === true || act?.rescinded === true) return accept();
    const found = openCase(dossier);
    if (found !== undefined) return refuse({ reason: 'InCase', inputs: { caseId: found.id } });
    return made === undefined
      ? undoAct(state, registration, act!, grounds)
      : restore(state, registration, made, grounds);
  },
});

const restore = (
  { facts, dossier }: OnDossier,
  registration: Registration,
  made: RulingMade,
  grounds: string,
): DossierDecision => {
  const { found } = made;
  // Of what a verdict settled no single piece is taken back: the case would stand decided and its claim wait for it.
  if (found.state === 'inCase' || found.protection.state === 'suspended') return refuse({ reason: 'RuledByVerdict' });
  const restored = restoredBy(found, facts);
  const holder = protecting(dossier, facts.now, registration);
  // A claim that waits for its first visit would begin its clock beside the one that runs.
  if (
    (restored.state === 'protected' || restored.state === 'effective') &&
    holder !== undefined &&
    holder.id !== registration.id
  )
    return refuse({ reason: 'ProtectedByAnother', accepted: freeFrom(holder) });
  const later = hangingOn(registration, made);
  const answered = answeredBy(dossier, registration, made);
  const because = permissionOf(facts, 'rescindRuling', registration);
  return accept(
    ...inDossier(
      dossier,
      facts,
      rescinded(registration, made, {
        // Only a transfer gives the customer back, and only while nobody handed it on since.
        holder:
          made.type === 'Transferred' && !later.some(({ type }) => type === 'Transferred')
            ? found.holder
            : registration.holder,
        restored,
        hangingOnIt: [...later, ...answered.map(({ ruling }) => ruling)].map(({ id }) => id),
        grounds: personal(grounds),
        because,
      }),
      // What was answered no with the slip waits anew with it, and whom it overturned is protected again.
      ...answered
        .filter(
          ({ ruling }) =>
            ruling.found.protection.state !== 'live' || holder === undefined || holder.id === registration.id,
        )
        .map(({ claim, ruling }) =>
          rescinded(claim, ruling, {
            holder: claim.holder,
            restored: restoredBy(ruling.found, facts),
            hangingOnIt: [],
            grounds: personal(grounds),
            because,
          }),
        ),
    ),
  );
};

/** Later rulings on the same registration were made on what the slip had set. */
const hangingOn = ({ rulings }: Registration, made: RulingMade): readonly RulingMade[] =>
  rulings.slice(rulings.indexOf(made) + 1).filter(({ rescinded: back }) => back !== true);

/** Rivals' claims that were answered no because this one was approved, and the one that it overturned: R06.11. */
const answeredBy = (dossier: Dossier, registration: Registration, made: RulingMade): readonly Answered[] =>
  made.type !== 'Approved'
    ? []
    : [...dossier.registrations.values()].flatMap((claim) => {
        const ruling = claim.rulings.at(-1);
        return claim.id !== registration.id &&
          (claim.closedFor === 'anotherClaimApproved' || claim.closedFor === 'earlierClaim') &&
          ruling !== undefined &&
          ruling.at === made.at &&
          ruling.rescinded !== true
          ? [{ claim, ruling }]
          : [];
      });
interface Answered {
  readonly claim: Registration;
  readonly ruling: RulingMade;
}
