import 'reflect-metadata';
import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, NestFactory, Reflector } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import { systemClock, systemIds } from '#adapters/clock-system/clock-system.js';
import type { Clock, Ids } from '#event-sourcing/ports/clock.js';
import { Authentication } from './authentication.js';
import { CallerGuard } from './caller.guard.js';
import { emptyPartyDirectory, type PartyDirectory } from '#graphql/caller.js';
import { developmentIssuer, type Configuration } from '#installation/configuration.js';
import { developmentKeys } from './development-issuer.js';
import { graphqlOptions } from './graphql/graphql-options.js';
import { errorMasking } from '#graphql/errors.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { harden, serverOptions, shedOverload } from './http-hardening.js';
import { OverloadGate } from './overload-gate.js';
import { EdgeExceptionFilter } from './http-errors.js';
import { tokenVerifier } from './identity/access-token.js';
import { rememberedTokens } from './identity/remembered-tokens.js';
import { fetchKeySetOverHttp, keysFromFile, keysFromUrl, type FetchKeySet, type FindKey } from './identity/key-set.js';
import { edgeLimits, type EdgeLimits } from '#graphql/limits.js';
import { openLog, type Log } from './logging/log.js';
import { NestLogger } from './logging/nest-logger.js';
import { MeResolver } from './me.resolver.js';
import { SystemResolver } from './system.resolver.js';
import { Metrics, readinessPatience } from './metrics/metrics.js';
import { MetricsEndpoint } from './metrics/metrics-endpoint.js';
import type { MetricsSources } from '#installation/metrics/metrics-sources.js';
import { packageVersion } from './metrics/package-version.js';
import { CONFIGURATION, EDGE_CLOCK, EDGE_LIMITS, EDGE_LOG } from './tokens.js';
import { flushTraces } from './tracing/flush-traces.js';
import { traceRequests } from './tracing/trace-requests.js';
import { inputPipe } from '#graphql/input-pipe.js';
import { openSubscriptionServer } from './web-socket/subscription-server.js';
import { serveFrontDoor } from './front-door.js';
import { serveGraphiql } from './graphiql/serve-graphiql.js';

export interface ServerParts {
  readonly configuration: Configuration;
  /** Feature modules: resolvers, handlers, controllers. */
  readonly modules?: readonly (Type | DynamicModule)[];
  /** Whoever is asked what a party may do. Without it nobody holds a role. */
  readonly parties?: PartyDirectory;
  /** Of the log: never goes back. */
  readonly clock?: Clock;
  /** Tokens are judged by it: their issuer does not know the log's. The same as `clock` when absent. */
  readonly wallClock?: Clock;
  readonly ids?: Ids;
  readonly limits?: Partial<EdgeLimits>;
  readonly fetchKeySet?: FetchKeySet;
  /** Where log lines go; standard output when absent. */
  readonly logDestination?: DestinationStream;
  /** What the metrics ask besides what the modules tell them. */
  readonly metricsSources?: MetricsSources;
  /** Ran when the server has stopped answering: closes event log and read stores. */
  readonly close?: () => Promise<void>;
}

/**
 * The whole edge around the given modules, initialised and not yet listening (`await app.listen(port, host)`).
 * Specs and the real server are made by this one function, so that what is tested is what runs.
 */
export const createServer = async (parts: ServerParts): Promise<NestFastifyApplication> => {
  const { configuration } = parts;
  const clock = parts.clock ?? systemClock;
  const wallClock = parts.wallClock ?? clock;
  const ids = parts.ids ?? systemIds;
  const limits = { ...edgeLimits, ...parts.limits };
  const log = openLog({
    level: configuration.logLevel,
    clock,
    ...(parts.logDestination === undefined ? {} : { destination: parts.logDestination }),
  });
  const authentication = new Authentication({
    verify: rememberedTokens(
      tokenVerifier({
        issuer: configuration.identity.issuer,
        audience: configuration.identity.audience,
        clock: wallClock,
        findKey: await findKeyOf(configuration, wallClock, parts.fetchKeySet ?? fetchKeySetOverHttp),
        acceptsRoles:
          configuration.identity.keys.kind === 'development' && configuration.identity.issuer === developmentIssuer,
      }),
      wallClock,
    ),
    parties: parts.parties ?? emptyPartyDirectory,
    clock,
    wallClock,
    log,
  });
  const maskError = errorMasking({ log, ids });
  const metrics = new Metrics({
    version: packageVersion(),
    node: process.versions.node,
    storage: configuration.storage,
  });
  if (parts.metricsSources !== undefined) metrics.read(parts.metricsSources);
  const edge: EdgeParts = {
    configuration,
    metrics,
    clock,
    ids,
    limits,
    log,
    authentication,
    ...(parts.close === undefined ? {} : { close: parts.close }),
  };
  const adapter = new FastifyAdapter({ ...serverOptions(configuration, limits), skipMiddie: true });
  harden(adapter.getInstance() as unknown as FastifyInstance, configuration, limits);
  const gate = new OverloadGate(limits);
  shedOverload(adapter.getInstance() as unknown as FastifyInstance, gate, limits);
  traceRequests(adapter.getInstance() as unknown as FastifyInstance);
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: ServerRoot,
      imports: [
        edgeModule(edge),
        GraphQLModule.forRoot(graphqlOptions({ configuration, authentication, maskError, log, metrics })),
        ...(parts.modules ?? []),
      ],
    },
    adapter,
    { logger: new NestLogger(log), bodyParser: false, abortOnError: false },
  );
  if (configuration.allowedOrigins.length > 0) {
    app.enableCors({
      origin: [...configuration.allowedOrigins],
      methods: ['GET', 'POST'],
      allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight'],
      maxAge: 600,
    });
  }
  serveFrontDoor(app, configuration);
  if (configuration.graphiql) await serveGraphiql(app);
  const subscriptions = openSubscriptionServer(app, { configuration, authentication, maskError, clock, limits, log });
  metrics.read({
    openSockets: () => subscriptions.socketCount,
    waitingRequests: () => gate.waiting,
    shedRequests: () => gate.shed,
    readiness: async () => (await app.get(Readiness).ask(readinessPatience)).checks,
  });
  await app.init();
  return app;
};

const findKeyOf = async (
  { identity: { keys } }: Configuration,
  clock: Clock,
  fetchKeySet: FetchKeySet,
): Promise<FindKey> => {
  if (keys.kind === 'development') return developmentKeys(keys.dataFolder);
  if (keys.kind === 'file') return keysFromFile(keys.path);
  return keysFromUrl(keys.url, { clock, fetchKeySet });
};

interface EdgeParts {
  readonly configuration: Configuration;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly limits: EdgeLimits;
  readonly log: Log;
  readonly authentication: Authentication;
  readonly close?: () => Promise<void>;
}

@Module({})
class ServerRoot {}

@Global()
@Module({})
class EdgeModule {}

/**
 * Global, so that feature modules may inject the configuration, the clock, the log and the list of readiness checks.
 */
const edgeModule = ({
  configuration,
  metrics,
  clock,
  ids,
  limits,
  log,
  authentication,
  close,
}: EdgeParts): DynamicModule => ({
  module: EdgeModule,
  controllers: [HealthController],
  providers: [
    { provide: CONFIGURATION, useValue: configuration },
    { provide: EDGE_CLOCK, useValue: clock },
    { provide: EDGE_LIMITS, useValue: limits },
    { provide: EDGE_LOG, useValue: log },
    { provide: Authentication, useValue: authentication },
    { provide: Readiness, useFactory: () => new Readiness(limits.readinessTimeout) },
    { provide: Metrics, useValue: metrics },
    { provide: MetricsEndpoint, useFactory: () => new MetricsEndpoint(metrics, configuration, log) },
    {
      provide: 'baobei:closing',
      useValue: {
        onApplicationShutdown: async () => {
          await close?.();
          await flushTraces();
        },
      },
    },
    {
      provide: APP_GUARD,
      useFactory: (reflector: Reflector) => new CallerGuard(reflector, authentication),
      inject: [Reflector],
    },
    { provide: APP_PIPE, useFactory: inputPipe },
    { provide: APP_FILTER, useFactory: () => new EdgeExceptionFilter(log, ids) },
    MeResolver,
    SystemResolver,
  ],
  exports: [CONFIGURATION, EDGE_CLOCK, EDGE_LIMITS, EDGE_LOG, Metrics, Authentication, Readiness],
});
