import { readFileSync } from 'node:fs';
import { encodePosition } from '#event-sourcing/projection/position-token.js';
import type { Code, CommandId, Instant, PartyId, Position, ProgramId } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { modulesOf } from '#server/installation.module.js';
import { changeMembership } from '#features/party/change-membership/change-membership.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import type { Role } from '#policy/roles.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { openTestInstallation } from './storage.js';
import type { Installation } from '#installation/installation.js';
import { partyDirectory } from '#server/party-directory.js';
import { Edge, type GraphqlAnswer, issuer } from '#test/security/edge.js';

export const program = 'shore' as ProgramId;
const beginning = '2026-01-01T00:00:00.000Z' as Instant;

export interface ApiAnswer<Data> {
  readonly status: number;
  readonly text: string;
  readonly data: Data;
  readonly errors: GraphqlAnswer['errors'];
}

/**
 * The whole server on a free port, on adapters in memory, with one program under the rehearsal regime. Whoever is
 * enrolled may call.
 */
export class Api {
  #commands = 0;
  private constructor(
    readonly installation: Installation,
    readonly edge: Edge,
  ) {}

  static async open(policy: (text: string) => string = (text) => text): Promise<Api> {
    const installation = await openTestInstallation();
    await installation.projector.start();
    const edge = await Edge.open({
      modules: modulesOf(installation),
      parts: { parties: partyDirectory(installation), clock: installation.clock, close: () => installation.close() },
    });
    const api = new Api(installation, edge);
    const text = policy(readFileSync('libs/features/dossier/testing/rehearsal.policy.yaml', 'utf8'));
    await installation.desk.send(openProgram, {
      ...api.command('root'),
      programId: program,
      title: { zh: '海岸花园', en: 'Shore Gardens' },
    });
    const published = await installation.desk.send(publishPolicy, {
      ...api.command('root'),
      programId: program,
      text,
      effectiveFrom: beginning,
      authority: '总经理',
    });
    if (published.outcome !== 'accepted') throw new Error(`The regime is not usable: ${JSON.stringify(published)}`);
    return api;
  }

  command(by: string, granted: readonly Role[] = ['administrator']): CommandBase {
    return {
      commandId: `set-up-${(this.#commands += 1)}` as CommandId,
      by: by as PartyId,
      user: { issuer, subject: `user-${by}` },
      granted,
      receivedAt: this.installation.clock.now(),
      receivedBy: 'system' as Code,
    };
  }
  commandId(): string {
    return `c-${(this.#commands += 1)}`;
  }

  async enrol(
    party: string,
    {
      roles = [],
      memberOf,
      name = party,
    }: { readonly roles?: readonly Role[]; readonly memberOf?: string; readonly name?: string } = {},
  ): Promise<void> {
    const { desk } = this.installation;
    await desk.send(enrolParty, { ...this.command('root'), partyId: party as PartyId, kind: 'person', name });
    for (const role of roles)
      await desk.send(grantRole, {
        ...this.command('root'),
        partyId: party as PartyId,
        role,
        programId: program,
        from: beginning,
      });
    if (memberOf !== undefined)
      await desk.send(changeMembership, {
        ...this.command('root'),
        partyId: party as PartyId,
        memberOf: memberOf as PartyId,
        from: beginning,
      });
  }

  async ask<Data = Readonly<Record<string, never>>>(
    party: string,
    query: string,
    variables: object = {},
  ): Promise<ApiAnswer<Data>> {
    const { status, text, json } = await this.edge.post({ query, variables }, { token: await this.token(party) });
    return { status, text, data: json.data as Data, errors: json.errors };
  }
  /** The one field that a mutation or query answers with. */
  async one<Answer = Readonly<Record<string, unknown>>>(
    party: string,
    query: string,
    variables: object = {},
  ): Promise<Answer> {
    const { data, text } = await this.ask<Readonly<Record<string, Answer>>>(party, query, variables);
    const [answer, ...more] = Object.values(data ?? {});
    if (answer === undefined || more.length > 0) throw new Error(text);
    return answer;
  }

  /** Everything that has been recorded so far, for `atPosition`. */
  async head(): Promise<string> {
    const { log } = this.installation.parts;
    return encodePosition(log.journalId, ((await log.head()) - 1) as Position);
  }

  token(party: string): Promise<string> {
    return this.edge.token({ party, sub: `user-${party}` });
  }
  close(): Promise<void> {
    return this.edge.close();
  }
}
