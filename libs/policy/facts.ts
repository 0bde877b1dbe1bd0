import { noTables, type TablesAtHand } from './tables-at-hand.js';
import type { PartyKind } from './roles.js';

/** What the name that a fact is asked by has to be: one that the policy declares, or a kind of party. */
export type FactName = 'activity' | 'ladder' | 'class' | 'flag' | 'request' | 'role' | 'partyKind' | 'table';
export type FactNames = Readonly<Record<FactName, ReadonlySet<string>>>;

/** What a condition may know beside the form. Everything is read before it is asked: a fact fetches nothing. */
export interface ConditionFacts {
  /** Where the registration stands; '' before it is filed, and its class and kind likewise. */
  readonly state: string;
  readonly class: string;
  readonly kind: string;
  /** Whether anybody's registration of this subject stands or waits. */
  readonly registered: boolean;
  /** How often each activity was recorded. */
  readonly counts: ReadonlyMap<string, number>;
  /** Days of the policy's zone since an activity last happened; undefined: never. */
  readonly daysSince: (activity: string) => number | undefined;
  /** Whether it last happened in the calendar quarter of now, in the policy's zone. */
  readonly isOfThisQuarter: (activity: string) => boolean;
  /** Where each ladder stands. */
  readonly stages: ReadonlyMap<string, string>;
  /** The classes in which the subject was ever protected. */
  readonly everProtected: ReadonlySet<string>;
  /** The flags that stand: of the registration, or before it is filed of the party. */
  readonly flags: ReadonlySet<string>;
  /** The requests that were granted and stand. */
  readonly granted: ReadonlySet<string>;
  /** Of whoever acts. */
  readonly roles: readonly string[];
  /** Of the party that it is done for: the caller, or whom a desk acts for. */
  readonly party: {
    readonly id?: string | undefined;
    readonly kind?: PartyKind | undefined;
    readonly roles: readonly string[];
  };
  /** The tables of the policy as they hold now. */
  readonly tables: TablesAtHand;
}
export const noFacts: ConditionFacts = {
  state: '',
  class: '',
  kind: '',
  registered: false,
  counts: new Map(),
  daysSince: () => undefined,
  isOfThisQuarter: () => false,
  stages: new Map(),
  everProtected: new Set(),
  flags: new Set(),
  granted: new Set(),
  roles: [],
  party: { roles: [] },
  tables: noTables,
};

/**
 * What a fact is about: the subject's own history, the moment of the act, whoever acts, what was published. A clock
 * knows the first alone.
 */
export type Reach = 'dossier' | 'act' | 'party' | 'table';

interface Fact {
  /** Absent: it is asked without a name. */
  readonly takes?: FactName;
  readonly gives: 'bool' | 'int' | 'string';
  readonly reach: Reach;
  /** It takes a value beside the name: any text that the condition can say. */
  readonly andValue?: true;
  readonly read: (known: ConditionFacts, name: string, value: string) => boolean | bigint | string;
}

/** As long as never: a hundred years. */
const neverDays = 36_500;
/** What is not in a table is not nothing: what rests on it does not hold. */
const known = (amount: bigint | undefined, table: string): bigint => {
  if (amount === undefined) throw new Error(`Nothing in ${table}`);
  return amount;
};
/** The one list of facts: what a condition calls them, what they are asked by and what they say. */
export const facts: Readonly<Record<string, Fact>> = {
  state: { gives: 'string', reach: 'dossier', read: ({ state }) => state },
  class: { gives: 'string', reach: 'dossier', read: (known) => known.class },
  kind: { gives: 'string', reach: 'dossier', read: ({ kind }) => kind },
  registered: { gives: 'bool', reach: 'dossier', read: ({ registered }) => registered },
  done: {
    takes: 'activity',
    gives: 'bool',
    reach: 'dossier',
    read: ({ counts }, activity) => (counts.get(activity) ?? 0) > 0,
  },
  count: {
    takes: 'activity',
    gives: 'int',
    reach: 'dossier',
    read: ({ counts }, activity) => BigInt(counts.get(activity) ?? 0),
  },
  daysSince: {
    takes: 'activity',
    gives: 'int',
    reach: 'dossier',
    read: ({ daysSince }, activity) => BigInt(Math.min(daysSince(activity) ?? neverDays, neverDays)),
  },
  doneThisQuarter: {
    takes: 'activity',
    gives: 'bool',
    reach: 'dossier',
    read: ({ isOfThisQuarter }, activity) => isOfThisQuarter(activity),
  },
  stage: { takes: 'ladder', gives: 'string', reach: 'dossier', read: ({ stages }, ladder) => stages.get(ladder) ?? '' },
  ever: { takes: 'class', gives: 'bool', reach: 'dossier', read: ({ everProtected }, name) => everProtected.has(name) },
  flagged: { takes: 'flag', gives: 'bool', reach: 'dossier', read: ({ flags }, flag) => flags.has(flag) },
  granted: { takes: 'request', gives: 'bool', reach: 'act', read: ({ granted }, request) => granted.has(request) },
  hasRole: { takes: 'role', gives: 'bool', reach: 'party', read: ({ roles }, role) => roles.includes(role) },
  partyHas: { takes: 'role', gives: 'bool', reach: 'party', read: ({ party }, role) => party.roles.includes(role) },
  partyId: { gives: 'string', reach: 'party', read: ({ party }) => party.id ?? '' },
  listed: {
    takes: 'table',
    andValue: true,
    gives: 'bool',
    reach: 'table',
    read: ({ tables }, table, value) => tables.lists(table, value),
  },
  price: {
    takes: 'table',
    andValue: true,
    gives: 'int',
    reach: 'table',
    read: ({ tables }, table, value) => known(tables.price(table, value), table),
  },
  figure: {
    takes: 'table',
    andValue: true,
    gives: 'int',
    reach: 'table',
    read: ({ tables }, table, value) => known(tables.figure(table, value), table),
  },
  entry: {
    takes: 'table',
    andValue: true,
    gives: 'string',
    reach: 'table',
    read: ({ tables }, table, value) => tables.entry(table, value),
  },
  partyIs: { takes: 'partyKind', gives: 'bool', reach: 'party', read: ({ party }, kind) => party.kind === kind },
};
