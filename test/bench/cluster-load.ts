import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { CommandBus } from '@nestjs/cqrs';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import {
  clear,
  type Code,
  type CommandId,
  type Instant,
  type PartyId,
  type ProgramId,
} from '#event-sourcing/vocabulary.js';
import { openClusterNode } from '#installation/cluster/open-cluster-node.js';
import type { ClusterNode } from '#installation/cluster/cluster-node.js';
import { register } from '#features/dossier/registration/register/register.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { commandTo } from '#features/edge/command-bus.js';

const policy = 'libs/policy/documents/two-month-admin-filing/two-month-admin-filing.policy.yaml';
const programId = 'bench' as ProgramId;

export interface LoadPlan {
  readonly organisation: string;
  readonly folder: string;
  readonly masterKeyPath: string;
  readonly server: number;
  readonly seconds: number;
  readonly writers: number;
}

/** Opens one of several servers on the storage that the settings name. */
export const openBenchNode = ({
  organisation,
  folder,
  masterKeyPath,
}: Pick<LoadPlan, 'organisation' | 'folder' | 'masterKeyPath'>): Promise<ClusterNode> => {
  const [eventStoreUrl, mongoUrl] = [process.env['EVENTSTOREDB_URL'], process.env['MONGODB_URL']];
  if (eventStoreUrl === undefined || mongoUrl === undefined)
    throw new Error('EVENTSTOREDB_URL and MONGODB_URL name the servers to measure');
  return openClusterNode({
    organisation,
    folder,
    masterKeyPath,
    production: false,
    listens: true,
    cluster: { eventStoreUrl, mongoUrl, mongoKeysUrl: mongoUrl, peerHost: '127.0.0.1', peerPort: 0 },
    onError: (error) => {
      process.stderr.write(`${String(error)}\n`);
    },
  });
};

let number = 0;
const base = (server: number, by: string) => ({
  commandId: `bench-${server}-${process.pid}-${(number += 1)}` as CommandId,
  by: by as PartyId,
  granted: ['administrator' as const],
  receivedAt: systemClock.now(),
  receivedBy: 'system' as Code,
});

export const prepareBench = async (bus: CommandBus): Promise<void> => {
  await bus.execute(
    commandTo(openProgram, { ...base(0, 'root'), programId, title: { zh: clear('压测'), en: clear('bench') } }),
  );
  await bus.execute(
    commandTo(publishPolicy, {
      ...base(0, 'root'),
      programId,
      text: readFileSync(policy, 'utf8'),
      effectiveFrom: '2020-01-01T00:00:00.000Z' as Instant,
      authority: 'bench',
    }),
  );
  for (let party = 0; party < 64; party += 1)
    await bus.execute(
      commandTo(enrolParty, {
        ...base(0, 'root'),
        partyId: `s${party}` as PartyId,
        kind: 'person',
        name: `销售${party}`,
      }),
    );
};

/** Apart for every process, so that nobody files the customer of another. */
let customer = (process.pid % 9_000) * 1_000;
/**
 * Registrations of different customers, until `registrations` are durable or `seconds` are over; answers how many a
 * second.
 */
export const registerMany = async (
  bus: CommandBus,
  {
    server,
    writers,
    registrations = Infinity,
    seconds = Infinity,
  }: { readonly server: number; readonly writers: number; readonly registrations?: number; readonly seconds?: number },
): Promise<number> => {
  let [left, done] = [registrations, 0];
  const started = performance.now();
  const end = started + seconds * 1_000;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      while (left > 0 && performance.now() < end) {
        left -= 1;
        customer += 1;
        const form = {
          customerName: '王芳',
          phone: `13${String(server)}${String(10_000_000 + customer).slice(-8)}`,
          project: `滨江花园${server}-${customer}期`,
        };
        const outcome = await bus.execute(
          commandTo(register, {
            ...base(server, `s${writer}`),
            granted: [],
            programId,
            class: 'purchase',
            channel: 'paper',
            attachments: [],
            form,
          }),
        );
        if (outcome.outcome !== 'accepted')
          throw new Error(`A registration was ${JSON.stringify(outcome).slice(0, 600)}`);
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - started) / 1_000);
};

// A further server in a process of its own: says when it is ready, and begins when it is told.
if (process.argv[1]?.endsWith('cluster-load.js') === true) {
  const plan = JSON.parse(process.argv[2]!) as LoadPlan;
  const node = await openBenchNode(plan);
  await node.start();
  const { bus } = node.installation;
  await registerMany(bus, { server: plan.server, writers: plan.writers, registrations: 200 });
  process.stdout.write('READY\n');
  await new Promise((resolve) => {
    process.stdin.once('data', resolve);
  });
  const perSecond = await registerMany(bus, plan);
  process.stdout.write(
    `${JSON.stringify({ perSecond, handed: node.log.handed, redecided: node.installation.engine.redecided })}\n`,
  );
  await new Promise((resolve) => {
    process.stdin.once('data', resolve);
  });
  await node.close();
  process.exit(0);
}
