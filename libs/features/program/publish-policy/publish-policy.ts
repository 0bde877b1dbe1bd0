import { accept, refuse, type Rejection } from '#event-sourcing/decision.js';
import { clear, type Code, type Instant, type ProgramId } from '#event-sourcing/vocabulary.js';
import { meaningCodes } from '#policy/meanings.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import { noPast } from '../../deciding/no-past.js';
import type { ProgramEvent } from '../events.js';
import { hasBegun, policyOf, programFolding, programStream, type ProgramFacts } from '../facts.js';

/**
 * Puts a version of the policy into force from a date on, by the authority that agreed to it: R09.12. A version that
 * has not begun may be published again with another date or text; one that has begun stays as it is. Once a program has
 * a policy, none begins in the past: rulings would have been made under another one.
 */
export interface PublishPolicy extends CommandBase {
  readonly programId: ProgramId;
  readonly text: string;
  readonly effectiveFrom: Instant;
  readonly authority: string;
}

export const publishPolicy = administration<PublishPolicy, ProgramFacts, ProgramEvent>({
  name: 'PublishPolicy',
  stream: ({ programId }) => programStream(programId),
  folding: programFolding,
  allowed: ['policyOwner', 'administrator'],
  program: ({ programId }) => programId,
  decide: ({ state, now }, command) => {
    const { programId, text, effectiveFrom, authority } = command;
    if (state.programId === undefined) return refuse({ reason: 'ProgramUnknown', field: 'programId' });
    const loaded = loadPolicy(text);
    if (!loaded.ok) {
      const [first, ...more] = loaded.problems.map((problem) => ({
        reason: 'PolicyUnusable' as const,
        field: `text${problem.path === '' ? '' : `.${problem.path}`}`,
        inputs: { problem: problem.code as Code, line: problem.line ?? null, column: problem.column ?? null },
      }));
      return refuse(first!, ...more);
    }
    const { version, digest } = loaded.policy;
    const meanings = meaningCodes(loaded.policy.meanings);
    const same = state.policies.find((published) => published.version === version);
    if (same?.digest === digest && same.effectiveFrom === effectiveFrom) return accept();
    if (same !== undefined && hasBegun(same, now))
      return refuse({
        reason: 'PolicyVersionTaken',
        field: 'text',
        inputs: { version: version as Code, publishedAt: same.publishedAt },
      });
    const other = ofAnother(state, loaded.policy);
    if (other !== undefined) return refuse(other);
    const [past] = state.policies.length === 0 ? [] : noPast('effectiveFrom', effectiveFrom, { now, command });
    if (past !== undefined) return refuse(past);
    return accept({
      type: 'PolicyPublished',
      programId,
      version: version as Code,
      digest: digest as Code,
      text: clear(text),
      ...(meanings.length === 0 ? {} : { meanings }),
      effectiveFrom,
      authority: clear(authority),
    });
  },
});

/** A program keeps its policy and what is claimed in it; only the version changes. */
const ofAnother = ({ policies }: ProgramFacts, { id, document: { subject } }: Policy): Rejection | undefined => {
  const first = policies[0];
  if (first === undefined) return undefined;
  const known = policyOf(first);
  return known.id === id && known.document.subject.kind === subject.kind
    ? undefined
    : {
        reason: 'PolicyOfAnother',
        field: 'text',
        accepted: { policy: known.id as Code, subject: known.document.subject.kind as Code },
      };
};
