import { FORWARDS, StreamDeletedError, StreamNotFoundError, StreamTombstonedError } from '@kurrent/kurrentdb-client';
import { readFileSync } from 'node:fs';
import { request as requestPlain, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { answered, patienceByDefault, ReadingCutError, type Patience } from './answered.js';
import { openClients, readAddress, type EventStoreAddress, type EventStoreClients } from './connection.js';
import { identityStream } from './identity.js';
import { journalStream } from './journal-eventstoredb.js';

/** The server would lose or show what it is trusted with. Each sentence says what to change. */
export class EventStoreServerError extends Error {
  override readonly name = 'EventStoreServerError';
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(({ zh, en }) => `${zh} / ${en}`).join('\n'));
  }
}

export interface Finding {
  readonly severity: 'refuse' | 'warn';
  readonly code:
    'RETENTION' | 'TRUNCATED' | 'IN_MEMORY' | 'OPTIONS_UNKNOWN' | 'DEFAULT_CREDENTIALS' | 'NOT_ENCRYPTED' | 'TOO_OLD';
  readonly zh: string;
  readonly en: string;
}

export interface ServerCheckOptions extends Pick<Patience, 'timers' | 'stopwatch'> {
  readonly url: string;
  readonly organisation: string;
  /** What is a warning on a developer's machine is refused in production. */
  readonly production: boolean;
  readonly ask?: AskServer;
}
/** Answers a path of the server's HTTP side, or nothing when it does not answer, or not us. */
export type AskServer = (
  address: EventStoreAddress,
  path: string,
  credentials?: { readonly user: string; readonly password: string },
) => Promise<unknown>;

const versionMin = [20, 6] as const;
const httpTimeout = 3_000;
const defaultCredentials = { user: 'admin', password: 'changeit' };

/**
 * Looks at the server before anything is written to it. Throws `EventStoreServerError` for what is refused; answers
 * what somebody should know.
 */
export const checkServer = async (options: ServerCheckOptions): Promise<readonly Finding[]> => {
  const address = readAddress(options.url);
  const clients = openClients(address);
  try {
    const findings = [
      ...(await streamFindings(clients, options)),
      ...encryptionFindings(address, options),
      ...(await serverFindings(address, options)),
    ];
    const refused = findings.filter(({ severity }) => severity === 'refuse');
    if (refused.length > 0) throw new EventStoreServerError(refused);
    return findings;
  } finally {
    await clients.dispose();
  }
};

/** A journal that forgets its beginning is none, whatever the machine is for; one without its identity is another. */
const streamFindings = async (
  clients: EventStoreClients,
  { organisation, timers, stopwatch }: ServerCheckOptions,
): Promise<readonly Finding[]> => {
  const patience = {
    timers,
    stopwatch,
    ...patienceByDefault,
    renew: () => {
      clients.renew();
    },
  };
  const { signal } = new AbortController();
  const findings: Finding[] = [];
  for (const stream of [journalStream(organisation), identityStream(organisation)]) {
    const first = await answered(() => firstRevision(clients, stream), 'nothing', patience, signal);
    if (first === 'deleted') {
      findings.push({
        severity: 'refuse',
        code: 'TRUNCATED',
        zh: `EventStoreDB 的流 ${stream} 已被彻底删除，无法再写入。请从备份恢复。`,
        en: `The stream ${stream} in EventStoreDB was deleted for good and takes nothing any more. Restore it from a backup.`,
      });
      continue;
    }
    const { metadata = {} } = await answered(
      () => clients.leader.getStreamMetadata(stream, { requiresLeader: true }),
      'nothing',
      patience,
      signal,
    );
    const limits = ['maxCount', 'maxAge', 'truncateBefore'].filter(
      (name) => (metadata as Readonly<Record<string, unknown>>)[name] !== undefined,
    );
    if (limits.length > 0) {
      findings.push({
        severity: 'refuse',
        code: 'RETENTION',
        zh: `EventStoreDB 的流 ${stream} 设有保留限制（${limits.join('、')}），会丢失日志。请删除该流的这些元数据后再启动。`,
        en: `The stream ${stream} in EventStoreDB has a retention (${limits.join(', ')}), which would lose the log. Remove it from the stream's metadata, then start again.`,
      });
      continue;
    }
    if (first !== undefined && first !== 0n)
      findings.push({
        severity: 'refuse',
        code: 'TRUNCATED',
        zh: `EventStoreDB 的流 ${stream} 从第 ${first} 条开始：开头已被删除。请从备份恢复。`,
        en: `The stream ${stream} in EventStoreDB begins at revision ${first}: its beginning was deleted. Restore it from a backup.`,
      });
  }
  return findings;
};

const firstRevision = async (clients: EventStoreClients, stream: string): Promise<bigint | 'deleted' | undefined> => {
  try {
    for await (const { event } of clients.leader.readStream(stream, {
      direction: FORWARDS,
      maxCount: 1,
      requiresLeader: true,
    }))
      return event?.revision;
  } catch (error) {
    if (error instanceof StreamNotFoundError) return undefined;
    if (error instanceof StreamDeletedError || error instanceof StreamTombstonedError) return 'deleted';
    throw error;
  }
  throw new ReadingCutError();
};

const encryptionFindings = (
  { tls, hosts }: EventStoreAddress,
  { production }: ServerCheckOptions,
): readonly Finding[] => {
  if (tls || hosts.every(({ host }) => ['127.0.0.1', 'localhost', '::1'].includes(host))) return [];
  return [
    {
      severity: production ? 'refuse' : 'warn',
      code: 'NOT_ENCRYPTED',
      zh: 'EVENTSTOREDB_URL 设了 tls=false：到 EventStoreDB 的连接不加密，任何人都能读写。',
      en: 'EVENTSTOREDB_URL says tls=false: the connection to EventStoreDB is not encrypted, and anybody can read and write there.',
    },
  ];
};

const serverFindings = async (
  address: EventStoreAddress,
  { production, ask = askOverHttp }: ServerCheckOptions,
): Promise<readonly Finding[]> => {
  const severity = production ? 'refuse' : 'warn';
  const findings: Finding[] = [];
  const told = await ask(address, '/info');
  const version = textIn(told, 'esVersion') ?? textIn(told, 'dbVersion');
  if (version !== undefined && isOlder(version))
    findings.push({
      severity: 'refuse',
      code: 'TOO_OLD',
      zh: `EventStoreDB 版本为 ${version}，需要 ${versionMin.join('.')} 或更新。`,
      en: `EventStoreDB is of version ${version}; ${versionMin.join('.')} or newer is needed.`,
    });
  const options = await ask(address, '/info/options', address.credentials);
  if (optionIn(options, 'MemDb') === true)
    findings.push({
      severity,
      code: 'IN_MEMORY',
      zh: 'EventStoreDB 以内存模式运行（MemDb），停机即丢失全部日志。请去掉该选项。',
      en: 'EventStoreDB keeps everything in memory (MemDb) and loses the whole log when it stops. Start it without that option.',
    });
  // A user that is no administrator, as it should be, is not shown them.
  if (options === undefined)
    findings.push({
      severity: 'warn',
      code: 'OPTIONS_UNKNOWN',
      zh: 'EventStoreDB 没有向本用户出示它的设置（/info/options），因此未能核对是否以内存模式运行。请自行确认没有设 MemDb。',
      en: 'EventStoreDB does not show its options (/info/options) to this user, so it was not checked whether it keeps everything in memory. Make sure yourself that MemDb is not set.',
    });
  const namesDefault =
    address.credentials?.user === defaultCredentials.user &&
    address.credentials.password === defaultCredentials.password;
  if (namesDefault || (address.tls && (await ask(address, '/info/options', defaultCredentials)) !== undefined)) {
    findings.push({
      severity,
      code: 'DEFAULT_CREDENTIALS',
      zh: 'EventStoreDB 仍接受出厂的管理员口令。请更改 admin 的口令，并为本系统另设一个用户。',
      en: "EventStoreDB still takes the administrator's factory password. Change the password of admin, and make a user for this program.",
    });
  }
  return findings;
};

const textIn = (value: unknown, field: string): string | undefined => {
  const found =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
  return typeof found === 'string' ? found : undefined;
};
const isOlder = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return Number.isFinite(major) && (major < versionMin[0] || (major === versionMin[0] && minor < versionMin[1]));
};
/** Servers answer a list of names and values; newer ones group it. */
const optionIn = (options: unknown, name: string): boolean | undefined => {
  if (!Array.isArray(options)) return undefined;
  const found = options.find(
    (option: Readonly<Record<string, unknown>>) =>
      String(option['name'] ?? option['key'] ?? '').toLowerCase() === name.toLowerCase(),
  ) as Readonly<Record<string, unknown>> | undefined;
  return found === undefined ? undefined : String(found['value']).toLowerCase() === 'true';
};

/** Asks one node after the other until one answers. */
export const askOverHttp: AskServer = async (address, path, credentials) => {
  for (const { host, port } of address.hosts) {
    const answer = await askNode(address, { host, port }, path, credentials);
    if (answer !== undefined) return answer;
  }
  return undefined;
};

const askNode = (
  { tls, verifies, caFile }: EventStoreAddress,
  node: { readonly host: string; readonly port: number },
  path: string,
  credentials: Parameters<AskServer>[2],
): Promise<unknown> =>
  new Promise((resolve) => {
    const options: RequestOptions & { ca?: Buffer; rejectUnauthorized?: boolean } = {
      ...node,
      path,
      timeout: httpTimeout,
      agent: false,
      headers: { accept: 'application/json' },
      rejectUnauthorized: verifies,
      ...(credentials === undefined ? {} : { auth: `${credentials.user}:${credentials.password}` }),
      ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    };
    const nothing = (): void => {
      resolve(undefined);
    };
    const asked = (tls ? requestSecure : requestPlain)(options, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          text += chunk;
        })
        .on('error', nothing)
        .on('end', () => {
          if (response.statusCode !== 200) {
            nothing();
            return;
          }
          try {
            resolve(JSON.parse(text));
          } catch {
            nothing();
          }
        });
    });
    asked
      .on('error', nothing)
      .on('timeout', () => {
        asked.destroy();
        nothing();
      })
      .end();
  });
