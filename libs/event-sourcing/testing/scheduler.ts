/** A small generator of numbers that is the same everywhere for the same seed (mulberry32). */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return { next, below, chance: (probability) => next() < probability, pick: (items) => items[below(items.length)]! };
};

/** How often each call of a port goes wrong, each from 0 to 1. */
export interface Faults {
  /** The call fails and has done nothing. */
  readonly failBefore: number;
  /** The call has done its work, and its caller hears of a failure: nobody knows. */
  readonly failAfter: number;
  /** Several other steps come first. */
  readonly delay: number;
  /** The call is delivered twice, one after the other; the caller hears the second answer. */
  readonly duplicate: number;
}
export const noFaults: Faults = { failBefore: 0, failAfter: 0, delay: 0, duplicate: 0 };

/** Thrown by a call that a fault was drawn for. */
export class PlannedFault extends Error {
  override readonly name = 'PlannedFault';
}

/** A process that can die: everything it was waiting for is thrown away with it. */
export interface Host {
  readonly name: string;
  alive: boolean;
}

interface Waiting {
  readonly host: Host;
  readonly name: string;
  readonly go: () => void;
}

/** How many more steps a delayed call lets go first. */
const delayMax = 6;

/**
 * Decides the order of everything that waits: whoever calls a wrapped port pauses before and after, and the seed says
 * who goes on next.
 * The same seed gives the same steps, so a failure is played again from its number.
 */
export class Scheduler {
  /** What was done, in order. Two runs of one seed have the same. */
  readonly steps: string[] = [];
  #waiting: Waiting[] = [];
  /** Faults are drawn only while this holds: after it every call goes well and everything must come to an end. */
  faulty = true;

  constructor(
    readonly random: Random,
    private readonly stepsMax = 20_000,
  ) {}

  pause(host: Host, name: string): Promise<void> {
    return new Promise((go) => {
      if (host.alive) this.#waiting.push({ host, name, go });
    });
  }

  note(step: string): void {
    this.steps.push(step);
  }

  /** Everything the process waited for is lost; whoever waits for its answers never hears. */
  kill(host: Host): void {
    host.alive = false;
    this.#waiting = this.#waiting.filter((waiting) => waiting.host !== host);
    this.note(`kill ${host.name}`);
  }

  /**
   * Lets one go on after the other until nobody waits. `between` runs before each step and may stop the run by
   * answering `stop`; `idle` when
   * nobody waits, and says whether there is more to come.
   */
  async run(between: () => 'stop' | void, idle: () => boolean): Promise<void> {
    for (;;) {
      await (this.#waiting.length > 1 ? someTurns() : everythingSettled());
      if (between() === 'stop') return;
      if (this.#waiting.length === 0) {
        if (idle()) continue;
        return;
      }
      if (this.steps.length > this.stepsMax)
        throw new Error(`More than ${this.stepsMax} steps: somebody waits for ever`);
      const [next] = this.#waiting.splice(this.random.below(this.#waiting.length), 1) as [Waiting];
      this.note(`${next.host.name} ${next.name}`);
      next.go();
    }
  }

  /**
   * The port, with a pause before and after each of its asynchronous calls and the faults that the seed draws. Other
   * members are untouched.
   */
  wrap<Port extends object>(
    host: Host,
    name: string,
    port: Port,
    methods: readonly (keyof Port & string)[],
    faults: Faults = noFaults,
  ): Port {
    const wrapped = new Map<string, (...args: unknown[]) => Promise<unknown>>();
    for (const method of methods) {
      const call = (port[method] as (...args: unknown[]) => Promise<unknown>).bind(port);
      wrapped.set(method, (...args) => this.#call(host, `${name}.${method}`, () => call(...args), faults));
    }
    return new Proxy(port, { get: (target, property) => wrapped.get(property as string) ?? bound(target, property) });
  }

  async #call<T>(host: Host, name: string, call: () => Promise<T>, faults: Faults): Promise<T> {
    await this.pause(host, name);
    if (this.#draws(faults.delay))
      for (let more = this.random.below(delayMax); more > 0; more -= 1) await this.pause(host, `${name} delayed`);
    if (this.#draws(faults.failBefore)) {
      this.note(`${name} fails before`);
      throw new PlannedFault(`${name} failed before it did anything`);
    }
    let answer = await call();
    if (this.#draws(faults.duplicate)) {
      this.note(`${name} twice`);
      answer = await call();
    }
    await this.pause(host, `${name} answers`);
    if (this.#draws(faults.failAfter)) {
      this.note(`${name} fails after`);
      throw new PlannedFault(`${name} failed after it was done`);
    }
    return answer;
  }

  #draws(probability: number): boolean {
    return this.faulty && probability > 0 && this.random.chance(probability);
  }
}

const bound = (target: object, property: string | symbol): unknown => {
  const member = Reflect.get(target, property) as unknown;
  return typeof member === 'function' ? member.bind(target) : member;
};

/**
 * Promises go on in turns. While several wait it is enough to let whoever went on last run for a while: what it has not
 * reached yet comes later,
 * in the same order for the same seed. Only the last one is waited out, because then it must be known whether anybody
 * is left.
 */
const someTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await undefined;
};
/** Every promise that can go on without a pause has gone on. */
const everythingSettled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
