import { accept, reject } from '#event-sourcing/decision.js';
import { clear, type Code, type Instant, type ProgramId } from '#event-sourcing/vocabulary.js';
import { meaningCodes } from '#policy/meanings.js';
import { loadPolicy } from '#policy/policy.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { ProgramEvent } from '../events.js';
import { programFolding, programStream, type ProgramFacts } from '../facts.js';

/** Puts a version of the policy into force from a date on, by the authority that agreed to it: R09.12. */
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
  decide: ({ state }, { programId, text, effectiveFrom, authority }) => {
    if (state.programId === undefined) return reject({ reason: 'ProgramUnknown', field: 'programId' });
    const loaded = loadPolicy(text);
    if (!loaded.ok) {
      const [first, ...more] = loaded.problems.map((problem) => ({
        reason: 'PolicyUnusable' as const,
        field: `text${problem.path === '' ? '' : `.${problem.path}`}`,
        inputs: { problem: problem.code as Code, line: problem.line ?? null, column: problem.column ?? null },
      }));
      return reject(first!, ...more);
    }
    const { version, digest } = loaded.policy;
    const meanings = meaningCodes(loaded.policy.meanings);
    const same = state.policies.find((published) => published.version === version);
    if (same !== undefined)
      return same.digest === digest && same.effectiveFrom === effectiveFrom
        ? accept()
        : reject({
            reason: 'PolicyVersionTaken',
            field: 'text',
            inputs: { version: version as Code, publishedAt: same.publishedAt },
          });
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
