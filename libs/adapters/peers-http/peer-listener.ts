import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { commitsIn, handedText } from '#event-sourcing/log/forwarded-commits.js';
import {
  CommitRefusedError,
  type AppendResult,
  type Commit,
  type EventLog,
  type StoredEvent,
} from '#event-sourcing/ports/event-log.js';
import { HandingRefusedError, type HandedAnswer } from '#event-sourcing/ports/peers.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { isSigned, signatureHeader, signatureOf } from './peer-signature.js';

export interface PeerListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly secret: KeyObject;
  readonly journalId: string;
  /** Appends from this server; never hands on, so that no commit runs in a circle. */
  readonly append: (commit: Commit) => Promise<AppendResult>;
  /** This server's own copy of the journal. */
  readonly log: Pick<EventLog, 'head' | 'readAll'>;
  readonly onError: (error: unknown) => void;
}
export interface PeerListener {
  readonly port: number;
  close(): Promise<void>;
}

/** One request holds 256 commits of a few kilobytes; a single one may have 900 KiB. */
const bodyBytesMax = 16 * 1024 * 1024;
/** Bytes of events in one answer; a server that is further behind reads the rest from the journal. */
const eventBytesMax = 2 * 1024 * 1024;
const requestTimeout = 10_000;
const connectionsMax = 256;

/**
 * Listens for the other servers of this installation, on a port of its own that nobody else needs to reach. Rejects as
 * `listen` does.
 */
export const openPeerListener = async (options: PeerListenerOptions): Promise<PeerListener> => {
  const server = createServer({ requestTimeout, headersTimeout: requestTimeout }, (request, response) => {
    void answer(options, request, response).catch((error: unknown) => {
      options.onError(error);
      response.destroy();
    });
  });
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, () => {
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });

const answer = async (
  options: PeerListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { secret, journalId } = options;
  const say = (status: number, text: string, signature?: string): void => {
    response
      .writeHead(status, {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { [signatureHeader]: signatureOf(secret, journalId, signature, text) }),
      })
      .end(text);
  };
  const path = request.url ?? '';
  const body = request.method === 'POST' ? await bodyOf(request) : undefined;
  if (body === undefined) {
    say(413, '{}');
    return;
  }
  const signature = signatureOf(secret, journalId, path, body);
  if (!isSigned(request.headers[signatureHeader], signature)) {
    say(403, '{}');
    return;
  }
  if (path === '/here') {
    say(200, '{}', signature);
    return;
  }
  if (path !== '/commits') {
    say(404, '{}');
    return;
  }
  try {
    const { commits, head } = commitsIn(body);
    const answers = await Promise.all(commits.map((commit) => taken(options, commit)));
    say(200, handedText({ answers, events: await storedSince(options, head) }), signature);
  } catch (error) {
    if (!(error instanceof HandingRefusedError)) throw error;
    say(400, '{}');
  }
};

/** Nothing when it is too long. */
const bodyOf = async (request: IncomingMessage): Promise<string | undefined> => {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bodyBytesMax) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

/** Whole commands of the journal from `head` on, as many as one answer holds. */
const storedSince = async ({ log }: PeerListenerOptions, head: Position): Promise<readonly StoredEvent[]> => {
  const { events } = await log.readAll(head);
  let [bytes, end] = [0, 0];
  for (const [at, { data, step, of }] of events.entries()) {
    bytes += data.length;
    if (bytes > eventBytesMax) break;
    if (step === of) end = at + 1;
  }
  return events.slice(0, end);
};

const taken = async ({ append, log }: PeerListenerOptions, commit: Commit): Promise<HandedAnswer> => {
  try {
    const result = await append(commit);
    if (result.outcome === 'conflict') return { ...result, head: await log.head() };
    return { outcome: result.outcome, last: result.events.at(-1)!.position };
  } catch (error) {
    // Whatever else it is, the other server asks the journal itself.
    return error instanceof CommitRefusedError
      ? { outcome: 'refused', message: error.message }
      : { outcome: 'undecided', message: (error as Error).name };
  }
};
