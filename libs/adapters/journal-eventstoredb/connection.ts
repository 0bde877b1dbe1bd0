import { accessSync, constants } from 'node:fs';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';

/** The address of the EventStoreDB cannot be used. Never repeats it: it may hold a password. */
export class EventStoreUrlError extends Error {
  override readonly name = 'EventStoreUrlError';
  constructor(zh: string, en: string) {
    super(`EVENTSTOREDB_URL ${zh}。 / EVENTSTOREDB_URL ${en}.`);
  }
}

/** What start-up checks need of an address. */
export interface EventStoreAddress {
  /** As the client takes it, for its n-th making; holds the password. */
  text(making?: number, changed?: Readonly<Record<string, string>>): string;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly verifies: boolean;
  readonly caFile?: string;
  readonly credentials?: { readonly user: string; readonly password: string };
  readonly prefersLeader: boolean;
}

const schemes = new Set(['esdb', 'kurrentdb', 'kurrent', 'kdb']);
type Check = (value: string) => boolean;
const isSwitch: Check = (value) => value === 'true' || value === 'false';
const isNumber: Check = (value) => /^[1-9]\d{0,8}$/.test(value);
const isNumberOrOff: Check = (value) => value === '-1' || isNumber(value);
const isReadable: Check = (value) => {
  try {
    accessSync(value, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};
const preferences = ['leader', 'follower', 'random', 'readOnlyReplica'];
/**
 * Those of the client, each checked here: what it does not like, it prints or throws together with the whole address.
 */
const optionChecks: Readonly<Record<string, Check>> = {
  tls: isSwitch,
  tlsVerifyCert: isSwitch,
  tlsCAFile: isReadable,
  userCertFile: isReadable,
  userKeyFile: isReadable,
  nodePreference: (value) => preferences.includes(value),
  connectionName: () => true,
  maxDiscoverAttempts: isNumber,
  discoveryInterval: isNumber,
  gossipTimeout: isNumber,
  defaultDeadline: isNumber,
  keepAliveInterval: isNumberOrOff,
  keepAliveTimeout: isNumberOrOff,
};
const flat = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');
const optionNames = new Map(Object.keys(optionChecks).map((name) => [flat(name), name]));
/** Milliseconds that the client's reading half rests before its first look at the nodes, and both between two. */
const discoveryInterval = '100';
const keepAliveTimeout = '10000';

/**
 * Reads an address such as `esdb://user:password@es1:2113,es2:2113?tls=true&nodePreference=leader`. Throws
 * `EventStoreUrlError`.
 */
export const readAddress = (url: string): EventStoreAddress => {
  const parts =
    /^(?<scheme>[a-z]+)(?<discover>\+discover)?:\/\/(?:(?<user>[^:@/?#\s]+):(?<password>[^:@/?#\s]+)@)?(?<hosts>[^/?@#\s]+)\/?(?:\?(?<query>[^?#\s]*))?$/.exec(
      url.trim(),
    )?.groups;
  if (parts === undefined || !schemes.has(parts['scheme']!))
    throw new EventStoreUrlError(
      '应形如 esdb://用户:密码@主机:2113?tls=true，密码中的特殊字符须写成 %XX',
      'looks like esdb://user:password@host:2113?tls=true, with special characters of the password written as %XX',
    );
  const hosts = parts['hosts']!.split(',').map(hostOf);
  const given = new Map(
    (parts['query'] ?? '')
      .split('&')
      .filter((pair) => pair !== '')
      .map(optionOf),
  );
  if (given.has('userCertFile') !== given.has('userKeyFile'))
    throw new EventStoreUrlError(
      '的 userCertFile 与 userKeyFile 须同时给出',
      'takes userCertFile and userKeyFile together',
    );
  const [user, password] = [parts['user'], parts['password']].map((text) =>
    text === undefined ? undefined : decoded(text),
  );
  const named =
    user === undefined || password === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const caFile = given.get('tlsCAFile');
  const text: EventStoreAddress['text'] = (making = 0, changed = {}) => {
    const timeout = given.get('keepAliveTimeout') ?? keepAliveTimeout;
    // gRPC gives clients with equal settings the same connection, dead or not: the n-th has a setting of its own.
    const settings = new Map([
      ['discoveryInterval', discoveryInterval],
      ...given,
      ['keepAliveTimeout', timeout === '-1' ? timeout : String(Number(timeout) + making)],
      ...Object.entries(changed),
    ]);
    // The client warns at each start of the older name of its scheme, and its two halves know options by one spelling
    // each.
    return `kurrentdb${parts['discover'] ?? ''}://${named}${hosts.map(({ host, port }) => `${host}:${port}`).join(',')}?${[...settings].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
  };
  return {
    text,
    hosts,
    tls: given.get('tls') !== 'false',
    verifies: given.get('tlsVerifyCert') !== 'false',
    prefersLeader: (given.get('nodePreference') ?? 'leader') === 'leader',
    ...(caFile === undefined ? {} : { caFile }),
    ...(user === undefined || password === undefined ? {} : { credentials: { user, password } }),
  };
};

const hostOf = (text: string): { readonly host: string; readonly port: number } => {
  const { host, port = '2113' } = /^(?<host>[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) > 65_535 || Number(port) === 0)
    throw new EventStoreUrlError(
      '中的主机须为 主机:端口，多个以逗号分隔',
      'names its hosts as host:port, several of them separated by commas',
    );
  return { host, port: Number(port) };
};

const optionOf = (pair: string): [string, string] => {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
  const name = optionNames.get(flat(key));
  if (name === undefined || value === '')
    throw new EventStoreUrlError(
      `的选项只能是 ${[...optionNames.values()].join('、')}`,
      `takes the options ${[...optionNames.values()].join(', ')}`,
    );
  const plain = decoded(value);
  const said =
    name === 'nodePreference' ? (preferences.find((preference) => flat(preference) === flat(plain)) ?? '') : plain;
  if (!optionChecks[name]!(said))
    throw new EventStoreUrlError(
      `的选项 ${name} 的值不可用${optionChecks[name] === isReadable ? '：读不到该文件' : ''}`,
      `has an option ${name} with a value that cannot be used${optionChecks[name] === isReadable ? ': the file cannot be read' : ''}`,
    );
  return [name, said];
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new EventStoreUrlError('中的 % 须写成 %25', 'writes a percent sign as %25');
  }
};

export interface EventStoreClients {
  /** Appends, and asks what must never be old: goes to the leader. */
  readonly leader: KurrentDBClient;
  /** Reads and waits, on the node that the address prefers. */
  readonly reader: KurrentDBClient;
  /**
   * Puts new ones in their place: a client keeps a failed look at the nodes, and with it fails for ever; and it stays
   * long on a wire that is dead without a word.
   */
  renew(): void;
  dispose(): Promise<void>;
}

/** One client, or two where the address prefers another node than the leader. */
export const openClients = (address: EventStoreAddress): EventStoreClients => {
  let making = 0;
  let now = openPair(address, making);
  return {
    get leader() {
      return now.leader;
    },
    get reader() {
      return now.reader;
    },
    renew() {
      const old = now;
      now = openPair(address, (making += 1));
      disposePair(old).catch(() => undefined);
    },
    dispose: () => disposePair(now),
  };
};

interface Pair {
  readonly leader: KurrentDBClient;
  readonly reader: KurrentDBClient;
}

const openPair = (address: EventStoreAddress, making: number): Pair => {
  try {
    const reader = openClient(address, address.text(making));
    return {
      reader,
      leader: address.prefersLeader ? reader : openClient(address, address.text(making, { nodePreference: 'leader' })),
    };
  } catch {
    // Its error repeats the address.
    throw new EventStoreUrlError('不为 EventStoreDB 的客户端所接受', 'is not accepted by the client of EventStoreDB');
  }
};

const openClient = ({ credentials }: EventStoreAddress, text: string): KurrentDBClient => {
  const client = KurrentDBClient.connectionString(text);
  // The client's reading half takes %XX in a password for the password itself; only then, because appends are sent one
  // by one with this.
  if (
    credentials !== undefined &&
    [credentials.user, credentials.password].some((word) => encodeURIComponent(word) !== word)
  ) {
    client.setCredentialsProvider(async () => ({ username: credentials.user, password: credentials.password }));
  }
  return client;
};

const disposePair = async ({ leader, reader }: Pair): Promise<void> => {
  await Promise.all([...new Set([leader, reader])].map((client) => client.dispose()));
};
