import type { RawData, WebSocket } from 'ws';
import type { Caller } from '#graphql/caller.js';
import type { EdgeLimits } from '#graphql/limits.js';
import { scanJson } from '../raw-json.js';
import { closeCodes, type CloseReason } from './close-codes.js';

/** One open socket with everything that is counted about it. */
export class GuardedSocket {
  /** Set once the first message has said who it is. */
  caller: Caller | undefined;
  subscriptions = 0;
  #messages = 0;
  #answeredPing = true;

  constructor(
    readonly socket: WebSocket,
    /** Where the connection comes from. */
    readonly address: string,
    private readonly limits: EdgeLimits,
  ) {
    socket.on('pong', () => {
      this.#answeredPing = true;
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  close(reason: CloseReason): void {
    const [code, text] = closeCodes[reason];
    this.end(code, text);
  }

  /** A client that does not answer the closing handshake, because it does not read or is silent, is cut. */
  end(code?: number, text?: string): void {
    if (!this.isOpen) return;
    this.socket.close(code, text);
    setTimeout(() => {
      this.socket.terminate();
    }, this.limits.socketInitTimeout).unref();
  }

  /** Hangs up without a word. */
  cut(): void {
    this.socket.terminate();
  }

  /**
   * Resolves when the message has left this process. While it has not, the subscription that sent it asks its source
   * for nothing more.
   * Beyond `socketBufferedBytesMax`, or when nothing leaves for `socketSendTimeout`, the client is too slow and is
   * closed.
   */
  send(text: string): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    if (this.socket.bufferedAmount + Buffer.byteLength(text) > this.limits.socketBufferedBytesMax) {
      this.close('slowConsumer');
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const tooSlow = setTimeout(() => {
        this.close('slowConsumer');
        resolve();
      }, this.limits.socketSendTimeout);
      // An error means that the socket is closing; its close handler ends the subscriptions.
      this.socket.send(text, () => {
        clearTimeout(tooSlow);
        resolve();
      });
    });
  }

  /** The text of a message that may be read, or `undefined` when the socket has been closed for it. */
  accept(bytes: RawData, isBinary: boolean): string | undefined {
    this.#messages += 1;
    if (this.#messages > this.limits.socketMessagesPerSweepMax) {
      this.close('tooManyMessages');
      return undefined;
    }
    if (isBinary) {
      this.close('unsupported');
      return undefined;
    }
    const text = String(bytes);
    if (scanJson(text) !== undefined) {
      this.close('badRequest');
      return undefined;
    }
    return text;
  }

  startCounting(): void {
    this.#messages = 0;
  }

  /** Half-open connections look alive to the kernel for hours. */
  ping(): void {
    if (!this.#answeredPing) {
      this.socket.terminate();
      return;
    }
    this.#answeredPing = false;
    if (this.isOpen) this.socket.ping();
  }
}
