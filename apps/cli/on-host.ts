import { userInfo } from 'node:os';
import { systemIds } from '#adapters/clock-system/clock-system.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Code, CommandId, PartyId, User } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { hostIssuer } from '#features/deciding/system-parties.js';
import { rejectionsOf } from '#features/intake/row-result.js';
import type { Installation } from '#installation/installation.js';
import { rejectionText } from '#policy/sentences.js';
import { UsageError } from './usage-error.js';

/** Whoever may stop the server and open its folder: recorded as such with every command. */
export const host = 'host' as PartyId;

/** The name that the operating system knows whoever types the command by; its number where it has none. */
export const operator = (): User => ({ issuer: hostIssuer, subject: nameOfOperator() });
const nameOfOperator = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
};

export const onHost = ({ clock }: Installation): CommandBase => ({
  commandId: `host-${systemIds.uuid()}` as CommandId,
  by: host,
  user: operator(),
  granted: ['administrator'],
  receivedAt: clock.now(),
  receivedBy: 'system' as Code,
});

/** True when something was recorded. `fine`: a refusal that means that it was done before. */
export const mustBeDone = async (sent: Promise<Outcome>, fine?: string): Promise<boolean> => {
  const outcome = await sent;
  if (outcome.outcome === 'accepted') return outcome.events.length > 0;
  if (outcome.outcome === 'indeterminate') throw new Error(`It is not known whether ${outcome.commandId} was recorded`);
  const rejection = rejectionsOf(outcome.events).find(({ reason }) => reason !== fine);
  if (rejection === undefined) return false;
  const { zh, en } = rejectionText(rejection);
  throw new UsageError(`${zh} / ${en}`);
};
