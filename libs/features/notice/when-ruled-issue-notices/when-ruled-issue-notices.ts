import { createHash } from 'node:crypto';
import { reaction, type Reaction } from '#event-sourcing/reaction/reactor.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Code, CommandId } from '#event-sourcing/vocabulary.js';
import type { Approved, Expired, Extended, Rejected, Terminated } from '../../dossier/events.js';
import { noticeParty } from '../../deciding/system-parties.js';
import type { IssueNotices } from '../issue-notices/issue-notices.js';

type Ruled = Approved | Rejected | Extended | Expired | Terminated;
/** A ruling on a claim → IssueNotices, once: the command's id follows from the ruling's. */
export const whenRuled = (issue: (command: IssueNotices) => Promise<Outcome>): Reaction =>
  reaction<Ruled>({
    name: 'when-ruled',
    types: ['Approved', 'Rejected', 'Extended', 'Expired', 'Terminated'],
    react: async ({ event, id, program, policy, times }) => {
      if (program === undefined || policy === undefined) return;
      const { outcome } = await issue({
        commandId: `notice-${createHash('sha256').update(id).digest('hex').slice(0, 32)}` as CommandId,
        by: noticeParty,
        receivedAt: times.recordedAt,
        receivedBy: 'log' as Code,
        programId: program,
        about: id,
        aboutType: event.type as Code,
        registrationId: event.registrationId,
        policy,
        ...('protection' in event && event.protection !== undefined ? { lastDay: event.protection.lastDay } : {}),
      });
      if (outcome === 'indeterminate') throw new Error(`Nobody knows yet whether the notices of ${id} were recorded`);
    },
  });
