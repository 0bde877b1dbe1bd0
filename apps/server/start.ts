import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { ConfigurationError, readConfiguration, type Configuration } from '#installation/configuration.js';
import { edgeLimits } from '#graphql/limits.js';
import { KeySetFileError } from './identity/key-set.js';
import { openLog, type Log } from './logging/log.js';
import { createServer } from './server.js';
import { startRefusal } from '#installation/start-refusal.js';
import { compose } from './composition.js';

const wrongConfiguration = 2;

/**
 * Connections that the system holds until they are taken. A client beyond them hears nothing and comes again after
 * seconds; one within them is answered, be it that there is too much to do.
 */
const connectionsWaitingMax = 4_096;

/**
 * Reads the settings, opens everything, listens. Exits 2 for wrong settings, 1 for what nobody expected, 0 after
 * SIGTERM or SIGINT.
 */
export const start = async (): Promise<void> => {
  const configuration = configurationOrExit();
  const log = openLog({ level: configuration.logLevel, clock: systemClock });
  stopOnTheUnexpected(log);
  const app = await listening(configuration, log).catch(refuseOrThrow);
  const { port } = app.getHttpServer().address() as { readonly port: number };
  log.info('Listening', { host: configuration.host, port });
};

const listening = async (configuration: Configuration, log: Log): Promise<NestFastifyApplication> => {
  const app = await createServer(await compose(configuration, log));
  stopInTime(app, log);
  await app.listen({ port: configuration.port, host: configuration.host, backlog: connectionsWaitingMax });
  return app;
};

/** Whoever starts it is told what to mend; anything else is a bug and stops with its place in the log. */
const refuseOrThrow = (error: unknown): never => {
  const sentence = error instanceof KeySetFileError ? error.message : startRefusal(error);
  if (sentence === undefined) throw error;
  process.stderr.write(`${sentence}\n`);
  process.exit(wrongConfiguration);
};

const configurationOrExit = (): Configuration => {
  try {
    return readConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const sentence of error.sentences) process.stderr.write(`${sentence}\n`);
    process.exit(wrongConfiguration);
  }
};

/** A process that goes on after an error nobody caught works on with a state that nobody knows. */
const stopOnTheUnexpected = (log: Log): void => {
  process.on('unhandledRejection', (reason) => {
    log.fatal('A rejection was not handled; stopping', reason);
    process.exit(1);
  });
  process.on('uncaughtException', (error) => {
    log.fatal('An exception was not caught; stopping', error);
    process.exit(1);
  });
};

/** In-flight requests are answered, then the process ends; when that takes too long it ends anyway. */
const stopInTime = (app: NestFastifyApplication, log: Log): void => {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  for (const signal of signals) {
    process.once(signal, () => {
      log.info('Stopping', { signal });
      setTimeout(() => {
        log.error('Stopping took too long', { signal });
        process.exit(1);
      }, edgeLimits.shutdownTimeout).unref();
    });
  }
  app.enableShutdownHooks([...signals], { useProcessExit: true });
};
