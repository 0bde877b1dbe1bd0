import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A wire between clients and a server that a test can cut, freeze and slow down. Stays on one port while the server
 * behind it comes and goes.
 */
export class TcpProxy {
  readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();
  #refuses = false;
  #frozen = false;
  /** Connections that were destroyed: tests assert that something was injected. */
  cut = 0;
  /** Milliseconds that every piece of the server's answers waits. */
  delay = 0;
  private constructor(
    private readonly listener: Server,
    public target: number,
  ) {}

  static async start(target: number, port = 0): Promise<TcpProxy> {
    const listener = createServer((client) => {
      proxy.#take(client);
    });
    const proxy: TcpProxy = new TcpProxy(listener, target);
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject).listen(port, '127.0.0.1', () => {
        resolve();
      });
    });
    return proxy;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  #take(client: Socket): void {
    if (this.#refuses) {
      client.destroy();
      return;
    }
    const server = connect(this.target, '127.0.0.1');
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    const end = (): void => {
      client.destroy();
      server.destroy();
      this.#pairs.delete(pair);
    };
    client
      .setNoDelay(true)
      .on('error', end)
      .on('close', end)
      .on('data', (bytes) => {
        server.write(bytes);
      });
    server
      .setNoDelay(true)
      .on('error', end)
      .on('close', end)
      .on('data', (bytes) => {
        if (this.delay === 0) client.write(bytes);
        else
          setTimeout(() => {
            client.write(bytes);
          }, this.delay);
      });
    if (this.#frozen) {
      client.pause();
      server.pause();
    }
  }

  /** Every connection ends without a word. */
  cutAll(): void {
    for (const [client, server] of this.#pairs) {
      this.cut += 1;
      client.destroy();
      server.destroy();
    }
    this.#pairs.clear();
  }

  /** New connections are refused, or taken again. */
  refuse(refuses: boolean): void {
    this.#refuses = refuses;
  }

  /** Nothing goes through in either direction, and nobody is told. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    for (const pair of this.#pairs)
      for (const socket of pair)
        if (frozen) socket.pause();
        else socket.resume();
  }

  /**
   * The connections that stand now go dead without a word, as behind a router that forgot them; new ones are made as
   * ever.
   */
  freezePresent(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
    this.cut += this.#pairs.size;
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => {
      this.listener.close(() => {
        resolve();
      });
    });
  }
}
