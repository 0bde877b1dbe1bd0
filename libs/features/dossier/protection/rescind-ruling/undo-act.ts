import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, EventId, Instant } from '#event-sourcing/vocabulary.js';
import { foldUnrecorded } from '../../ahead.js';
import { dealsAnew } from '../../deal/crediting.js';
import type { Deal } from '../../deal/deal.js';
import { protecting, type Dossier } from '../../dossier.js';
import type { RulingRescinded } from '../../events.js';
import { permissionOf, refuseWith, type OnDossier } from '../../on-dossier.js';
import { inDossier, type DossierDecision } from '../../placed.js';
import {
  claimOf,
  freeFrom,
  type ActRecorded,
  type Protection,
  type Registration,
  type RulingMade,
  type Stood,
} from '../../registration.js';
import { rescinded, restoredBy } from './restoring.js';

/**
 * Something that was recorded by mistake counts no more, and what it did is undone: the clock that it began or moved,
 * the class, the ladder, the shares. What somebody moved on since stays where it is, and is listed.
 */
export const undoAct = (
  on: OnDossier,
  registration: Registration,
  act: ActRecorded,
  grounds: string,
): DossierDecision => {
  const { facts, dossier } = on;
  // Of what a verdict settled no single piece is taken back.
  if (act.found.state === 'inCase' || act.found.protection.state === 'suspended')
    return refuse({ reason: 'RuledByVerdict' });
  const moves = standing(act.found) !== standing(act.left);
  const undoes = moves && standsAsLeft(registration, act);
  if (!undoes && isOver(registration)) return refuse({ reason: 'AlreadyOver' });
  const because = permissionOf(facts, 'rescindRuling', registration);
  const more = { holder: registration.holder, grounds: personal(grounds), because };
  const restored = undoes ? restoredBy(act.found, facts) : asItStands(registration);
  const holder = protecting(dossier, facts.now, registration);
  if (
    (restored.state === 'protected' || restored.state === 'effective') &&
    holder !== undefined &&
    holder.id !== registration.id
  )
    return refuse({ reason: 'ProtectedByAnother', accepted: freeFrom(holder) });
  // What the same command ruled goes with it, the last first; each names what it is taken back to.
  const ruledWithIt = undoes ? ofItsCommand(registration, act).toReversed() : [];
  const events = inDossier(
    dossier,
    facts,
    ...ruledWithIt.map((made) =>
      rescinded(registration, made, { ...more, restored: restoredBy(made.found, facts), hangingOnIt: [] }),
    ),
    {
      type: 'RulingRescinded',
      ruling: act.id,
      rulingType: act.type as Code,
      registrationId: registration.id,
      restored: {
        ...restored,
        // A request is asked or not whatever the clock does; only taking itself back changes that.
        ...requested(registration, act),
        ...shares(registration, act),
        ...stages(registration, act),
        ...claimOf(registration),
      },
      hangingOnIt: hangingOn(dossier, registration, act, undoes),
      ...more,
    },
  );
  const anew = dealsAnew(
    facts,
    [foldUnrecorded(dossier, events, facts)],
    creditedUnder(dossier, registration, act),
    because,
  );
  return refuseWith(anew.refused) ?? accept(...events, ...anew.lines);
};

/** What was shared by a split that is taken back belongs to whoever it would belong to without it. */
const creditedUnder = ({ deals }: Dossier, { id }: Registration, act: ActRecorded): readonly Deal[] =>
  act.type !== 'SplitAgreed'
    ? []
    : [...deals.values()].filter(
        ({ credited }) => credited?.basis === 'agreed' && credited.registrationId === id && credited.at >= act.at,
      );

/** State, class and clock, as text: two are the same where nothing has moved. */
const standing = ({ state, class: name, protection, review }: Stood | Registration): string =>
  JSON.stringify([state, name, protection.state, endOf(protection), review?.step, review?.open]);
const endOf = (protection: Protection): Instant | undefined =>
  protection.state === 'none' ? undefined : protection.window.endsAt;
/** As the act's command left it, or ended since by nothing but that clock. */
const standsAsLeft = (registration: Registration, { left }: ActRecorded): boolean =>
  standing(registration) === standing(left) ||
  ((registration.state === 'expired' || registration.state === 'abandoned') &&
    left.protection.state === 'live' &&
    registration.class === left.class &&
    endOf(registration.protection) === left.protection.window.endsAt);
const isOver = ({ state }: Registration): boolean =>
  !['underReview', 'returned', 'effective', 'protected'].includes(state);
const asItStands = (registration: Registration): RulingRescinded['restored'] => {
  const { state, review, protection, class: name, extension } = registration;
  return {
    state,
    class: name,
    extensionCount: extension.count,
    ...(review === undefined ? {} : { review }),
    ...(protection.state === 'live' ? { protection: protection.window } : {}),
  };
};

const requested = (
  { extension }: Registration,
  { type, found }: ActRecorded,
): Pick<RulingRescinded['restored'], 'extensionRequested'> =>
  (type === 'ExtensionRequested' || type === 'ExtensionRefused' ? found : { extension }).extension.requested
    ? { extensionRequested: true }
    : { extensionRequested: false };

/** The shares that stood before a split; another split since stands. */
const shares = (
  registration: Registration,
  { type, found, left }: ActRecorded,
): Pick<RulingRescinded['restored'], 'shares' | 'sharesBasis'> => {
  const undone = type === 'SplitAgreed' && registration.shares === left.shares;
  const { shares: lines, sharesBasis } = undone ? found : registration;
  return {
    ...(lines === undefined ? (type === 'SplitAgreed' ? { shares: [] } : {}) : { shares: lines }),
    ...(type === 'SplitAgreed' && sharesBasis !== undefined ? { sharesBasis } : {}),
  };
};

/** Ladders that the act went up, and that stand where it left them. */
const stages = (
  registration: Registration,
  { found, left }: ActRecorded,
): Pick<RulingRescinded['restored'], 'stages'> => {
  const back = [...left.stages]
    .filter(([ladder, step]) => found.stages.get(ladder) !== step && registration.stages.get(ladder) === step)
    .map(([ladder]) => {
      const step = found.stages.get(ladder);
      return step === undefined ? { ladder } : { ladder, step };
    });
  return back.length === 0 ? {} : { stages: back };
};

const ofItsCommand = ({ rulings }: Registration, { command }: ActRecorded): readonly RulingMade[] =>
  rulings.filter((made) => command !== undefined && made.command === command && made.rescinded !== true);

/** What was ruled and credited since: on the registration as the slip had left it. */
const hangingOn = (
  { deals }: Dossier,
  registration: Registration,
  act: ActRecorded,
  undoes: boolean,
): readonly EventId[] => [
  ...registration.rulings
    .slice(act.rulingsBefore)
    .filter(({ command, rescinded: back }) => back !== true && (command !== act.command || !undoes))
    .map(({ id }) => id),
  ...[...deals.values()].flatMap(({ credited }) =>
    credited?.id !== undefined && credited.registrationId === registration.id && credited.at >= act.at
      ? [credited.id]
      : [],
  ),
];
