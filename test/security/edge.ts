import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTHeaderParameters } from 'jose';
import type { DynamicModule, Type } from '@nestjs/common';
import type { HeldRole, PartyDirectory } from '#graphql/caller.js';
import type { ProgramId, User } from '#event-sourcing/vocabulary.js';
import { readConfiguration, type Configuration } from '#installation/configuration.js';
import type { EdgeLimits } from '#graphql/limits.js';
import { createServer, type ServerParts } from '#server/server.js';
import { AttackedModule } from './attacked.module.js';

export const issuer = 'https://issuer.example';
export const audience = 'baobei:test';

export interface EdgeOptions {
  /** Settings on top of a safe production server. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly limits?: Partial<EdgeLimits>;
  readonly modules?: readonly (Type | DynamicModule)[];
  readonly parts?: Partial<ServerParts>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly json: GraphqlAnswer;
}
export interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
  }[];
}

/** Facts about parties that a spec can change while the server runs. */
export class TestParties implements PartyDirectory {
  readonly barred = new Set<string>();
  readonly locked = new Set<string>();
  readonly granted = new Map<string, readonly HeldRole[]>();
  asked = 0;
  rolesOf = async (party: string): Promise<readonly HeldRole[]> => this.granted.get(party) ?? [];
  mayAct = async (party: string): Promise<boolean> => {
    this.asked += 1;
    return !this.barred.has(party);
  };
  excludedFrom = async (): Promise<readonly ProgramId[]> => [];
  isLocked = async ({ subject }: User): Promise<boolean> => this.locked.has(subject);
}

/** A real server on a free port of this machine, as production starts it, with an issuer whose key the spec holds. */
export class Edge {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly configuration: Configuration,
    readonly key: CryptoKey,
    readonly parties: TestParties,
    readonly lines: string[],
    private readonly folder: string,
  ) {}

  static async open({
    settings = {},
    limits = {},
    modules = [AttackedModule],
    parts = {},
  }: EdgeOptions = {}): Promise<Edge> {
    const folder = await mkdtemp(join(tmpdir(), 'baobei-edge-'));
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const keySet = join(folder, 'jwks.json');
    await writeFile(
      keySet,
      JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'main', use: 'sig', alg: 'EdDSA' }] }),
    );
    const configuration = readConfiguration({
      NODE_ENV: 'production',
      DATA_DIR: folder,
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: audience,
      AUTH_JWKS_FILE: keySet,
      ALLOWED_ORIGINS: 'https://console.example',
      LOG_LEVEL: 'debug',
      PORT: '0',
      ...settings,
    });
    const lines: string[] = [];
    const parties = new TestParties();
    const app = await createServer({
      configuration,
      modules,
      parties,
      limits,
      logDestination: {
        write: (line: string) => {
          lines.push(line);
        },
      },
      ...parts,
    });
    await app.listen(0, '127.0.0.1');
    return new Edge(app, configuration, privateKey, parties, lines, folder);
  }

  async close(): Promise<void> {
    await this.app.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get port(): number {
    return (this.app.getHttpServer().address() as { readonly port: number }).port;
  }
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A good token, or one with other claims and another header. */
  async token(
    claims: Readonly<Record<string, unknown>> = {},
    header: Partial<JWTHeaderParameters> = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({
      iss: issuer,
      aud: audience,
      sub: 'user-1',
      party: 'dealer-a',
      iat: now,
      exp: now + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'main', typ: 'at+jwt', ...header })
      .sign(this.key);
  }

  async post(
    body: unknown,
    {
      token,
      headers = {},
      path = '/graphql',
    }: { readonly token?: string; readonly headers?: Readonly<Record<string, string>>; readonly path?: string } = {},
  ): Promise<Answer> {
    const given = token ?? (await this.token());
    return this.fetch(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ...(given === '' ? {} : { authorization: `Bearer ${given}` }),
        ...headers,
      },
    });
  }

  async get(
    parameters: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.fetch(`/graphql?${new URLSearchParams(parameters).toString()}`, {
      headers: { authorization: `Bearer ${await this.token()}`, 'apollo-require-preflight': '1', ...headers },
    });
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    let json: GraphqlAnswer = {};
    try {
      json = JSON.parse(text) as GraphqlAnswer;
    } catch {
      /* Some answers are no JSON; whoever asks for it notices. */
    }
    return { status: response.status, text, headers: response.headers, json };
  }
}

export const codesOf = ({ json }: { readonly json: GraphqlAnswer }): readonly string[] =>
  (json.errors ?? []).map(({ extensions }) => extensions.code);
