import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Binary, deserialize, Long, serialize, Timestamp } from 'bson';
import { Faults } from '../faults.js';
import { TcpProxy } from '../tcp-proxy.js';
import { Collections, CommandFailed } from './collections.js';
import { answer } from './commands.js';
import type { Doc } from './values.js';

export interface MongoCall {
  readonly name: string;
  readonly collection: string;
}

const [opReply, opQuery, opMessage] = [1, 2004, 2013];
const headerBytes = 16;
/** With a checksum behind the sections. */
const checksumPresent = 1;
const moreToCome = 2;

export interface MongoDoubleOptions {
  readonly port?: number;
  /**
   * Calls itself the primary of this replica set: the driver then repeats writes once, and every answer carries the
   * time of the set. Unlike
   * a real one it carries a repeated write out once more: what must be harmless twice is seen to be.
   */
  readonly replicaSet?: string;
}

/**
 * A MongoDB as its driver sees it, in this process: the real driver talks to it over a real socket. Keeps what it has
 * through a restart.
 * It knows the commands that our adapters send, one document at a time atomic, and neither transactions nor change
 * streams.
 */
export class MongoDouble {
  readonly faults = new Faults<MongoCall>();
  readonly collections = new Collections();
  /** What `refuse` answers with. */
  refusal: { readonly code: number; readonly message: string } = { code: 10107, message: 'not primary' };
  readonly #sockets = new Set<Socket>();
  /** Of the replica set, in its own counting: one for each command. */
  #now = 1;
  #behind: { readonly collections: Collections; readonly since: number } | undefined;
  /** Hears every command before it is carried out. */
  listen: (name: string, command: Doc) => void = () => {};
  /** Readings that were answered from an older state. */
  readBehind = 0;
  private constructor(
    readonly proxy: TcpProxy,
    private readonly server: Server,
    private readonly replicaSet: string | undefined,
  ) {}

  static async start({ port = 0, replicaSet }: MongoDoubleOptions = {}): Promise<MongoDouble> {
    const server = createServer((socket) => {
      double.#talk(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve();
      });
    });
    const double: MongoDouble = new MongoDouble(
      await TcpProxy.start((server.address() as AddressInfo).port, port),
      server,
      replicaSet,
    );
    return double;
  }

  /**
   * As after an election that nobody notices: readings are answered from what stands now, until `catchUp`, unless they
   * name a later time.
   */
  fallBehind(): void {
    this.#behind = { collections: this.collections.copy(), since: this.#now };
  }
  catchUp(): void {
    this.#behind = undefined;
  }

  /** Every connection and every cursor is gone, for as long as `away` takes; what was stored is there again. */
  async restart(away: () => Promise<unknown> = async () => {}): Promise<void> {
    this.proxy.refuse(true);
    this.proxy.cutAll();
    this.collections.forgetCursors();
    await away();
    this.proxy.refuse(false);
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.proxy.port}/?directConnection=true`;
  }
  dropConnections(): void {
    this.proxy.cutAll();
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  #talk(socket: Socket): void {
    this.#sockets.add(socket);
    // Put together once a message is whole: one of 14 MiB comes in hundreds of pieces.
    let pieces: Buffer[] = [];
    let held = 0;
    socket
      .setNoDelay(true)
      .on('error', () => {
        socket.destroy();
      })
      .on('close', () => {
        this.#sockets.delete(socket);
      })
      .on('data', (bytes: Buffer) => {
        pieces.push(bytes);
        held += bytes.length;
        while (held >= headerBytes) {
          if (pieces[0]!.length < headerBytes) pieces = [Buffer.concat(pieces)];
          const length = pieces[0]!.readInt32LE(0);
          if (held < length) return;
          const all = Buffer.concat(pieces);
          pieces = [all.subarray(length)];
          held -= length;
          this.#hear(socket, all.subarray(0, length));
        }
      });
  }

  #hear(socket: Socket, message: Buffer): void {
    const [requestId, opCode] = [message.readInt32LE(4), message.readInt32LE(12)];
    const { command, silent } =
      opCode === opMessage ? messageIn(message) : { command: queryIn(message), silent: false };
    const name = Object.keys(command)[0]!;
    const collection = typeof command[name] === 'string' ? command[name] : String(command['collection'] ?? '');
    this.listen(name, command);
    const fault = this.faults.strike({ name, collection });
    const reply = (): void => {
      const said = this.#answer(command);
      if (!silent) socket.write(opCode === opQuery ? replyOf(requestId, said) : messageOf(requestId, said));
    };
    switch (fault) {
      case 'cut-before':
        this.proxy.cutAll();
        return;
      case 'cut-after':
        this.#answer(command);
        this.proxy.cutAll();
        return;
      case 'duplicate':
        this.#answer(command);
        reply();
        return;
      case 'refuse':
        socket.write(
          messageOf(requestId, {
            ok: 0,
            code: this.refusal.code,
            errmsg: this.refusal.message,
            codeName: 'Refused',
            ...(command['txnNumber'] === undefined ? {} : { errorLabels: ['RetryableWriteError'] }),
          }),
        );
        return;
      case 'hang':
        return;
      default:
        if (typeof fault === 'number') setTimeout(reply, fault);
        else reply();
    }
  }

  #answer(command: Doc): Doc {
    try {
      const seen = this.#seenBy(command);
      const said = answer(seen, command);
      return {
        ...said,
        ...('isWritablePrimary' in said ? this.#standing() : {}),
        ...this.#time(seen === this.collections ? (this.#now += 1) : this.#behind!.since),
        ok: 1,
      };
    } catch (error) {
      if (error instanceof CommandFailed)
        return {
          ok: 0,
          code: error.code,
          errmsg: error.message,
          ...(error.labels.length > 0 ? { errorLabels: error.labels } : {}),
        };
      // A command that the double does not know is a mistake of the double; the test should say so.
      return { ok: 0, code: 59, errmsg: (error as Error).stack ?? String(error) };
    }
  }

  #seenBy(command: Doc): Collections {
    const [name] = Object.keys(command);
    const after = (command['readConcern'] as { readonly afterClusterTime?: Timestamp } | undefined)?.afterClusterTime;
    if (
      this.#behind === undefined ||
      (name !== 'find' && name !== 'aggregate') ||
      (after !== undefined && after.getHighBits() > this.#behind.since)
    )
      return this.collections;
    this.readBehind += 1;
    return this.#behind.collections;
  }

  #standing(): Doc {
    const me = `127.0.0.1:${this.proxy.port}`;
    return this.replicaSet === undefined
      ? {}
      : { setName: this.replicaSet, setVersion: 1, hosts: [me], primary: me, me, secondary: false };
  }

  #time(t: number): Doc {
    if (this.replicaSet === undefined) return {};
    const operationTime = new Timestamp({ t, i: 1 });
    return {
      operationTime,
      $clusterTime: { clusterTime: operationTime, signature: { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO } },
    };
  }
}

const read = (bytes: Uint8Array): Doc => deserialize(bytes, { promoteBuffers: true, useBigInt64: true });

/** The sections of one message: the command, and sequences of documents that belong to it. */
const messageIn = (message: Buffer): { readonly command: Doc; readonly silent: boolean } => {
  const flags = message.readUInt32LE(headerBytes);
  const end = message.length - ((flags & checksumPresent) === 0 ? 0 : 4);
  let command: Doc = {};
  const sequences: Doc = {};
  for (let at = headerBytes + 4; at < end;) {
    const kind = message.readUInt8(at);
    const length = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + length);
    if (kind === 0) command = read(section);
    else Object.assign(sequences, sequenceIn(section));
    at += 1 + length;
  }
  return { command: { ...command, ...sequences }, silent: (flags & moreToCome) !== 0 };
};

const sequenceIn = (section: Buffer): Doc => {
  const nameEnd = section.indexOf(0, 4);
  const docs: Doc[] = [];
  for (let at = nameEnd + 1; at < section.length;) {
    const length = section.readInt32LE(at);
    docs.push(read(section.subarray(at, at + length)));
    at += length;
  }
  return { [section.subarray(4, nameEnd).toString('utf8')]: docs };
};

/** The older form, in which drivers still say hello for the first time. */
const queryIn = (message: Buffer): Doc => {
  const nameEnd = message.indexOf(0, headerBytes + 4);
  const database = message
    .subarray(headerBytes + 4, nameEnd)
    .toString('utf8')
    .replace(/\.\$cmd$/, '');
  const at = nameEnd + 1 + 8;
  return { ...read(message.subarray(at, at + message.readInt32LE(at))), $db: database };
};

let replies = 0;
const header = (length: number, responseTo: number, opCode: number): Buffer => {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeInt32LE(length + headerBytes, 0);
  bytes.writeInt32LE((replies += 1), 4);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(opCode, 12);
  return bytes;
};
const bson = (doc: Doc): Uint8Array => serialize(doc, { ignoreUndefined: true });
const messageOf = (responseTo: number, doc: Doc): Buffer => {
  const body = Buffer.concat([Buffer.alloc(5), bson(doc)]);
  return Buffer.concat([header(body.length, responseTo, opMessage), body]);
};
const replyOf = (responseTo: number, doc: Doc): Buffer => {
  const front = Buffer.alloc(20);
  front.writeInt32LE(8, 0);
  front.writeInt32LE(1, 16);
  const body = Buffer.concat([front, bson(doc)]);
  return Buffer.concat([header(body.length, responseTo, opReply), body]);
};
