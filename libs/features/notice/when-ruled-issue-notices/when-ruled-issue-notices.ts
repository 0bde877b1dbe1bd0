import { createHash } from 'node:crypto';
import type { AnyEvent } from '#event-sourcing/event.js';
import { reaction, type Reaction } from '#event-sourcing/reaction/reactor.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Code, CommandId, ProgramId } from '#event-sourcing/vocabulary.js';
import { noticeEvents, tellsOf } from '#policy/clauses/notices.js';
import type { Policy } from '#policy/policy.js';
import type { DossierEvent } from '../../dossier/events.js';
import { noticeParty } from '../../deciding/system-parties.js';
import type { IssueNotices } from '../issue-notices/issue-notices.js';

type Told = Extract<DossierEvent, { readonly type: (typeof noticeEvents)[number] | 'ActivityRecorded' }>;

/** Finds the policy that an event was recorded under. */
export type PolicyOf = (program: ProgramId, reference: Code) => Promise<Policy | undefined>;

/**
 * Something happened to a claim → IssueNotices, once: the command's id follows from the event's. Most events are told
 * to nobody: what the policy says of them is asked first, and then no command is sent.
 */
export const whenRuled = (issue: (command: IssueNotices) => Promise<Outcome>, policyOf: PolicyOf): Reaction =>
  reaction<Told & AnyEvent>({
    name: 'when-ruled',
    types: [...noticeEvents, 'ActivityRecorded'],
    react: async ({ event, id, program, policy, times }) => {
      if (program === undefined || policy === undefined) return;
      const activity = event.type === 'ActivityRecorded' ? event.activity : undefined;
      const cited = await policyOf(program, policy);
      if (cited === undefined || !tellsOf(cited, activity ?? event.type)) return;
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
        ...(activity === undefined ? {} : { activity }),
        ...(event.type === 'Amended' ? { fields: event.fields } : {}),
        ...('protection' in event && event.protection !== undefined ? { lastDay: event.protection.lastDay } : {}),
      });
      if (outcome === 'indeterminate') throw new Error(`Nobody knows yet whether the notices of ${id} were recorded`);
    },
  });
