import type { CommandBus } from '@nestjs/cqrs';
import { createHash } from 'node:crypto';
import { CommandIdTakenError, type Outcome } from '#event-sourcing/command/handle-command.js';
import type { Code, CommandId, Instant, PartyId, ProgramId, User } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import type { Mapping } from '#features/intake/mapping.js';
import { rejectionsOf } from '#features/intake/row-result.js';
import type { Policy } from '#policy/policy.js';
import { rejectionText } from '#policy/sentences.js';
import { UsageError } from './usage-error.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { commandTo } from '#features/edge/command-bus.js';

export interface Preparation {
  readonly programId: ProgramId;
  readonly policy: Policy;
  readonly policyText: string;
  readonly mapping: Mapping;
  /** Enrolled as an administrator: the department that keeps the sheet. */
  readonly desk: PartyId;
  /** The policy holds and the roles are held from here on. */
  readonly from: Instant;
  readonly user?: User;
}

/**
 * Opens a program, publishes its policy and enrols the desk and everybody the mapping names. Ids follow from what is
 * done: doing it again, at any time, records nothing.
 */
export const prepareProgram = async (
  commands: CommandBus,
  { programId, policy, policyText, mapping, desk, from, user }: Preparation,
): Promise<void> => {
  const base = (...about: readonly string[]): CommandBase => ({
    commandId: `prepare-${createHash('sha256')
      .update(JSON.stringify([programId, ...about]))
      .digest('hex')
      .slice(0, 40)}` as CommandId,
    by: 'administrator' as PartyId,
    ...(user === undefined ? {} : { user }),
    granted: ['administrator'],
    receivedAt: from,
    receivedBy: 'system' as Code,
  });
  await done(
    commands.execute(commandTo(openProgram, { ...base('open'), programId, title: policy.title })),
    'ProgramExists',
  );
  await done(
    commands.execute(
      commandTo(publishPolicy, {
        ...base('publish', policy.digest),
        programId,
        text: policyText,
        effectiveFrom: from,
        authority: 'administrator',
      }),
    ),
    'PolicyVersionTaken',
  );
  const filers = Object.entries(mapping.filer.parties).map(([name, partyId]) => ({ partyId, name }));
  for (const { partyId, name } of [{ partyId: desk, name: desk }, ...filers]) {
    await done(
      commands.execute(commandTo(enrolParty, { ...base('enrol', partyId), partyId, kind: 'person', name })),
      'PartyExists',
    );
  }
  await done(
    commands.execute(
      commandTo(grantRole, { ...base('grant', desk), partyId: desk, role: 'administrator', programId, from }),
    ),
  );
};

/** What is there already is as good as done. */
const done = async (sent: Promise<Outcome>, fine?: string): Promise<void> => {
  const outcome = await sent.catch((error: unknown) => {
    // Done before, from an earlier day on.
    if (error instanceof CommandIdTakenError) return undefined;
    throw error;
  });
  if (outcome === undefined) return;
  if (outcome.outcome === 'accepted') return;
  if (outcome.outcome === 'indeterminate') throw new Error(`It is not known whether ${outcome.commandId} was recorded`);
  const rejection = rejectionsOf(outcome.events).find(({ reason }) => reason !== fine);
  if (rejection === undefined) return;
  const { zh, en } = rejectionText(rejection);
  throw new UsageError(`${zh} / ${en}`);
};
