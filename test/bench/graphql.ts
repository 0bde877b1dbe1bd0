/**
 * GraphQL over HTTP: one object and a page of 50, with guards and opened boxes, beside a bare NestJS + Apollo server
 * with a static
 * resolver in the same run. `node dist/test/bench/graphql.js [seconds = 5]`; prints one line of JSON.
 */
import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Args, Field, GraphQLModule, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import {
  clear,
  type Code,
  type CommandId,
  type Instant,
  type PartyId,
  type ProgramId,
} from '#event-sourcing/vocabulary.js';
import { modulesOf } from '#server/installation.module.js';
import { register } from '#features/dossier/registration/register/register.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { readConfiguration } from '#installation/configuration.js';
import { mintDevelopmentToken } from '#server/development-issuer.js';
import { openEmbedded } from '#installation/embedded.js';
import { partyDirectory } from '#server/party-directory.js';
import { createServer } from '#server/server.js';

const seconds = Number(process.argv[2] ?? 5);
const connections = 16;
const pageSize = 50;
const programId = 'bench' as ProgramId;
const folder = mkdtempSync(join(tmpdir(), 'baobei-graphql-'));
const key = join(tmpdir(), `baobei-graphql-${process.pid}.key`);

@ObjectType()
class BareProtection {
  @Field() startsAt!: string;
  @Field() endsAt!: string;
  @Field() lastDay!: string;
}
@ObjectType()
class BareRegistration {
  @Field(() => ID) id!: string;
  @Field() code!: string;
  @Field(() => ID) holder!: string;
  @Field() state!: string;
  @Field() filedAt!: string;
  @Field() customer!: string;
  @Field(() => BareProtection, { nullable: true }) protection?: BareProtection;
}
const bare: BareRegistration = {
  id: '0192.1',
  code: '7ZNTDJCNR',
  holder: 's1',
  state: 'UNDER_REVIEW',
  filedAt: '2026-03-02T01:00:00.000Z',
  customer: '{"customerName":"王芳","phone":"+8613800001111","project":"滨江花园1期"}',
};
@Resolver()
class BareResolver {
  @Query(() => BareRegistration) registration(@Args('id', { type: () => ID }) _id: string): BareRegistration {
    return bare;
  }
  @Query(() => [BareRegistration]) page(@Args('first', { type: () => Int }) first: number): BareRegistration[] {
    return Array.from({ length: first }, () => bare);
  }
}
@Module({
  imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true })],
  providers: [BareResolver],
})
class BareModule {}

const openBare = async (): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return app;
};

let number = 0;
const base = (by: string) => ({
  commandId: `graphql-${(number += 1)}` as CommandId,
  by: by as PartyId,
  granted: ['administrator' as const],
  receivedAt: systemClock.now(),
  receivedBy: 'system' as Code,
});
const fields = 'id code holder state filedAt customer protection { startsAt endsAt lastDay }';

const openOurs = async () => {
  const installation = await openEmbedded({ folder, masterKeyPath: key });
  const { desk } = installation;
  await desk.send(openProgram, { ...base('root'), programId, title: { zh: clear('压测'), en: clear('bench') } });
  await desk.send(publishPolicy, {
    ...base('root'),
    programId,
    text: readFileSync('libs/policy/documents/two-month-admin-filing/two-month-admin-filing.policy.yaml', 'utf8'),
    effectiveFrom: '2020-01-01T00:00:00.000Z' as Instant,
    authority: 'bench',
  });
  await desk.send(enrolParty, { ...base('root'), partyId: 's1' as PartyId, kind: 'person', name: '销售' });
  for (let customer = 0; customer < 200; customer += 1) {
    await desk.send(register, {
      ...base('s1'),
      granted: [],
      programId,
      class: 'purchase',
      channel: 'paper',
      attachments: [],
      form: { customerName: '王芳', phone: `13${800_000_000 + customer}`, project: `滨江花园${customer}期` },
    });
  }
  await installation.projector.start();
  await installation.catchUp();
  const configuration = readConfiguration({ NODE_ENV: 'development', DATA_DIR: folder, LOG_LEVEL: 'error', PORT: '0' });
  const app = await createServer({
    configuration,
    modules: modulesOf(installation),
    parties: partyDirectory(installation),
    clock: installation.clock,
    close: () => installation.close(),
  });
  await app.listen(0, '127.0.0.1');
  const token = await mintDevelopmentToken({
    dataFolder: configuration.dataFolder,
    audience: configuration.identity.audience,
    party: 's1' as PartyId,
    clock: systemClock,
  });
  return { app, token };
};

interface Load {
  readonly url: string;
  readonly token?: string;
  readonly body: string;
}
/** In a process of its own, so that the one that is measured does not share its thread with the load. */
const load = ({ url, token, body }: Load): Promise<number> =>
  new Promise((resolve, reject) => {
    const autocannon = createRequire(import.meta.url).resolve('autocannon');
    const child = spawn(
      process.execPath,
      [
        autocannon,
        '-j',
        '-c',
        String(connections),
        '-d',
        String(seconds),
        '-m',
        'POST',
        '-H',
        'content-type=application/json',
        ...(token === undefined ? [] : ['-H', `authorization=Bearer ${token}`]),
        '-b',
        body,
        url,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
    });
    child.once('exit', () => {
      const report = JSON.parse(text) as { requests: { average: number }; non2xx: number; errors: number };
      if (report.non2xx > 0 || report.errors > 0)
        reject(new Error(`${report.non2xx} answers were refused and ${report.errors} failed: ${url}`));
      else resolve(report.requests.average);
    });
  });

const urlOf = async (app: NestFastifyApplication): Promise<string> =>
  `${(await app.getUrl()).replace('[::1]', '127.0.0.1')}/graphql`;
const document = (query: string): string => JSON.stringify({ query });

const bareApp = await openBare();
const bareUrl = await urlOf(bareApp);
const { app, token } = await openOurs();
const url = await urlOf(app);
const ask = async (query: string): Promise<string> =>
  (
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: document(query),
    })
  ).text();
const first = JSON.parse(
  await ask(`{ myRegistrations(programId: "bench", first: ${pageSize}) { edges { node { ${fields} } } } }`),
) as { data: { myRegistrations: { edges: { node: { id: string; customer: object } }[] } } };
const { edges } = first.data.myRegistrations;
if (edges.length !== pageSize || edges.some(({ node }) => node.customer === null))
  throw new Error('The page is not what it should be');

const unopened = fields.replace('customer ', '');
const cases = [
  {
    name: 'one object',
    ours: `{ registration(id: "${edges[0]!.node.id}") { ${fields} } }`,
    bare: `{ registration(id: "x") { ${fields} } }`,
  },
  {
    name: 'one object, nothing opened',
    ours: `{ registration(id: "${edges[0]!.node.id}") { ${unopened} } }`,
    bare: `{ registration(id: "x") { ${unopened} } }`,
  },
  {
    name: 'page of 50',
    ours: `{ myRegistrations(programId: "bench", first: ${pageSize}) { edges { node { ${fields} } } } }`,
    bare: `{ page(first: ${pageSize}) { ${fields} } }`,
  },
  {
    name: 'page of 50, nothing opened',
    ours: `{ myRegistrations(programId: "bench", first: ${pageSize}) { edges { node { ${unopened} } } } }`,
    bare: `{ page(first: ${pageSize}) { ${unopened} } }`,
  },
];
const results = [];
for (const { name, ours, bare: theirs } of cases) {
  const barePerSecond = await load({ url: bareUrl, body: document(theirs) });
  const perSecond = await load({ url, token, body: document(ours) });
  results.push({
    case: name,
    perSecond: Math.round(perSecond),
    barePerSecond: Math.round(barePerSecond),
    ratio: Number((perSecond / barePerSecond).toFixed(3)),
  });
}
process.stdout.write(`${JSON.stringify({ bench: 'graphql', connections, secondsPerCase: seconds, results })}\n`);
await bareApp.close();
await app.close();
rmSync(folder, { recursive: true });
rmSync(key, { force: true });
process.exit(0);
