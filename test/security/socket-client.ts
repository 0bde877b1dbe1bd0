import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

export interface SocketMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** The protocol by hand, so that a spec can break every rule of it. */
export class SocketClient {
  readonly messages: SocketMessage[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  #wake: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (bytes: Buffer) => {
      this.messages.push(JSON.parse(String(bytes)) as SocketMessage);
      this.#notify();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#notify();
    });
    socket.on('error', () => {
      this.#notify();
    });
  }

  static async open(
    port: number,
    options: ClientOptions = {},
    path = '/graphql',
    protocol = 'graphql-transport-ws',
  ): Promise<SocketClient> {
    const client = new SocketClient(new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol, options));
    await once(client.socket, 'open');
    return client;
  }

  /** Opened and acknowledged. */
  static async enter(port: number, token: string, options: ClientOptions = {}): Promise<SocketClient> {
    const client = await SocketClient.open(port, options);
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await client.until(() => client.messages.some(({ type }) => type === 'connection_ack'));
    return client;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
  subscribe(id: string, query: string, variables?: object): void {
    this.send({ id, type: 'subscribe', payload: { query, ...(variables === undefined ? {} : { variables }) } });
  }
  of(id: string, type?: string): readonly SocketMessage[] {
    return this.messages.filter((message) => message.id === id && (type === undefined || message.type === type));
  }

  /** Waits for what arrives, not for time: ends with the condition, or with the socket. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.closed !== undefined)
        throw new Error(`The socket was closed with ${this.closed.code} ${this.closed.reason}`);
      await this.#next();
    }
  }
  async untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    while (this.closed === undefined) await this.#next();
    return this.closed;
  }
  /** The answer of one operation: all its errors, or its first result. */
  async answer(id: string): Promise<SocketMessage> {
    await this.until(() => this.of(id).some(({ type }) => type === 'error' || type === 'next'));
    return this.of(id).find(({ type }) => type === 'error' || type === 'next')!;
  }
  async close(): Promise<void> {
    this.socket.close();
    await this.untilClosed();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake.push(resolve);
    });
  }
  #notify(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}

export type Entry = 'opened' | 'refused';
/** Whether an upgrade with these options is let in; `refused` also when the server says nothing and hangs up. */
export const tryUpgrade = (
  port: number,
  options: ClientOptions = {},
  path = '/graphql',
  protocol: string | string[] = 'graphql-transport-ws',
): Promise<Entry> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol, options);
    socket.once('open', () => {
      socket.terminate();
      resolve('opened');
    });
    socket.once('error', () => {
      resolve('refused');
    });
  });
