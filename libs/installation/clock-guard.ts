import { ClockHeldError, type Clock, type Stopwatch } from '#event-sourcing/ports/clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';

/** Milliseconds that a clock may differ from what is known of the time before nothing more is recorded under it. */
export interface ClockLimits {
  /** Behind the last event, which this or another server recorded. */
  readonly behindMax: number;
  /** Ahead of the last event, at a start: nobody may have used the system for a while. */
  readonly idleMax: number;
  /** From what a stopwatch says has passed, while the process runs. */
  readonly jumpMax: number;
}
export const clockLimits: ClockLimits = { behindMax: 5 * 60_000, idleMax: 7 * 24 * 60 * 60_000, jumpMax: 10 * 60_000 };
/** A confirmation holds for the clock it was given under: made when that clock showed about the present time. */
const confirmationMax = 10 * 60_000;

/** Why nothing is recorded: what the clock shows, and what it should show as far as anybody knows. */
export interface ClockHold {
  readonly reason: 'aheadOfLog' | 'behindLog' | 'jumped';
  readonly wall: Instant;
  readonly expected: Instant;
}

/** An operator said that the clock is right. */
export interface Confirmation {
  /** When, by that clock. */
  readonly at: Instant;
  /** Of the last event, where a wrong clock has recorded it in the future. */
  readonly accepted?: Instant;
}

export interface ClockGuardParts {
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly confirmed: () => Confirmation | undefined;
  /** Keeps with the confirmation that the log is ahead of a clock that is right: it stays so after a restart. */
  readonly accept: (recordedAt: Instant) => void;
  /** Told once of each hold, and once when it is over. */
  readonly onHold: (hold: ClockHold | undefined) => void;
  /** False where a wrong clock only harms the person at it: it is told and trusted. */
  readonly holds?: boolean;
  readonly limits?: ClockLimits;
}

/**
 * The wall clock as long as it can be believed. A deadline that a wrong clock meets is a customer lost. So while it
 * cannot be believed nothing is recorded, the time goes on from where it was last right, and an operator is called.
 * It goes on by itself when the clock is set right.
 */
export class ClockGuard implements Clock {
  readonly #limits: ClockLimits;
  #trusted: { readonly wall: number; readonly elapsed: number } | undefined;
  /** Of the last event, as far as it is known. */
  #recorded: number | undefined;
  #hold: ClockHold | undefined;
  #told: ClockHold['reason'] | undefined;
  /** What `now` said last: it never goes back. */
  #last: Instant | undefined;

  constructor(private readonly parts: ClockGuardParts) {
    this.#limits = parts.limits ?? clockLimits;
  }

  /** What holds everything just now. */
  get held(): ClockHold | undefined {
    this.#look();
    return this.#hold;
  }

  /** Never goes back but when an operator confirms that the log is ahead. */
  now(): Instant {
    const hold = this.held;
    if (hold !== undefined) return hold.expected;
    const now = this.parts.clock.now();
    if (this.#last === undefined || now > this.#last) this.#last = now;
    return this.#last;
  }

  /** When the last event was recorded, by whichever server. */
  see(recordedAt: Instant | undefined): void {
    this.#recorded = recordedAt === undefined ? undefined : Date.parse(recordedAt);
  }

  /** Throws ClockHeldError. */
  mustBeSound(): void {
    const hold = this.held;
    if (hold !== undefined) throw new ClockHeldError(holdSentence(hold));
  }

  #look(): void {
    const wall = Date.parse(this.parts.clock.now());
    const elapsed = this.parts.stopwatch.elapsed();
    const doubt = this.#doubt(wall, elapsed);
    const confirmed = doubt === undefined ? false : this.#isConfirmed(doubt);
    this.#hold = confirmed || this.parts.holds === false ? undefined : doubt;
    this.#tell(confirmed ? undefined : doubt);
    if (this.#hold !== undefined) return;
    if (this.#trusted === undefined && doubt === undefined && this.#recorded !== undefined)
      this.#last = instantOf(Math.max(wall, this.#recorded));
    this.#trusted = { wall, elapsed };
  }

  #tell(doubt: ClockHold | undefined): void {
    if (doubt?.reason === this.#told) return;
    this.#told = doubt?.reason;
    this.parts.onHold(doubt);
  }

  #doubt(wall: number, elapsed: number): ClockHold | undefined {
    const { behindMax, idleMax, jumpMax } = this.#limits;
    const recorded = this.#recorded;
    const hold = (reason: ClockHold['reason'], expected: number): ClockHold => ({
      reason,
      wall: instantOf(wall),
      expected: instantOf(expected),
    });
    if (this.#trusted !== undefined) {
      const expected = this.#trusted.wall + elapsed - this.#trusted.elapsed;
      if (Math.abs(wall - expected) > jumpMax) return hold('jumped', expected);
    }
    if (recorded === undefined) return undefined;
    if (recorded - wall > behindMax) return hold('behindLog', recorded);
    return this.#trusted === undefined && wall - recorded > idleMax ? hold('aheadOfLog', recorded) : undefined;
  }

  #isConfirmed({ reason, wall, expected }: ClockHold): boolean {
    const confirmed = this.parts.confirmed();
    if (confirmed === undefined) return false;
    if (reason === 'behindLog' && confirmed.accepted !== undefined && expected <= confirmed.accepted) return true;
    if (Math.abs(Date.parse(wall) - Date.parse(confirmed.at)) > confirmationMax) return false;
    if (reason === 'behindLog') {
      this.parts.accept(expected);
      this.#last = undefined;
    }
    return true;
  }
}

const instantOf = (milliseconds: number): Instant => new Date(milliseconds).toISOString() as Instant;

/** Milliseconds by which the clock is ahead; behind: below 0. */
export const offBy = ({ wall, expected }: ClockHold): number => Date.parse(wall) - Date.parse(expected);

/**
 * For whoever runs the system: what is wrong, by how much, and what to do. Where nothing is held (`holds: false`) it says
 * so.
 */
export const holdSentence = (hold: ClockHold, { holds = true }: { readonly holds?: boolean } = {}): string => {
  const { reason, wall, expected } = hold;
  const seconds = Math.round(offBy(hold) / 1_000);
  const because = {
    aheadOfLog: ['最后一个事件', 'the last event'],
    behindLog: ['最后一个事件', 'the last event'],
    jumped: ['单调时钟', 'the monotonic clock'],
  }[reason];
  const zh = `本机时钟为 ${wall}，与${because[0]}（${expected}）相差 ${seconds} 秒`;
  const en = `This machine's clock shows ${wall}, ${seconds} s from ${because[1]} (${expected})`;
  return holds
    ? `${zh}：已暂停一切期限与记录。校准时钟后自动恢复；若时钟无误，请在本机运行 baobei clock confirm。` +
        ` / ${en}: no deadline is met and nothing is recorded. It goes on by itself when the clock is set right; if it is right, run: baobei clock confirm.`
    : `${zh}。开发环境下照常进行；生产环境会暂停，直到时钟校准或经确认。` +
        ` / ${en}. In development everything goes on; in production it would be held until the clock is right or confirmed.`;
};
