import { systemTimers } from '#adapters/clock-system/clock-system.js';
import type { Configuration } from '#installation/configuration.js';
import { openClusterNode } from '#installation/cluster/open-cluster-node.js';
import type { GuardedClock } from '#installation/clock-confirmation.js';
import { holdSentence, offBy } from '#installation/clock-guard.js';
import { startDeadlineLoop } from '#installation/deadline-loop.js';
import { openEmbedded, openInMemory } from '#installation/embedded.js';
import type { Installation } from '#installation/installation.js';
import { clusterSources } from '#installation/metrics/cluster-sources.js';
import type { MetricsSources } from '#installation/metrics/metrics-sources.js';
import { modulesOf } from './installation.module.js';
import { partyDirectory } from './party-directory.js';
import type { Log } from './logging/log.js';
import type { ServerParts } from './server.js';

/** Everything behind the edge: storage, features, projections and deadlines, and what closes them. */
export const compose = async (configuration: Configuration, log: Log): Promise<ServerParts> => {
  const { installation, metricsSources, close } =
    configuration.cluster === undefined
      ? await alone(configuration, log)
      : await oneOfSeveral(configuration, configuration.cluster, log);
  return {
    configuration,
    modules: modulesOf(installation),
    parties: partyDirectory(installation),
    clock: installation.clock,
    wallClock: installation.parts.clock,
    ...(metricsSources === undefined ? {} : { metricsSources }),
    close,
  };
};

interface Composed {
  readonly installation: Installation;
  readonly metricsSources?: MetricsSources;
  readonly close: () => Promise<void>;
}

const alone = async (configuration: Configuration, log: Log): Promise<Composed> => {
  const installation = await open(configuration, log);
  await installation.projector.start();
  installation.reactor.start();
  const deadlines = startDeadlineLoop(
    async () => {
      await installation.lookAtClock();
      return installation.deadlineRound();
    },
    systemTimers,
    (error) => {
      log.failure('The deadlines could not be looked at; they are looked at again', error);
    },
  );
  return {
    installation,
    close: async () => {
      await deadlines.stop();
      await installation.close();
    },
  };
};

const oneOfSeveral = async (
  { organisation, dataFolder, environment }: Configuration,
  cluster: NonNullable<Configuration['cluster']>,
  log: Log,
): Promise<Composed> => {
  const node = await openClusterNode({
    organisation,
    cluster,
    folder: dataFolder,
    production: environment === 'production',
    listens: true,
    guardedClock: guardedClock(environment, log),
    onMasterKey: ({ path }) => {
      process.stderr.write(masterKeyNotice(path));
    },
    onFinding: ({ code, zh, en }) => {
      log.warn(`${zh} / ${en}`, { code });
    },
    onError: (error) => {
      log.failure('Work of this server failed; it is tried again', error);
    },
    onFatal: (error) => {
      stopAtOnce(log, error);
    },
  });
  await node.start();
  return { installation: node.installation, metricsSources: clusterSources(node), close: () => node.close() };
};

/** Nobody knows what the storage holds: every waiting command was told so, and only a restart can read it again. */
const stopAtOnce = (log: Log, error: unknown): never => {
  log.fatal('The storage failed; stopping', error);
  process.exit(1);
};

const open = (configuration: Configuration, log: Log): Promise<Installation> => {
  const { organisation, dataFolder, environment } = configuration;
  if (configuration.storage === 'memory') return openInMemory({ organisation });
  return openEmbedded({
    folder: dataFolder,
    organisation,
    guardedClock: guardedClock(environment, log),
    onMasterKey: ({ path }) => {
      process.stderr.write(masterKeyNotice(path));
    },
    onError: (error) => {
      log.failure('A reaction or a deadline failed; it is tried again', error);
    },
    onFatal: (error) => {
      stopAtOnce(log, error);
    },
  });
};

/** Loudly, where the operator looks first, and in the log. */
const guardedClock = (environment: Configuration['environment'], log: Log): GuardedClock => {
  const holds = environment === 'production';
  return {
    holds,
    onHold: (hold) => {
      if (hold === undefined) {
        if (holds) log.warn('The clock can be believed again; deadlines and commands go on', { code: 'CLOCK_HELD' });
        return;
      }
      process.stderr.write(`${holdSentence(hold, { holds })}\n`);
      log.warn(holds ? 'The clock cannot be believed' : 'The clock is far from the log; in development it is trusted', {
        code: 'CLOCK_HELD',
        durationMs: offBy(hold),
      });
    },
  };
};

const masterKeyNotice = (path: string): string =>
  [
    `已生成主密钥：${path}`,
    '它不在数据目录里。请立即另存一份：丢失它，所有客户的个人信息都将无法读出；泄露它，则等于泄露这些信息。',
    `A master key was made: ${path}`,
    'It does not lie in the data folder. Keep a copy elsewhere now: without it no personal data can ever be read again; whoever has it and the data can read all of it.',
    '',
  ].join('\n');
