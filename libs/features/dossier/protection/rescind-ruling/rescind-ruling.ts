import { accept, type Decision } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, EventId } from '#event-sourcing/vocabulary.js';
import { isBefore } from '#time/instant.js';
import type { DossierEvent, RegistrationId, RulingRescinded } from '../../events.js';
import { openCase, protecting, type Dossier, type RulingMade } from '../../dossier.js';
import { stageAgain } from '../../review-stage.js';
import {
  deny,
  dossierOf,
  mayAct,
  refuseWith,
  type DossierCommand,
  onDossier,
  type OnDossier,
} from '../../on-dossier.js';

/**
 * A slip is taken back by a new ruling. What it found is restored as far as nobody else has rights by now; what hangs
 * on it is listed.
 */
export interface RescindRuling extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly ruling: EventId;
  readonly grounds: string;
}

const rescindable: ReadonlySet<string> = new Set([
  'Approved',
  'Rejected',
  'Extended',
  'Upgraded',
  'Transferred',
  'Released',
  'Terminated',
]);

export const rescindRuling = onDossier<RescindRuling>({
  name: 'RescindRuling',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: (state, { registrationId, ruling, grounds }) => {
    const { facts, dossier } = state;
    const made = dossier.rulings.find(({ id, registrationId: of }) => id === ruling && of === registrationId);
    const refused = refuseWith(mayAct(facts, 'rescindRuling', dossier.registrations.get(registrationId)));
    if (refused !== undefined) return refused;
    if (made === undefined || !rescindable.has(made.type)) return deny({ reason: 'RulingUnknown', field: 'ruling' });
    if (dossier.rescinded.has(ruling)) return accept();
    if (openCase(dossier) !== undefined) return deny({ reason: 'InCase', inputs: { caseId: openCase(dossier)!.id } });
    return restore(state, made, grounds);
  },
});

/** Later rulings on the same registration were made on what the slip had set. */
const hangingOn = (dossier: Dossier, made: RulingMade): readonly EventId[] =>
  dossier.rulings
    .filter(
      (later) =>
        later.registrationId === made.registrationId &&
        later.position > made.position &&
        !dossier.rescinded.has(later.id),
    )
    .map(({ id }) => id);

const restore = ({ facts, dossier }: OnDossier, made: RulingMade, grounds: string): Decision<DossierEvent> => {
  const { before } = made;
  const window = before.protection.state === 'live' ? before.protection.window : undefined;
  const runs = window !== undefined && isBefore(facts.now, window.endsAt);
  // Of what a verdict settled no single piece is taken back: the case would stand decided and its claim wait for it.
  if (before.state === 'inCase' || before.protection.state === 'suspended') return deny({ reason: 'RuledByVerdict' });
  const holder = protecting(dossier, facts.now);
  // A claim that waits for its first visit would begin its clock beside the one that runs.
  if ((runs || before.state === 'effective') && holder !== undefined && holder.id !== made.registrationId)
    return deny({
      reason: 'ProtectedByAnother',
      accepted: { freeFrom: holder.protection.state === 'live' ? holder.protection.window.endsAt : null },
    });
  const restored: RulingRescinded['restored'] =
    window === undefined
      ? {
          state: before.state,
          ...(before.review === undefined
            ? {}
            : { review: stageAgain(facts.under(before.policy), before.review, facts.now) }),
        }
      : runs
        ? { state: before.state, protection: window }
        : { state: 'expired' };
  const { shares, holder: present } = dossier.registrations.get(made.registrationId)!;
  const hangingOnIt = hangingOn(dossier, made);
  // Only a transfer gives the customer back, and only while nobody handed it on since.
  const handedBack =
    made.type === 'Transferred' &&
    !dossier.rulings.some(({ id, type }) => type === 'Transferred' && hangingOnIt.includes(id));
  return accept({
    type: 'RulingRescinded',
    ruling: made.id,
    rulingType: made.type as Code,
    registrationId: made.registrationId,
    holder: handedBack ? before.holder : present,
    restored: {
      ...restored,
      class: before.class,
      ...(shares === undefined ? {} : { shares }),
      ...(before.extension.requested ? { extensionRequested: true } : {}),
    },
    hangingOnIt,
    grounds: personal(grounds),
    because: [],
  });
};
