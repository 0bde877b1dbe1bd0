import type { CommandEngine } from '#event-sourcing/command/handle-command.js';
import { partyFolding, partyStream, rolesHeldAt } from '#features/party/facts.js';
import { policyInForce, programFolding, programStream } from '#features/program/facts.js';
import { dismissedFrom, excludedFrom, standingFolding, standingStream } from '#features/standing/facts.js';
import { userFolding, type UserStreamOf } from '#features/user/facts.js';
import type { PartyDirectory } from '#graphql/caller.js';
import { worksAs } from '#policy/clauses/permissions.js';
import { isKnownRole } from '#policy/roles.js';

/**
 * What the edge asks about parties, answered from the log itself and not from a read model: a role that was taken away
 * a moment ago is gone.
 * Only a dismissal bars from everything; a ban or suspension is one program's: there commands are refused with its end
 * and its reason, and of others nothing is shown.
 */
export const partyDirectory = ({ engine, desk }: KnowsParties): PartyDirectory => ({
  rolesOf: async (party, at) =>
    Promise.all(
      rolesHeldAt(await engine.ask(partyStream(party), partyFolding), at).map(async ({ role, programId: program }) => {
        if (program === undefined) return { role };
        if (isKnownRole(role)) return { role, program };
        const policy = policyInForce(await engine.ask(programStream(program), programFolding), at);
        return { role, program, worksAs: policy === undefined ? [] : worksAs(policy, role) };
      }),
    ),
  mayAct: async (party) => !dismissedFrom(await engine.ask(standingStream(party), standingFolding)),
  excludedFrom: async (party, at) => excludedFrom(await engine.ask(standingStream(party), standingFolding), at),
  isLocked: async (user) => (await engine.ask(await desk.userStream(user), userFolding)).locked,
});

interface KnowsParties {
  readonly engine: Pick<CommandEngine, 'ask'>;
  readonly desk: { readonly userStream: UserStreamOf };
}
