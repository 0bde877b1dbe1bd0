import { KurrentDBClient } from '@kurrent/kurrentdb-client';

/** The address of the EventStoreDB cannot be used. Never repeats it: it may hold a password. */
export class EventStoreUrlError extends Error {
  override readonly name = 'EventStoreUrlError';
  constructor(zh: string, en: string) { super(`EVENTSTOREDB_URL ${zh}。 / EVENTSTOREDB_URL ${en}.`); }
}

/** What start-up checks need of an address. */
export interface EventStoreAddress {
  /** As the client takes it; holds the password. */
  readonly text: string;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly caFile?: string;
  readonly credentials?: { readonly user: string; readonly password: string };
  readonly prefersLeader: boolean;
}

const schemes = new Set(['esdb', 'kurrentdb', 'kurrent', 'kdb']);
/** Those of the client; an unknown one would be printed by it together with the whole address. */
const options = new Map(['userCertFile', 'userKeyFile', 'maxDiscoverAttempts', 'connectionName', 'defaultDeadline', 'discoveryInterval', 'gossipTimeout', 'nodePreference', 'tls', 'tlsVerifyCert', 'tlsCAFile', 'keepAliveInterval', 'keepAliveTimeout'].map((name) => [name.toLowerCase(), name]));

/** Reads an address such as `esdb://user:password@es1:2113,es2:2113?tls=true&nodePreference=leader`. Throws `EventStoreUrlError`. */
export const readAddress = (url: string): EventStoreAddress => {
  const match = /^(?<scheme>[a-z]+)(?<discover>\+discover)?:\/\/(?:(?<user>[^:@/]+):(?<password>[^@/]+)@)?(?<hosts>[^/?@]+)\/?(?:\?(?<query>.*))?$/.exec(url.trim());
  const parts = match?.groups;
  if (parts === undefined || !schemes.has(parts['scheme']!)) throw new EventStoreUrlError('应形如 esdb://用户:密码@主机:2113?tls=true', 'looks like esdb://user:password@host:2113?tls=true');
  const hosts = parts['hosts']!.split(',').map((text) => {
    const [host = '', port = '2113', ...rest] = text.split(':');
    if (host === '' || rest.length > 0 || !/^\d{1,5}$/.test(port)) throw new EventStoreUrlError('中的主机须为 主机:端口，多个以逗号分隔', 'names its hosts as host:port, several of them separated by commas');
    return { host, port: Number(port) };
  });
  const given = new Map((parts['query'] ?? '').split('&').filter((pair) => pair !== '').map((pair) => optionOf(pair)));
  // The client warns at each start of the older name of its scheme.
  const text = `kurrentdb${parts['discover'] ?? ''}${url.trim().slice(parts['scheme']!.length + (parts['discover'] ?? '').length)}`;
  const caFile = given.get('tlsCAFile');
  return {
    text, hosts, tls: given.get('tls') !== 'false', prefersLeader: (given.get('nodePreference') ?? 'leader').toLowerCase() === 'leader',
    ...(caFile === undefined ? {} : { caFile }),
    ...(parts['user'] === undefined ? {} : { credentials: { user: decodeURIComponent(parts['user']), password: decodeURIComponent(parts['password']!) } }),
  };
};

const optionOf = (pair: string): [string, string] => {
  const [key = '', value = ''] = pair.split('=');
  const name = options.get(key.toLowerCase().replaceAll(/[_-]/g, ''));
  if (name === undefined || value === '') throw new EventStoreUrlError(`的选项只能是 ${[...options.values()].join('、')}`, `takes the options ${[...options.values()].join(', ')}`);
  return [name, decodeURIComponent(value)];
};

export interface EventStoreClients {
  /** Appends, and asks what must never be old: goes to the leader. */
  readonly leader: KurrentDBClient;
  /** Reads and waits, on the node that the address prefers. */
  readonly reader: KurrentDBClient;
  dispose(): Promise<void>;
}

/** One client, or two where the address prefers another node than the leader. */
export const openClients = ({ text, prefersLeader }: EventStoreAddress): EventStoreClients => {
  const reader = KurrentDBClient.connectionString(text);
  const leader = prefersLeader ? reader : KurrentDBClient.connectionString(text.replace(/nodePreference=[^&]*/i, 'nodePreference=leader'));
  return { leader, reader, dispose: async () => { await Promise.all([...new Set([leader, reader])].map((client) => client.dispose())); } };
};
