import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type sendUnaryData,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import featuresGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { Faults } from '../faults.js';
import { TcpProxy } from '../tcp-proxy.js';
import { readResponse, requestOf, responseOf, type Appended } from './messages.js';
import { StreamStore } from './stream-store.js';

export interface Call {
  readonly kind: 'append' | 'read' | 'subscribe' | 'features';
  readonly stream: string;
}
type AppendReq = InstanceType<typeof streams.AppendReq>;
type AppendResp = InstanceType<typeof streams.AppendResp>;
type ReadReq = InstanceType<typeof streams.ReadReq>;
type ReadResp = InstanceType<typeof streams.ReadResp>;

/** Bytes of one append, as servers have it by default. */
const appendBytesMax = 1024 * 1024;

/**
 * EventStoreDB as its client sees it, in this process: the real client talks to it over a real socket. Keeps what it
 * has through a restart.
 * It knows what the journal needs: single appends, reads, subscriptions to one stream. It never stands in for a run
 * against a real server.
 */
export class EventStoreDouble {
  readonly faults = new Faults<Call>();
  readonly store = new StreamStore();
  /** The error that `refuse` answers with. */
  refusal: { readonly code: status; readonly exception?: string } = { code: status.UNAVAILABLE };
  readonly #subscriptions = new Set<ServerWritableStream<ReadReq, ReadResp>>();
  #server: Server | undefined;
  private constructor(
    readonly proxy: TcpProxy,
    private readonly bytesMax: number,
  ) {}

  static async start({
    port = 0,
    bytesMax = appendBytesMax,
  }: { readonly port?: number; readonly bytesMax?: number } = {}): Promise<EventStoreDouble> {
    const double = new EventStoreDouble(await TcpProxy.start(0, port), bytesMax);
    await double.#listen();
    return double;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.proxy.port}?tls=false`;
  }

  async #listen(): Promise<void> {
    const server = new Server();
    server.addService(streamsGrpc.StreamsService as never, { append: this.#append, read: this.#read } as never);
    server.addService(featuresGrpc.ServerFeaturesService as never, { getSupportedMethods: this.#features } as never);
    this.proxy.target = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
    this.#server = server;
  }

  dropConnections(): void {
    this.proxy.cutAll();
  }

  /** Ends every subscription as a server does to a consumer that is too slow. */
  endSubscriptions(): void {
    for (const call of this.#subscriptions) call.emit('error', { code: status.ABORTED, details: 'Consumer too slow' });
    this.#subscriptions.clear();
  }

  /** Goes down without a word and comes back on the same port with all it had. */
  async restart(downFor = 0): Promise<void> {
    this.proxy.refuse(true);
    this.proxy.cutAll();
    this.#server?.forceShutdown();
    if (downFor > 0)
      await new Promise((resolve) => {
        setTimeout(resolve, downFor);
      });
    await this.#listen();
    this.proxy.refuse(false);
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    this.#server?.forceShutdown();
  }

  readonly #features: handleUnaryCall<
    InstanceType<typeof shared.Empty>,
    InstanceType<typeof features.SupportedMethods>
  > = (_call, callback) => {
    const fault = this.faults.strike({ kind: 'features', stream: '' });
    if (fault === 'refuse') callback({ code: this.refusal.code });
    else if (fault !== 'hang') callback(null, supported());
  };

  readonly #append: handleClientStreamingCall<AppendReq, AppendResp> = (call, callback) => {
    const messages: AppendReq[] = [];
    call.on('data', (message: AppendReq) => {
      messages.push(message);
    });
    call.on('error', () => undefined);
    // A request that was cut in the middle ends too; a server stores none of it.
    call.on('end', () => {
      setImmediate(() => {
        if (!call.cancelled) this.#take(requestOf(messages), callback);
      });
    });
  };

  #take(request: Appended, callback: sendUnaryData<AppendResp>): void {
    const fault = this.faults.strike({ kind: 'append', stream: request.stream });
    const answer = (): void => {
      callback(null, responseOf(this.store.append(request.stream, request.expected, request.events), request.expected));
    };
    const bytes = request.events.reduce((sum, { data, custom }) => sum + data.length + custom.length, 0);
    if (bytes > this.bytesMax) {
      callback({
        code: status.INVALID_ARGUMENT,
        metadata: said({ exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(this.bytesMax) }),
      });
      return;
    }
    switch (fault) {
      case 'cut-before':
        this.proxy.cutAll();
        return;
      case 'cut-after':
        this.store.append(request.stream, request.expected, request.events);
        this.proxy.cutAll();
        return;
      case 'duplicate':
        this.store.append(request.stream, request.expected, request.events);
        answer();
        return;
      case 'refuse':
        callback({
          code: this.refusal.code,
          metadata: said(this.refusal.exception === undefined ? {} : { exception: this.refusal.exception }),
        });
        return;
      case 'hang':
        return;
      default:
        if (typeof fault === 'number') setTimeout(answer, fault);
        else answer();
    }
  }

  readonly #read: handleServerStreamingCall<ReadReq, ReadResp> = (call) => {
    const options = call.request.getOptions()!;
    const from = options.getStream()!;
    const stream = Buffer.from(from.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8');
    const begin = from.hasStart() ? ('start' as const) : from.hasEnd() ? ('end' as const) : Number(from.getRevision());
    const isSubscription = options.hasSubscription();
    const fault = this.faults.strike({ kind: isSubscription ? 'subscribe' : 'read', stream });
    if (fault === 'cut-before' || fault === 'cut-after') {
      this.proxy.cutAll();
      return;
    }
    if (fault === 'hang') return;
    if (fault === 'refuse') {
      call.emit('error', {
        code: this.refusal.code,
        metadata: said(this.refusal.exception === undefined ? {} : { exception: this.refusal.exception }),
      });
      return;
    }
    const go = (): void => {
      if (isSubscription) this.#subscribe(call, stream, begin, fault === 'end');
      else this.#page(call, stream, begin, options, fault === 'end');
    };
    if (typeof fault === 'number') setTimeout(go, fault);
    else go();
  };

  #page(
    call: ServerWritableStream<ReadReq, ReadResp>,
    stream: string,
    begin: number | 'start' | 'end',
    options: NonNullable<ReturnType<ReadReq['getOptions']>>,
    endsEarly: boolean,
  ): void {
    const backwards = Number(options.getReadDirection()) === 1;
    const events = this.store.read(
      stream,
      begin,
      backwards,
      Math.min(Number(options.getCount()), Number.MAX_SAFE_INTEGER),
    );
    if (events === undefined) call.write(readResponse.notFound(stream));
    // Half of it, and the end as if there were no more: what the client makes of a connection that is cut.
    else
      for (const event of endsEarly ? events.slice(0, events.length >> 1) : events)
        call.write(readResponse.event(stream, event, options.getUuidOption()?.hasStructured() === true));
    call.end();
  }

  #subscribe(
    call: ServerWritableStream<ReadReq, ReadResp>,
    stream: string,
    begin: number | 'start' | 'end',
    endsAtOnce: boolean,
  ): void {
    this.#subscriptions.add(call);
    // Exclusive: what stands at a revision that was named is not told again.
    let next = begin === 'start' ? 0 : begin === 'end' ? (this.store.streams.get(stream)?.length ?? 0) : begin + 1;
    call.write(readResponse.confirmation());
    const tell = (): void => {
      for (const event of this.store.read(stream, next, false, Infinity) ?? []) {
        call.write(readResponse.event(stream, event, false));
        next = event.revision + 1;
      }
    };
    const stop = this.store.follow((moved) => {
      if (moved === stream) tell();
    });
    for (const end of ['cancelled', 'close', 'error'])
      call.on(end, () => {
        stop();
        this.#subscriptions.delete(call);
      });
    tell();
    if (endsAtOnce)
      setImmediate(() => {
        call.emit('error', { code: status.ABORTED, details: 'Consumer too slow' });
      });
  }
}

const said = (values: Readonly<Record<string, string>>): Metadata => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(values)) metadata.set(key, value);
  return metadata;
};

/** Batch appends are not offered, so that the client sends each as a call of its own. */
const supported = (): InstanceType<typeof features.SupportedMethods> => {
  const methods = new features.SupportedMethods();
  methods.setEventStoreServerVersion('23.10.3');
  methods.setMethodsList(
    ['append', 'read'].map((name) => {
      const method = new features.SupportedMethod();
      method.setServiceName('event_store.client.streams.streams');
      method.setMethodName(name);
      return method;
    }),
  );
  return methods;
};
