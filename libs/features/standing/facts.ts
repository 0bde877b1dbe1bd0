import type { Happening } from '#event-sourcing/event.js';
import type { Folding } from '#event-sourcing/command/handle-command.js';
import type { Code, EventId, Instant, PartyId, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import type { OffenceId, Penalty, StandingEvent } from './events.js';

export const standingStream = (party: PartyId): StreamName => `standing-${party}` as StreamName;

export interface OffenceOnRecord {
  readonly id: OffenceId;
  readonly offence: Code;
  readonly programId: ProgramId;
  readonly at: Instant;
  readonly occurrence: number;
  readonly penalties: readonly Penalty[];
  readonly ruling?: EventId;
  readonly rescinded: boolean;
}
/** A party's offences and what followed. Folded from `standing-<party>`. */
export interface Standing {
  readonly offences: readonly OffenceOnRecord[];
}

const applyStanding = (standing: Standing, { event, at, id }: Happening<StandingEvent>): Standing => {
  switch (event.type) {
    case 'OffenceFound':
      return {
        offences: [
          ...standing.offences,
          {
            id: event.offenceId,
            offence: event.offence,
            programId: event.programId,
            at,
            occurrence: event.occurrence,
            penalties: [],
            rescinded: false,
          },
        ],
      };
    case 'Penalized':
      return {
        offences: standing.offences.map((offence) =>
          offence.id === event.offenceId ? { ...offence, penalties: event.penalties, ruling: id } : offence,
        ),
      };
    case 'PenaltyRescinded':
      return {
        offences: standing.offences.map((offence) =>
          offence.id === event.offenceId ? { ...offence, rescinded: true } : offence,
        ),
      };
  }
};
export const standingFolding: Folding<Standing, StandingEvent> = {
  name: 'standing',
  initial: { offences: [] },
  apply: applyStanding,
};

/**
 * What forbids a party to act at an instant: a dismissal for ever, a ban or suspension in its program until its end.
 * What belongs to no program is forbidden by any. The offence is named, so that a refusal can say why.
 */
export const exclusionAt = (
  standing: Standing,
  program: ProgramId | undefined,
  at: Instant,
):
  | { readonly kind: 'dismissal' | 'ban' | 'suspension'; readonly until?: Instant; readonly offence: OffenceOnRecord }
  | undefined => {
  for (const offence of standing.offences) {
    if (offence.rescinded || at < offence.at) continue;
    for (const penalty of offence.penalties) {
      if (penalty.kind === 'dismissal') return { kind: 'dismissal', offence };
      if (
        (penalty.kind === 'ban' || penalty.kind === 'suspension') &&
        (program === undefined || offence.programId === program) &&
        (penalty.until === undefined || at < penalty.until)
      )
        return { kind: penalty.kind, until: penalty.until, offence };
    }
  }
  return undefined;
};

/** A dismissal that was not taken back bars from every program, for ever. */
export const dismissedFrom = ({ offences }: Standing): boolean =>
  offences.some(({ rescinded, penalties }) => !rescinded && penalties.some(({ kind }) => kind === 'dismissal'));

/** The programs that a ban or a suspension keeps a party from at an instant. */
export const excludedFrom = (standing: Standing, at: Instant): readonly ProgramId[] => [
  ...new Set(
    standing.offences.map(({ programId }) => programId).filter((id) => exclusionAt(standing, id, at) !== undefined),
  ),
];

/** Which one the next offence of this name would be, counting from `since` on (absent: for ever). */
export const nextOccurrence = (
  standing: Standing,
  program: ProgramId,
  offence: Code,
  since: Instant | undefined,
): number =>
  1 +
  standing.offences.filter(
    (found) =>
      !found.rescinded &&
      found.programId === program &&
      found.offence === offence &&
      (since === undefined || found.at >= since),
  ).length;
