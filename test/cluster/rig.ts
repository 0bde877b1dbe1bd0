import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import type { Code, CommandId, PartyId } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { programId, rehearsalText } from '#features/dossier/testing/rehearsal.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import type { ClusterNode } from '#installation/cluster/cluster-node.js';
import { openClusterNode } from '#installation/cluster/open-cluster-node.js';
import type { Installation } from '#installation/installation.js';
import { mintDevelopmentToken } from '#server/development-issuer.js';
import { freePort } from '#test/free-port.js';

export interface Urls {
  readonly eventStore: string;
  readonly mongo: string;
}

/** One real server in a process of its own. */
export class ServerProcess {
  #child: ChildProcess | undefined;
  /** What it said at level error or above, for whoever looks for the cause of a failure. */
  readonly complaints: string[] = [];
  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    readonly port: number,
    readonly peerAddress: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/graphql`;
  }
  get isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(root, 'dist/apps/server/main.js')], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: string): void => {
        for (const line of chunk.split('\n'))
          if (/"level":"(error|fatal)"|^\s*at /.test(line)) this.complaints.push(line);
        if (chunk.includes('"msg":"Listening"')) resolve();
      };
      child.stdout!.setEncoding('utf8').on('data', hear);
      child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
        this.complaints.push(chunk);
      });
      child.once('close', (code, signal) => {
        reject(new Error(`The server ended with ${code ?? signal}: ${this.complaints.slice(-5).join('\n')}`));
      });
    });
  }

  /** Resolves when the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return null;
    const gone = new Promise<number | null>((resolve) => {
      child.once('close', (code) => {
        resolve(code);
      });
    });
    child.kill('SIGCONT');
    child.kill(signal);
    return gone;
  }
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }
  thaw(): void {
    this.#child?.kill('SIGCONT');
  }
}

/** Where the compiled program lies, whether this file runs compiled or not. */
export const root = import.meta.dirname
  .replace(/([/\\])dist([/\\]test[/\\]cluster)$/, '$2')
  .replace(/[/\\]test[/\\]cluster$/, '');

/**
 * Several servers over one journal and one MongoDB, with a program under the rehearsal regime and somebody who may
 * file.
 */
export class ClusterRig {
  readonly servers: ServerProcess[] = [];
  private constructor(
    readonly urls: Urls,
    readonly organisation: string,
    readonly folder: string,
    readonly guest: ClusterNode,
  ) {}

  static async start(
    urls: Urls,
    count: number,
    { parties, policy = {} }: { readonly parties: number; readonly policy?: Readonly<Record<string, string>> },
  ): Promise<ClusterRig> {
    if (!existsSync(join(root, 'dist/apps/server/main.js')))
      throw new Error('Nothing is compiled: run `npm run build` first');
    const organisation = `rig-${randomUUID().slice(0, 13)}`;
    const folder = mkdtempSync(join(tmpdir(), 'baobei-cluster-'));
    const cluster = {
      eventStoreUrl: urls.eventStore,
      mongoUrl: urls.mongo,
      mongoKeysUrl: urls.mongo,
      peerHost: '127.0.0.1',
      peerPort: 0,
    };
    const guest = await openClusterNode({
      folder: join(folder, 'guest'),
      organisation,
      cluster,
      production: false,
      listens: false,
      masterKeyPath: join(folder, 'master.key'),
      onError: () => undefined,
    });
    const rig = new ClusterRig(urls, organisation, folder, guest);
    try {
      await guest.start();
      await rig.token('somebody');
      await prepareRehearsal(guest.installation, parties, policy);
      for (let index = 0; index < count; index += 1) rig.servers.push(await rig.#server(index));
      await Promise.all(rig.servers.map((server) => server.start()));
    } catch (error) {
      await rig.stop();
      throw error;
    }
    return rig;
  }

  async #server(index: number): Promise<ServerProcess> {
    const [port, peerPort] = [await freePort(), await freePort()];
    const data = join(this.folder, `server-${index}`);
    mkdirSync(data, { recursive: true });
    // One development issuer for all, as a real one would be.
    cpSync(join(this.folder, 'dev-issuer'), join(data, 'dev-issuer'), { recursive: true });
    return new ServerProcess(
      {
        NODE_ENV: 'test',
        STORAGE: 'eventstoredb-mongodb',
        EVENTSTOREDB_URL: this.urls.eventStore,
        MONGODB_URL: this.urls.mongo,
        ORGANISATION: this.organisation,
        DATA_DIR: data,
        BAOBEI_MASTER_KEY_FILE: join(this.folder, 'master.key'),
        PORT: String(port),
        PEER_PORT: String(peerPort),
        LOG_LEVEL: 'info',
        GRAPHIQL: 'off',
      },
      port,
      `http://127.0.0.1:${peerPort}`,
    );
  }

  token(party: string): Promise<string> {
    return mintDevelopmentToken({
      dataFolder: this.folder,
      audience: `baobei:${this.organisation}`,
      party: party as PartyId,
      clock: systemClock,
    });
  }

  /** The server that holds a lease, as the log says. */
  holderOf(lease: Code): ServerProcess | undefined {
    const address = this.guest.leases.holder(lease)?.address;
    return this.servers.find(({ peerAddress }) => peerAddress === address);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.end('SIGKILL')));
    await this.guest.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A program under the rehearsal regime, with parties `dealer-0` and so on who may file. */
export const prepareRehearsal = async (
  { desk, clock }: Installation,
  parties: number,
  policy: Readonly<Record<string, string>>,
): Promise<void> => {
  const base = (id: string): CommandBase => ({
    commandId: id as CommandId,
    by: 'root' as PartyId,
    granted: ['administrator'],
    receivedAt: clock.now(),
    receivedBy: 'system' as Code,
  });
  await desk.send(openProgram, { ...base('open'), programId, title: { zh: '排练', en: 'Rehearsal' } });
  await desk.send(publishPolicy, {
    ...base('publish'),
    programId,
    text: rehearsalText(policy),
    effectiveFrom: clock.now(),
    authority: 'the tests',
  });
  for (let party = 0; party < parties; party += 1)
    await desk.send(enrolParty, {
      ...base(`enrol-${party}`),
      partyId: `dealer-${party}` as PartyId,
      kind: 'dealer',
      name: `渠道${party}`,
    });
};
