import { accept, refuse } from '#event-sourcing/decision.js';
import { clear, type Code, type ProgramId } from '#event-sourcing/vocabulary.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { ProgramEvent } from '../events.js';
import { hasBegun, programFolding, programStream, type ProgramFacts } from '../facts.js';

/** Takes back a version of the policy that has not begun: no ruling can have cited it. One that has begun stays. */
export interface WithdrawPolicy extends CommandBase {
  readonly programId: ProgramId;
  readonly version: string;
  readonly authority: string;
}

export const withdrawPolicy = administration<WithdrawPolicy, ProgramFacts, ProgramEvent>({
  name: 'WithdrawPolicy',
  stream: ({ programId }) => programStream(programId),
  folding: programFolding,
  allowed: ['policyOwner', 'administrator'],
  program: ({ programId }) => programId,
  decide: ({ state, now }, { programId, version, authority }) => {
    if (state.programId === undefined) return refuse({ reason: 'ProgramUnknown', field: 'programId' });
    const published = state.policies.find((policy) => policy.version === version);
    if (published === undefined)
      return refuse({
        reason: 'PolicyVersionUnknown',
        field: 'version',
        accepted: { versions: state.policies.filter((policy) => !hasBegun(policy, now)).map((one) => one.version) },
      });
    if (hasBegun(published, now))
      return refuse({
        reason: 'PolicyVersionBegun',
        field: 'version',
        inputs: { version: published.version, effectiveFrom: published.effectiveFrom },
      });
    return accept({
      type: 'PolicyWithdrawn',
      programId,
      version: version as Code,
      digest: published.digest,
      effectiveFrom: published.effectiveFrom,
      authority: clear(authority),
    });
  },
});
