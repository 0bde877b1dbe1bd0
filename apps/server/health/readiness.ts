import { Injectable } from '@nestjs/common';
import type { ReadinessCheck } from '#installation/installation.js';

/** Parts register a check by name; the server is ready when all of them say yes. */
@Injectable()
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();
  #closing = false;

  constructor(private readonly timeout: number) {}

  /** `name` is shown to whoever asks: `event-log`, `read-store`. Throws when it is taken. */
  register(name: string, check: ReadinessCheck): void {
    if (this.#checks.has(name)) throw new Error(`Two readiness checks are called ${name}`);
    this.#checks.set(name, check);
  }

  /** From the first moment of the shutdown on, nobody should send work here. */
  beforeApplicationShutdown(): void {
    this.#closing = true;
  }

  /** Whoever has less time than the checks have says so. */
  async ask(
    patience = Infinity,
  ): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, boolean>> }> {
    const answers = await Promise.all(
      [...this.#checks].map(
        async ([name, check]) => [name, await this.#within(check, Math.min(patience, this.timeout))] as const,
      ),
    );
    const checks = Object.fromEntries([['accepting', !this.#closing] as const, ...answers]);
    return { ready: Object.values(checks).every(Boolean), checks };
  }

  /** A part that does not answer in time is not ready: whoever asks has a time-out of its own. */
  async #within(check: ReadinessCheck, timeout: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, timeout);
    });
    try {
      return await Promise.race([(async () => check())(), late]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
