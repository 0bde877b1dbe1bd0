import type { Folding } from '#event-sourcing/command/handle-command.js';
import type { AsRecorded, Happening } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { isBefore, later } from '#time/instant.js';
import type { PeriodicDutySet, WorkCounted, WorkEvent, WorkRecorded } from './events.js';

/** The work of a party in a program; without a party, of its offices. No id holds the stroke that stands between. */
export const workStream = (program: ProgramId, party?: PartyId): StreamName =>
  `work-${program}${party === undefined ? '' : `/${party}`}` as StreamName;
/** What a stream of this feature is about. */
export const workOf = (stream: StreamName): { readonly programId: ProgramId; readonly partyId?: PartyId } => {
  const [programId, partyId] = stream.slice('work-'.length).split('/') as [ProgramId, PartyId?];
  return { programId, ...(partyId === undefined ? {} : { partyId }) };
};

/** More than any duty asks for within one period. */
const recentMax = 400;

/** One thing that was done: when it happened, and when it was recorded. */
export interface Done {
  readonly happenedAt: Instant;
  readonly recordedAt: Instant;
}
export interface Act {
  readonly count: number;
  readonly lastAt: Instant;
  /** The latest, in the order of the log. */
  readonly recent: readonly Done[];
}
/** A duty as its last event left it. */
export interface PeriodKept {
  readonly state: PeriodicDutySet['state'] | 'missed';
  readonly since: Instant;
  readonly until: Instant;
  readonly dueAt?: Instant | undefined;
  readonly nextAt?: Instant | undefined;
  readonly doneAt?: Instant | undefined;
}
/** What a party, or the offices of a program, did, and how their duties by period stand. */
export interface Work {
  readonly acts: ReadonlyMap<Code, Act>;
  readonly duties: ReadonlyMap<Code, PeriodKept>;
}
export const noWork: Work = { acts: new Map(), duties: new Map() };

const acted = (
  work: Work,
  { activity, happenedAt }: AsRecorded<WorkRecorded | WorkCounted>,
  recordedAt: Instant,
): Work => {
  const known = work.acts.get(activity);
  const act: Act = {
    count: (known?.count ?? 0) + 1,
    lastAt: known === undefined ? happenedAt : later(known.lastAt, happenedAt),
    recent: [...(known?.recent ?? []), { happenedAt, recordedAt }].slice(-recentMax),
  };
  return { ...work, acts: new Map(work.acts).set(activity, act) };
};
const kept = (work: Work, duty: Code, now: PeriodKept): Work => ({
  ...work,
  duties: new Map(work.duties).set(duty, now),
});

export const applyWork = (work: Work, { event, at }: Happening<WorkEvent>): Work => {
  switch (event.type) {
    case 'WorkRecorded':
    case 'WorkCounted':
      return acted(work, event, at);
    case 'PeriodicDutySet': {
      const { duty, state, since, until, dueAt, nextAt } = event;
      const before = work.duties.get(duty)?.doneAt;
      return kept(work, duty, { state, since, until, dueAt, nextAt, doneAt: event.doneAt ?? before });
    }
    case 'PeriodicDutyMissed': {
      const { duty, since, until, dueAt, nextAt } = event;
      return kept(work, duty, { state: 'missed', since, until, dueAt, nextAt, doneAt: work.duties.get(duty)?.doneAt });
    }
  }
};
export const workFolding: Folding<Work, WorkEvent> = { name: 'work', initial: noWork, apply: applyWork };

/** When its stream has to be looked at again; undefined: nothing of it comes by time alone. */
export const lookedAtAgain = ({ state, dueAt, nextAt }: Pick<PeriodKept, 'state' | 'dueAt' | 'nextAt'>) =>
  state === 'open' ? dueAt : nextAt;

/** Whether it happened within [from, until). */
export const happenedWithin = ({ happenedAt }: Done, from: Instant, until: Instant): boolean =>
  !isBefore(happenedAt, from) && isBefore(happenedAt, until);
