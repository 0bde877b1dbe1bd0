import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  GraphQLError,
  subscribe,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import {
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  makeServer,
  type Context,
  type Server as ProtocolServer,
  type SubscribePayload,
} from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Authentication } from '../authentication.js';
import type { Caller, OperationContext } from '#graphql/caller.js';
import type { Configuration } from '#installation/configuration.js';
import { documentRules } from '#graphql/document-rules.js';
import { EdgeError, errorsMax, type MaskError } from '#graphql/errors.js';
import { skewSeconds } from '../identity/access-token.js';
import type { EdgeLimits } from '#graphql/limits.js';
import type { Log } from '../logging/log.js';
import { guardedIterator } from './guarded-iterator.js';
import { GuardedSocket } from './guarded-socket.js';
import { admitSubscription } from './subscription-rules.js';
import { isWelcome, turnAway } from './upgrade-gate.js';

export interface SubscriptionParts {
  readonly configuration: Configuration;
  readonly authentication: Authentication;
  readonly maskError: MaskError;
  readonly clock: Clock;
  readonly limits: EdgeLimits;
  readonly log: Log;
}

interface Extra {
  readonly guarded: GuardedSocket;
}
type ConnectionContext = Context<Record<string, unknown>, Extra>;

/**
 * Our own WebSocket server for subscriptions. The framework's would take 100 MiB messages from any origin on any path
 * that begins alike,
 * run queries and mutations with GraphQL's bare rules, and show errors as they were thrown.
 */
export class SubscriptionServer {
  readonly #sockets = new Set<GuardedSocket>();
  readonly #webSockets: WebSocketServer;
  readonly #rules;
  readonly #protocol: ProtocolServer<Extra>;
  readonly #timers: NodeJS.Timeout[] = [];
  #schema: GraphQLSchema | undefined;
  #closing = false;

  constructor(
    private readonly parts: SubscriptionParts,
    private readonly schemaOf: () => GraphQLSchema,
  ) {
    this.#rules = documentRules(parts.configuration);
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: parts.limits.socketMessageBytesMax,
      handleProtocols: () => GRAPHQL_TRANSPORT_WS_PROTOCOL,
    });
    this.#protocol = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: parts.limits.socketInitTimeout,
      onConnect: (context) => this.#enter(context),
      onSubscribe: (context, id, payload) => this.#admit(context, id, payload),
      subscribe: (args) => this.#subscribe(args as ExecutionArgs),
      onNext: (_context, _id, _payload, _args, result) => this.#maskResult(result),
      onError: (_context, _id, _payload, errors) => errors.map((error) => this.#mask(error as GraphQLError)),
    });
  }

  /** Takes over every upgrade of `server`: one that is not welcome is destroyed at once. */
  listenOn(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
    this.#timers.push(
      setInterval(() => {
        void this.#sweep();
      }, this.parts.limits.socketSweepInterval).unref(),
      setInterval(() => {
        for (const guarded of this.#sockets) guarded.ping();
      }, this.parts.limits.socketPingInterval).unref(),
    );
  }

  get socketCount(): number {
    return this.#sockets.size;
  }

  /** Tells every client to connect elsewhere, and lets go of those that do not answer. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#timers) clearInterval(timer);
    const closed = [...this.#sockets].map(
      (guarded) =>
        new Promise<void>((resolve) => {
          const letGo = setTimeout(() => {
            guarded.socket.terminate();
          }, 1_000);
          guarded.socket.once('close', () => {
            clearTimeout(letGo);
            resolve();
          });
          guarded.close('goingAway');
        }),
    );
    await Promise.all(closed);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { configuration, limits } = this.parts;
    const address = request.socket.remoteAddress ?? '';
    if (this.#closing || !isWelcome(request, configuration) || !this.#makesRoom(address)) {
      turnAway(socket);
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (opened) => {
      const guarded = new GuardedSocket(opened, address, limits);
      this.#sockets.add(guarded);
      // `ws` reports oversized and malformed frames here and closes by itself.
      opened.on('error', () => undefined);
      const closed = this.#protocol.opened(
        {
          protocol: opened.protocol,
          send: (text) => guarded.send(text),
          close: (code, reason) => {
            guarded.end(code, reason);
          },
          onMessage: (handle) =>
            opened.on('message', (bytes, isBinary) => {
              const text = guarded.accept(bytes, isBinary);
              if (text !== undefined)
                handle(text).catch((error: unknown) => {
                  this.#failed(guarded, error);
                });
            }),
        },
        { guarded },
      );
      opened.once('close', (code, reason) => {
        this.#sockets.delete(guarded);
        closed(code, String(reason)).catch((error: unknown) => {
          this.#failed(guarded, error);
        });
      });
    });
  }

  /**
   * Whoever is silent makes room for who comes: clients say who they are at once, so the oldest silent socket is cut,
   * first of the newcomer's own address, then of the address that has most. Only sockets with a caller keep others out.
   */
  #makesRoom(address: string): boolean {
    const { socketsMax, socketsUnknownMax, socketsUnknownPerAddressMax } = this.parts.limits;
    const open = [...this.#sockets].filter(({ isOpen }) => isOpen);
    const byAddress = Map.groupBy(
      open.filter(({ caller }) => caller === undefined),
      (guarded) => guarded.address,
    );
    const groups = [...byAddress.values()];
    const unknown = groups.reduce((sum, group) => sum + group.length, 0);
    const own = byAddress.get(address) ?? [];
    if (own.length >= socketsUnknownPerAddressMax) own[0]!.cut();
    else if (unknown >= socketsUnknownMax || open.length >= socketsMax) {
      const [crowd] = groups.toSorted((one, other) => other.length - one.length);
      if (crowd === undefined) return false;
      crowd[0]!.cut();
    }
    return true;
  }

  #failed(guarded: GuardedSocket, error: unknown): void {
    // graphql-ws throws for messages that its protocol does not know; the client's mistake and ours look alike here, so
    // neither is told.
    this.parts.log.failure('A socket was closed because of an error', error, { transport: 'websocket' });
    guarded.close('internal');
  }

  async #enter(context: ConnectionContext): Promise<boolean> {
    const { guarded } = context.extra;
    const given = context.connectionParams?.['authorization'] ?? context.connectionParams?.['Authorization'];
    const caller = await this.#callerOf(given);
    if (caller === undefined) {
      guarded.close('unauthenticated');
      return false;
    }
    // Counted and set without waiting in between: six sockets that enter at once must not all see four others.
    const others = [...this.#sockets].filter((other) => other.caller?.party === caller.party).length;
    if (others >= this.parts.limits.socketsPerPartyMax) {
      guarded.close('tooManySockets');
      return false;
    }
    guarded.caller = caller;
    return true;
  }

  async #callerOf(given: unknown): Promise<Caller | undefined> {
    try {
      return await this.parts.authentication.callerOf(given);
    } catch (error) {
      if (error instanceof EdgeError) return undefined;
      throw error;
    }
  }

  #admit(context: ConnectionContext, id: string, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    const { guarded } = context.extra;
    const { limits } = this.parts;
    const { caller } = guarded;
    if (caller === undefined) return [new EdgeError('UNAUTHENTICATED')];
    if (id.length > 64 || Object.keys(context.subscriptions).length > limits.subscriptionsPerSocketMax)
      return [new EdgeError('TOO_MANY_SUBSCRIPTIONS')];
    this.#schema ??= this.schemaOf();
    const admitted = admitSubscription({ schema: this.#schema, rules: this.#rules, payload });
    if (!('document' in admitted)) return admitted;
    const gone = new AbortController();
    const operation: OperationContext & Cut = { caller, signal: gone.signal, cut: { gone, guarded } };
    return { ...admitted, contextValue: operation };
  }

  async #subscribe(args: ExecutionArgs): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
    const {
      caller,
      cut: { gone, guarded },
    } = args.contextValue as OperationContext & Cut;
    const source = await subscribe(args);
    if (!(Symbol.asyncIterator in source)) return source;
    return guardedIterator(source, {
      // A closing socket takes messages without ever being full: its sources would run on at full speed, for nobody.
      stillAllowed: async () => guarded.isOpen && this.parts.authentication.stillHolds(caller!, skewSeconds * 1_000),
      onRefused: () => {
        guarded.close('noLongerAllowed');
      },
      // The path says that it comes from a resolver: only GraphQL's own words about a document may be shown as they
      // are.
      onError: (error) => ({
        errors: [
          new GraphQLError('Thrown by the source', {
            path: ['subscription'],
            originalError: error instanceof Error ? error : new Error(typeof error),
          }),
        ],
      }),
      abort: () => {
        gone.abort();
      },
    });
  }

  /**
   * Idle sockets are looked at too: a ban must not wait for the next event. One question a party, whatever it has open.
   */
  async #sweep(): Promise<void> {
    for (const guarded of this.#sockets) {
      guarded.startCounting();
      const { caller } = guarded;
      if (caller === undefined) continue;
      const allowed = await this.parts.authentication.stillHolds(caller, skewSeconds * 1_000).catch(() => true);
      if (!allowed) guarded.close('noLongerAllowed');
    }
  }

  #mask(error: GraphQLError): GraphQLFormattedError {
    return this.parts.maskError(error.toJSON(), error, 'websocket');
  }

  #maskResult({ data, errors }: ExecutionResult): FormattedExecutionResult | undefined {
    if (errors === undefined) return undefined;
    return {
      ...(data === undefined ? {} : { data }),
      errors: errors.slice(0, errorsMax).map((error) => this.#mask(error)),
    };
  }
}

/** What ends one subscription from outside. */
interface Cut {
  readonly cut: { readonly gone: AbortController; readonly guarded: GuardedSocket };
}

/** Puts the server behind the application's port, from its start until its shutdown. */
export const openSubscriptionServer = (app: NestFastifyApplication, parts: SubscriptionParts): SubscriptionServer => {
  const subscriptions = new SubscriptionServer(parts, () => app.get(GraphQLSchemaHost, { strict: false }).schema);
  subscriptions.listenOn(app.getHttpServer());
  // Before Fastify waits for open connections: sockets that were upgraded would keep it waiting.
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preClose', () => subscriptions.close());
  return subscriptions;
};
