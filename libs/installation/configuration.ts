import { resolve } from 'node:path';
import { z } from 'zod';

export const environments = ['development', 'test', 'production'] as const;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

/** The issuer whose private key lies in the data folder: good for trying things out, refused in production. */
export const developmentIssuer = 'urn:baobei:development';

/** Where the keys come from that access tokens are signed with. */
export type KeySource =
  | { readonly kind: 'development'; readonly dataFolder: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL };

export interface Configuration {
  readonly environment: (typeof environments)[number];
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute. */
  readonly dataFolder: string;
  readonly storage: 'embedded' | 'memory' | 'eventstoredb-mongodb';
  /** Given with `eventstoredb-mongodb`. The addresses may hold passwords: never logged. */
  readonly cluster?: ClusterSettings;
  readonly organisation: string;
  /** IANA name: the zone in which dates are read where a policy names none. */
  readonly timeZone: string;
  readonly identity: { readonly issuer: string; readonly audience: string; readonly keys: KeySource };
  /**
   * Web pages that may open a WebSocket here or call from a browser, as `https://host[:port]`. Pages of this server
   * itself always may.
   */
  readonly allowedOrigins: readonly string[];
  readonly introspection: boolean;
  readonly graphiql: boolean;
  readonly logLevel: (typeof logLevels)[number];
  /** Where `GET /metrics` is answered, apart from everything else; nowhere when absent. */
  readonly metrics?: { readonly host: string; readonly port: number };
}

export interface ClusterSettings {
  readonly eventStoreUrl: string;
  readonly mongoUrl: string;
  readonly mongoKeysUrl: string;
  /** Where the other servers reach this one. */
  readonly serverUrl?: string;
  readonly peerHost: string;
  readonly peerPort: number;
}

/**
 * One sentence for each wrong setting, in both languages; never repeats a value, because a secret may stand in the
 * wrong place.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly sentences: readonly string[]) {
    super(sentences.join('\n'));
  }
}

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
const isOrigin = (text: string): boolean =>
  URL.canParse(text) && new URL(text).origin === text && /^https?:\/\/[^*]+$/.test(text);
const isHost = (text: string): boolean => /^[A-Za-z0-9.:-]{1,253}$/.test(text);
const onThisMachine = (url: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

const path = z
  .string()
  .min(1)
  .max(4_096)
  .refine((text) => !text.includes('\0'));
const onOrOff = z
  .enum(['on', 'off', 'true', 'false', '1', '0'])
  .transform((text) => ['on', 'true', '1'].includes(text));
const origins = z
  .string()
  .max(4_096)
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(z.string().refine(isOrigin)).max(50));

interface Setting<T> {
  readonly read: z.ZodType<T, string | undefined>;
  readonly en: string;
  readonly zh: string;
}
const setting = <T>(read: z.ZodType<T, string | undefined>, en: string, zh: string): Setting<T> => ({ read, en, zh });

/** Every setting, what it may be, and the sentence that says so. */
export const settings = {
  NODE_ENV: setting(
    z.enum(environments).default('development'),
    'is one of development, test, production',
    '只能是 development、test、production 之一',
  ),
  HOST: setting(
    z.string().refine(isHost).default('127.0.0.1'),
    'is a host name or an address to listen on',
    '须为监听的主机名或地址',
  ),
  PORT: setting(
    z
      .string()
      .regex(/^\d{1,5}$/)
      .default('4000')
      .transform(Number)
      .pipe(z.number().max(65_535)),
    'is a whole number from 0 to 65535',
    '须为 0 到 65535 的整数',
  ),
  DATA_DIR: setting(
    path.default('./data').transform((text) => resolve(text)),
    'is a folder',
    '须为一个文件夹路径',
  ),
  STORAGE: setting(
    z.enum(['embedded', 'memory', 'eventstoredb-mongodb']).default('embedded'),
    'is one of embedded, memory, eventstoredb-mongodb',
    '只能是 embedded、memory、eventstoredb-mongodb 之一',
  ),
  EVENTSTOREDB_URL: setting(
    z
      .string()
      .max(4_096)
      .regex(/^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\/./)
      .optional(),
    'is an address such as esdb://user:password@host:2113?tls=true',
    '应形如 esdb://用户:密码@主机:2113?tls=true',
  ),
  MONGODB_URL: setting(
    z
      .string()
      .max(4_096)
      .regex(/^mongodb(\+srv)?:\/\/./)
      .optional(),
    'is an address such as mongodb://user:password@host:27017/?replicaSet=rs0',
    '应形如 mongodb://用户:密码@主机:27017/?replicaSet=rs0',
  ),
  MONGODB_KEYS_URL: setting(
    z
      .string()
      .max(4_096)
      .regex(/^mongodb(\+srv)?:\/\/./)
      .optional(),
    'is an address such as mongodb://user:password@host:27017/?replicaSet=rs0',
    '应形如 mongodb://用户:密码@主机:27017/?replicaSet=rs0',
  ),
  SERVER_URL: setting(
    z
      .string()
      .max(2_048)
      .refine((text) => /^https?:\/\/[^/]/.test(text) && URL.canParse(text))
      .optional(),
    'is the address at which the other servers reach PEER_PORT, such as http://10.0.0.5:4001',
    '须为其他服务器访问本机 PEER_PORT 的地址，例如 http://10.0.0.5:4001',
  ),
  PEER_HOST: setting(
    z.string().refine(isHost).optional(),
    'is a host name or an address to listen on',
    '须为监听的主机名或地址',
  ),
  PEER_PORT: setting(
    z
      .string()
      .regex(/^\d{1,5}$/)
      .default('4001')
      .transform(Number)
      .pipe(z.number().max(65_535)),
    'is a whole number from 0 to 65535',
    '须为 0 到 65535 的整数',
  ),
  METRICS_HOST: setting(
    z.string().refine(isHost).optional(),
    'is a host name or an address to listen on',
    '须为监听的主机名或地址',
  ),
  METRICS_PORT: setting(
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .pipe(z.number().max(65_535))
      .optional(),
    'is a whole number from 0 to 65535',
    '须为 0 到 65535 的整数',
  ),
  ORGANISATION: setting(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
      .default('default'),
    'is 1 to 40 lower-case letters, digits and hyphens',
    '须为 1 到 40 个小写字母、数字或连字符',
  ),
  TIME_ZONE: setting(
    z.string().max(64).refine(isZone).default('Asia/Shanghai'),
    'is an IANA time zone such as Asia/Shanghai',
    '须为 IANA 时区名，例如 Asia/Shanghai',
  ),
  AUTH_ISSUER: setting(
    z.string().min(1).max(512).optional(),
    'is the `iss` of the access tokens, at most 512 characters',
    '须为访问令牌的 iss，最长 512 个字符',
  ),
  AUTH_AUDIENCE: setting(
    z.string().min(1).max(512).optional(),
    'is the `aud` of the access tokens, at most 512 characters',
    '须为访问令牌的 aud，最长 512 个字符',
  ),
  AUTH_JWKS_URL: setting(
    z
      .url()
      .transform((text) => new URL(text))
      .refine((url) => url.protocol === 'https:' || (url.protocol === 'http:' && onThisMachine(url)))
      .refine((url) => url.username === '' && url.password === '')
      .optional(),
    'is an https address without a password (http only on this machine)',
    '须为不带密码的 https 地址（仅本机可用 http）',
  ),
  AUTH_JWKS_FILE: setting(
    path.transform((text) => resolve(text)).optional(),
    'is a file holding a JSON Web Key Set',
    '须为存有 JSON Web Key Set 的文件',
  ),
  ALLOWED_ORIGINS: setting(
    origins.default([]),
    'is a comma-separated list of at most 50 origins such as https://console.example.com; `*` is not one',
    '须为以逗号分隔的来源列表（最多 50 个，例如 https://console.example.com），不能是 *',
  ),
  INTROSPECTION: setting(onOrOff.optional(), 'is on or off', '只能是 on 或 off'),
  GRAPHIQL: setting(onOrOff.optional(), 'is on or off', '只能是 on 或 off'),
  LOG_LEVEL: setting(
    z.enum(logLevels).default('info'),
    `is one of ${logLevels.join(', ')}`,
    `只能是 ${logLevels.join('、')} 之一`,
  ),
} as const;

type Settings = { readonly [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['read']> };

/**
 * Reads the environment. An empty setting counts as absent. Throws ConfigurationError with every wrong setting at once.
 */
export const readConfiguration = (environment: Readonly<Record<string, string | undefined>>): Configuration => {
  const sentences: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { read, en, zh }] of Object.entries<Setting<unknown>>(settings)) {
    const given = environment[name]?.trim();
    const outcome = read.safeParse(given === '' ? undefined : given);
    if (outcome.success) values[name] = outcome.data;
    else sentences.push(`${name} ${zh}。 / ${name} ${en}.`);
  }
  if (sentences.length === 0) sentences.push(...unsafe(values as unknown as Settings));
  if (sentences.length > 0) throw new ConfigurationError(sentences);
  return assemble(values as unknown as Settings);
};

const assemble = (values: Settings): Configuration => {
  const production = values.NODE_ENV === 'production';
  return {
    environment: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    dataFolder: values.DATA_DIR,
    storage: values.STORAGE,
    ...(values.STORAGE === 'eventstoredb-mongodb' ? { cluster: clusterOf(values) } : {}),
    organisation: values.ORGANISATION,
    timeZone: values.TIME_ZONE,
    identity: {
      issuer: values.AUTH_ISSUER ?? developmentIssuer,
      audience: values.AUTH_AUDIENCE ?? `baobei:${values.ORGANISATION}`,
      keys: keySource(values),
    },
    allowedOrigins: values.ALLOWED_ORIGINS,
    introspection: values.INTROSPECTION ?? !production,
    graphiql: values.GRAPHIQL ?? !production,
    logLevel: values.LOG_LEVEL,
    ...(values.METRICS_PORT === undefined
      ? {}
      : { metrics: { host: values.METRICS_HOST ?? values.HOST, port: values.METRICS_PORT } }),
  };
};

const clusterOf = (values: Settings): ClusterSettings => ({
  eventStoreUrl: values.EVENTSTOREDB_URL!,
  mongoUrl: values.MONGODB_URL!,
  mongoKeysUrl: values.MONGODB_KEYS_URL ?? values.MONGODB_URL!,
  ...(values.SERVER_URL === undefined ? {} : { serverUrl: values.SERVER_URL }),
  peerHost: values.PEER_HOST ?? values.HOST,
  peerPort: values.PEER_PORT,
});

const keySource = (values: Settings): KeySource => {
  if (values.AUTH_JWKS_URL !== undefined) return { kind: 'url', url: values.AUTH_JWKS_URL };
  if (values.AUTH_JWKS_FILE !== undefined) return { kind: 'file', path: values.AUTH_JWKS_FILE };
  return { kind: 'development', dataFolder: values.DATA_DIR };
};

/** Settings that are right one by one and wrong together. */
const unsafe = (values: Settings): readonly string[] => {
  const sentences: string[] = [];
  const wrong = (en: string, zh: string): void => {
    sentences.push(`${zh}。 / ${en}.`);
  };
  const keysGiven = values.AUTH_JWKS_URL !== undefined || values.AUTH_JWKS_FILE !== undefined;
  if (values.AUTH_JWKS_URL !== undefined && values.AUTH_JWKS_FILE !== undefined)
    wrong(
      'AUTH_JWKS_URL and AUTH_JWKS_FILE exclude each other: keep the one that holds',
      'AUTH_JWKS_URL 与 AUTH_JWKS_FILE 只能设置一个',
    );
  if (keysGiven && values.AUTH_ISSUER === undefined)
    wrong('AUTH_ISSUER must be set together with the key set', '设置密钥集时必须同时设置 AUTH_ISSUER');
  if (keysGiven && values.AUTH_AUDIENCE === undefined)
    wrong('AUTH_AUDIENCE must be set together with the key set', '设置密钥集时必须同时设置 AUTH_AUDIENCE');
  if (!keysGiven && values.AUTH_ISSUER !== undefined && values.AUTH_ISSUER !== developmentIssuer)
    wrong(
      'AUTH_ISSUER names an issuer, so its keys must be set: AUTH_JWKS_URL or AUTH_JWKS_FILE',
      '设置了 AUTH_ISSUER，就必须设置其密钥集：AUTH_JWKS_URL 或 AUTH_JWKS_FILE',
    );
  if (
    values.STORAGE === 'eventstoredb-mongodb' &&
    (values.EVENTSTOREDB_URL === undefined || values.MONGODB_URL === undefined)
  )
    wrong(
      'STORAGE=eventstoredb-mongodb needs EVENTSTOREDB_URL and MONGODB_URL',
      'STORAGE=eventstoredb-mongodb 必须同时设置 EVENTSTOREDB_URL 与 MONGODB_URL',
    );
  if (
    values.STORAGE !== 'eventstoredb-mongodb' &&
    (values.EVENTSTOREDB_URL !== undefined || values.MONGODB_URL !== undefined)
  )
    wrong(
      'EVENTSTOREDB_URL and MONGODB_URL are used with STORAGE=eventstoredb-mongodb alone: set it, or take them away',
      '只有 STORAGE=eventstoredb-mongodb 才使用 EVENTSTOREDB_URL 与 MONGODB_URL：请设置它，或去掉二者',
    );
  if (values.NODE_ENV === 'production') unsafeInProduction(values, keysGiven, wrong);
  return sentences;
};

const unsafeInProduction = (values: Settings, keysGiven: boolean, wrong: (en: string, zh: string) => void): void => {
  if (!keysGiven)
    wrong(
      'In production the keys of the token issuer must be set: AUTH_JWKS_URL or AUTH_JWKS_FILE',
      '生产环境必须设置令牌签发方的密钥集：AUTH_JWKS_URL 或 AUTH_JWKS_FILE',
    );
  if (values.AUTH_ISSUER === developmentIssuer || values.AUTH_JWKS_FILE?.includes('dev-issuer') === true)
    wrong(
      'The development issuer is refused in production: set AUTH_ISSUER and its key set',
      '生产环境不接受开发用签发方：请设置 AUTH_ISSUER 及其密钥集',
    );
  if (values.AUTH_JWKS_URL?.protocol === 'http:')
    wrong('In production AUTH_JWKS_URL must be https', '生产环境的 AUTH_JWKS_URL 必须是 https');
  if (values.STORAGE === 'memory')
    wrong(
      'STORAGE=memory forgets everything when it stops and is refused in production',
      'STORAGE=memory 停机即丢失全部内容，生产环境不接受',
    );
  if (values.ALLOWED_ORIGINS.some((origin) => origin.startsWith('http:') && !onThisMachine(new URL(origin))))
    wrong('In production every origin in ALLOWED_ORIGINS must be https', '生产环境的 ALLOWED_ORIGINS 必须全部是 https');
};
