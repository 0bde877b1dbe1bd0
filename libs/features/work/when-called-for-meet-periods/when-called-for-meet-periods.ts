import { createHash } from 'node:crypto';
import { reaction, type Reaction } from '#event-sourcing/reaction/reactor.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Code, CommandId, Instant, PartyId, Position, ProgramId } from '#event-sourcing/vocabulary.js';
import { clockParty } from '../../deciding/system-parties.js';
import type { PartyEnrolled, RoleGranted } from '../../party/events.js';
import type { PolicyPublished } from '../../program/events.js';
import { policyOf } from '../../program/facts.js';
import type { MeetPeriods } from '../meet-periods/meet-periods.js';

/** Whom a role or a version may concern. Only asked; whoever is asked decides by the log. */
export interface Concerned {
  /** With every version of their policies. */
  readonly programs: () => Promise<readonly { readonly programId: ProgramId; readonly policies: readonly Version[] }[]>;
  readonly parties: () => Promise<readonly PartyId[]>;
  readonly seen: (position: Position) => Promise<void>;
}
type Version = Parameters<typeof policyOf>[0];
const asksEach = (version: Version): boolean =>
  (policyOf(version).document.periodicDuties ?? []).some(({ of }) => 'each' in of);
type Calling = PolicyPublished | PartyEnrolled | RoleGranted;

/**
 * A version was published, or somebody was enrolled or got a role → MeetPeriods, once for each program and party:
 * the command's id follows from the event's. From the event's own time on, however late it is read.
 */
export const whenCalledFor = (ask: (command: MeetPeriods) => Promise<Outcome>, concerned: Concerned): Reaction => {
  const askEach = async (
    id: string,
    from: Instant,
    programId: ProgramId,
    parties: readonly (PartyId | undefined)[],
  ): Promise<void> => {
    for (const partyId of parties) {
      const { outcome } = await ask({
        commandId: `periods-${createHash('sha256')
          .update(`${id} ${programId} ${partyId ?? ''}`)
          .digest('hex')
          .slice(0, 32)}` as CommandId,
        by: clockParty,
        receivedAt: from,
        receivedBy: 'log' as Code,
        programId,
        ...(partyId === undefined ? {} : { partyId }),
        from,
      });
      if (outcome === 'indeterminate') throw new Error(`Nobody knows yet whether the duties after ${id} were recorded`);
    }
  };
  return reaction<Calling>({
    name: 'when-called-for',
    types: ['PolicyPublished', 'PartyEnrolled', 'RoleGranted'],
    react: async ({ event, id, times, position }) => {
      const from = times.recordedAt;
      if (event.type === 'PolicyPublished') {
        const version = { ...event, meanings: event.meanings ?? [] };
        if ((policyOf(version).document.periodicDuties ?? []).length === 0) return;
        await concerned.seen(position);
        const parties = asksEach(version) ? await concerned.parties() : [];
        return askEach(id, from, event.programId, [undefined, ...parties]);
      }
      await concerned.seen(position);
      const named = event.type === 'PartyEnrolled' ? undefined : event.programId;
      for (const { programId, policies } of await concerned.programs())
        if ((named ?? programId) === programId && policies.some(asksEach))
          await askEach(id, from, programId, [event.partyId]);
    },
  });
};
