/**
 * What a double does to a call instead of just answering it.
 * `cut-before`: the connection ends, nothing was done. `cut-after`: it was done, the connection ends before the answer.
 * `duplicate`: done twice. `hang`: no answer. `refuse`: the double's own error. `end`: a subscription or a reading ends
 * early. A number: milliseconds before it is done.
 */
export type Fault = 'cut-before' | 'cut-after' | 'duplicate' | 'hang' | 'refuse' | 'end' | number;

export interface FaultRule<Call> {
  readonly matches: (call: Call) => boolean;
  readonly fault: Fault;
  /** Of the calls that match, every n-th; 1 is each. */
  readonly every?: number;
  /** How often it strikes at most. */
  readonly times?: number;
}

/** Rules of one double, and what they did. */
export class Faults<Call> {
  readonly #rules: { readonly rule: FaultRule<Call>; matched: number; struck: number }[] = [];
  injected = 0;

  add(rule: FaultRule<Call>): void {
    this.#rules.push({ rule, matched: 0, struck: 0 });
  }
  clear(): void {
    this.#rules.length = 0;
  }

  strike(call: Call): Fault | undefined {
    for (const one of this.#rules) {
      const { matches, fault, every = 1, times = Infinity } = one.rule;
      if (!matches(call) || one.struck >= times) continue;
      one.matched += 1;
      if (one.matched % every !== 0) continue;
      one.struck += 1;
      this.injected += 1;
      return fault;
    }
    return undefined;
  }
}
