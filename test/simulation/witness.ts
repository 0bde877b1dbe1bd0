import type { Intent } from './story.js';
import { isLive, type Claim } from './folders.js';
import { Violation, type Reference } from './reference.js';
import { keyStreamsIn } from '#features/dossier/testing/rehearsal.js';

interface Refusal {
  readonly subject?: string;
  readonly rejections: readonly {
    readonly reason: string;
    readonly accepted?: Readonly<Record<string, unknown>>;
    readonly inputs?: Readonly<Record<string, unknown>>;
  }[];
}

/**
 * The log itself is the witness: a refusal that speaks of somebody's claim must be true at its own place in the log.
 * The clock may have moved
 * between decision and recording, so it is true when it was at some moment `from` the asking `to` the recording; clocks
 * only run out.
 */
export const checkRefusal = (
  log: Reference,
  refusal: unknown,
  intent: Intent,
  { from, to }: { readonly from: string; readonly to: string },
): void => {
  const { subject, rejections } = refusal as Refusal;
  const claims = claimsAbout(log, subject, intent);
  const held = claims.filter((claim) => isLive(claim, from));
  for (const { reason, accepted, inputs } of rejections) {
    const lie = (why: string): never => {
      throw new Violation(`${intent.id} (${intent.name}) was refused with ${reason}, but ${why}`);
    };
    switch (reason) {
      case 'ProtectedByAnother':
        if (!held.some(({ state, endsAt }) => (accepted?.['freeFrom'] ?? null) === (state === 'live' ? endsAt : null)))
          timeDecided(log, claims, { until: accepted?.['freeFrom'], to, lie });
        break;
      case 'KeysOfSeveral':
        if (!claims.some(({ holder, state }) => holder !== intent.by && state !== 'over') && !areApart(log, intent))
          lie('nobody else claims either customer');
        break;
      case 'ClaimedByAnother':
        if (!claims.some(({ holder, state }) => holder !== intent.by && state !== 'over'))
          lie('nobody else claims the customer');
        break;
      case 'AlreadyYours':
        if (
          !claims.some(
            (claim) =>
              claim.id === inputs?.['registrationId'] &&
              claim.holder === intent.by &&
              claim.state !== 'over' &&
              (claim.state !== 'live' || isLive(claim, from)),
          )
        )
          lie(`it is not: ${JSON.stringify(claims)}`);
        break;
      case 'NotProtected':
        if (
          claims.some(
            (claim) =>
              claim.id === intent.registrationId &&
              isLive(claim, to) &&
              !(claim.until !== undefined && claim.until <= to) &&
              !overturnedByTime(claim, claims, to),
          )
        )
          lie('its clock runs');
        break;
      case 'InCase':
        if (!claims.some(({ state }) => state === 'suspended' || state === 'inCase') && log.openCases.length === 0)
          lie('no case is open');
        break;
      default:
    }
  }
};

/** The form's keys lead to dossiers that were ruled to be two. */
const areApart = (log: Reference, { form }: Intent): boolean => {
  const roots = new Set(boundTo(log, form).map((dossier) => log.root(dossier)));
  return log.apart.some((pair) => pair.every((dossier) => roots.has(log.root(dossier))));
};
const boundTo = (log: Reference, form: Intent['form']): readonly string[] =>
  form === undefined
    ? []
    : log.epochs.flatMap((epoch) => keyStreamsIn(epoch, form).flatMap(({ stream }) => log.keys.get(stream) ?? []));

/**
 * By then a review had approved itself, or a suspension had ended, and nobody had recorded it: whoever does must record
 * just that.
 */
const timeDecided = (
  log: Reference,
  claims: readonly Claim[],
  { until, to, lie }: { readonly until: unknown; readonly to: string; readonly lie: (why: string) => never },
): void => {
  const due = claims.filter(
    ({ state, dueAt, approvesItself, until: runsOn }) =>
      (state === 'waiting' && approvesItself === true && dueAt! <= to) ||
      (state === 'suspended' && runsOn !== undefined && runsOn <= to),
  );
  if (due.length === 0 || typeof until !== 'string') lie(`nobody held the customer until ${String(until)}`);
  const dossiers = new Set(due.map(({ dossier }) => dossier));
  if (dossiers.size === 1) log.promises.set([...dossiers][0]!, until as string);
};

/** By then the review of a claim that ranks first had approved itself, and nobody had recorded it. */
const overturnedByTime = ({ rankedAt }: Claim, claims: readonly Claim[], to: string): boolean =>
  claims.some(
    (late) => late.state === 'waiting' && late.approvesItself === true && late.dueAt! <= to && late.rankedAt < rankedAt,
  );

const claimsAbout = (log: Reference, subject: string | undefined, { form }: Intent): readonly Claim[] => {
  const named = subject === undefined ? undefined : log.folders.get(subject);
  // A case about one subject or two lies in each of their dossiers: what is said of one may rest on the other.
  const linked = [...(named?.cases.values() ?? [])].flatMap(({ elsewhere }) =>
    elsewhere.map((id) => id.slice(0, id.indexOf('.'))),
  );
  const dossiers = [...boundTo(log, form), named?.id, ...linked].filter((dossier) => dossier !== undefined);
  return [...new Set(dossiers.map((dossier) => log.root(dossier)))].flatMap((root) => log.claimsOf(root));
};
