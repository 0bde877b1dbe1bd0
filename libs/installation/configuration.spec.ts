import { ConfigurationError, readConfiguration, settings } from './configuration.js';

const production = {
  NODE_ENV: 'production',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'baobei',
  AUTH_JWKS_URL: 'https://issuer.example/jwks',
};

/** For each setting, values that are wrong whatever else is set. */
const wrong: Readonly<Record<keyof typeof settings, readonly string[]>> = {
  NODE_ENV: ['prod', 'PRODUCTION', 'Development', 'staging', 'dev', '1', 'production;'],
  HOST: ['a b', 'http://localhost', '127.0.0.1/', '\u0000', 'a_b', 'x'.repeat(254), '*', 'host:80/path'],
  PORT: [
    '-1',
    '65536',
    '99999',
    '4000.5',
    '0x10',
    '1e3',
    'http',
    '4000 ',
    ' ',
    '4,000',
    '４０００',
    '+80',
    'NaN',
    'Infinity',
    '123456',
  ].filter((text) => text.trim() !== '' && text.trim() === text),
  DATA_DIR: ['a\u0000b', 'x'.repeat(4_097)],
  STORAGE: ['sqlite', 'Embedded', 'eventstore', 'none', 'memory,embedded', 'mongodb', ':memory:'],
  EVENTSTOREDB_URL: [
    '127.0.0.1:2113',
    'http://127.0.0.1:2113',
    'esdb:127.0.0.1',
    'esdb+find://a',
    'tcp://a:1113',
    'mongodb://a',
  ],
  MONGODB_URL: ['127.0.0.1:27017', 'http://127.0.0.1', 'mongo://a', 'mongodb:a', 'esdb://a'],
  MONGODB_KEYS_URL: ['127.0.0.1:27017', 'http://127.0.0.1', 'mongo://a', 'mongodb:a'],
  SERVER_URL: ['10.0.0.5:4001', 'tcp://10.0.0.5:4001', 'a b', '//10.0.0.5', 'http://', 'file:///etc'],
  PEER_HOST: ['a b', 'http://localhost', '127.0.0.1/', '*'],
  PEER_PORT: ['-1', '65536', '0x10', 'http', '4001.5'],
  METRICS_HOST: ['a b', 'http://localhost', '127.0.0.1/', '*'],
  METRICS_PORT: ['-1', '65536', '0x10', 'http', '9464.5'],
  ORGANISATION: ['A', 'a b', '-a', 'a/b', '../a', 'x'.repeat(41), '组织', 'a.b', 'a\nb', 'a$'],
  TIME_ZONE: ['Beijing', 'Asia/Shangai', 'GMT+8:00:00', '+25:00', 'local', 'Asia/Shanghai;', 'x'.repeat(65), '中国'],
  AUTH_ISSUER: ['x'.repeat(513)],
  AUTH_AUDIENCE: ['x'.repeat(513)],
  AUTH_JWKS_URL: [
    'issuer.example',
    'http://issuer.example/jwks',
    'ftp://issuer.example',
    'file:///etc/passwd',
    'https://user:pass@issuer.example',
    'https://',
    'javascript:1',
    'https//issuer',
    'http://127.0.0.1.evil.example',
    '//issuer.example',
  ],
  AUTH_JWKS_FILE: ['a\u0000b', 'x'.repeat(4_097)],
  ALLOWED_ORIGINS: [
    '*',
    'console.example',
    'https://console.example/',
    'https://console.example/path',
    'https://console.example, *',
    'null',
    'file://',
    'https://*.example',
    'HTTPS://CONSOLE.EXAMPLE',
    'https://console.example:443',
    Array.from({ length: 51 }, (_, index) => `https://a${index}.example`).join(),
  ],
  INTROSPECTION: ['yes', 'ON', 'enabled', '2', 'tru'],
  GRAPHIQL: ['yes', 'No', 'enabled', '-1', 'fals'],
  LOG_LEVEL: ['verbose', 'INFO', 'trace', 'warning', '30', 'all'],
};

/** Combinations that are refused though each setting is right. */
const unsafe: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["production without an issuer's keys", { NODE_ENV: 'production' }],
  ['production with the development issuer', { NODE_ENV: 'production', AUTH_ISSUER: 'urn:baobei:development' }],
  ["the development issuer's name over other keys", { ...production, AUTH_ISSUER: 'urn:baobei:development' }],
  [
    "the development issuer's own file",
    {
      NODE_ENV: 'production',
      AUTH_ISSUER: 'https://a.example',
      AUTH_AUDIENCE: 'a',
      AUTH_JWKS_FILE: './data/dev-issuer/private.jwk.json',
    },
  ],
  ['keys without an issuer', { AUTH_JWKS_URL: 'https://issuer.example/jwks', AUTH_AUDIENCE: 'a' }],
  ['keys without an audience', { AUTH_JWKS_URL: 'https://issuer.example/jwks', AUTH_ISSUER: 'https://issuer.example' }],
  ['an issuer without keys', { AUTH_ISSUER: 'https://issuer.example' }],
  ['two places for keys', { ...production, AUTH_JWKS_FILE: './jwks.json' }],
  ['production that keeps nothing', { ...production, STORAGE: 'memory' }],
  ['production with an unencrypted origin', { ...production, ALLOWED_ORIGINS: 'http://console.example' }],
  ['production with unencrypted keys', { ...production, AUTH_JWKS_URL: 'http://localhost/jwks' }],
  ['several servers without their journal', { STORAGE: 'eventstoredb-mongodb', MONGODB_URL: 'mongodb://a' }],
  ['several servers without their read models', { STORAGE: 'eventstoredb-mongodb', EVENTSTOREDB_URL: 'esdb://a' }],
  ['an address that nobody would use', { EVENTSTOREDB_URL: 'esdb://a' }],
  ['production, keys without an audience', { ...production, AUTH_AUDIENCE: '' }],
];

const sentencesOf = (environment: Readonly<Record<string, string>>): readonly string[] => {
  try {
    readConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.sentences;
    throw error;
  }
};

describe('O6 wrong settings are caught at the start', () => {
  let tried = 0;
  afterAll(() => {
    console.log(`O6: ${tried} wrong environments, each with a sentence that names its cure`);
  });
  const bases: readonly Readonly<Record<string, string>>[] = [{}, production, { NODE_ENV: 'test' }];

  it.each(Object.keys(settings) as (keyof typeof settings)[])('%s', (name) => {
    for (const value of wrong[name]) {
      for (const base of bases) {
        const sentences = sentencesOf({ ...base, [name]: value });
        tried += 1;
        expect([value.slice(0, 40), sentences]).toEqual([
          value.slice(0, 40),
          [expect.stringMatching(new RegExp(`^${name} .*\\p{Script=Han}.*。 / ${name} is .*\\.$`, 'u')) as unknown],
        ]);
        // A secret in the wrong place is not printed.
        expect(value.length > 12 && !settings[name].en.includes(value) && sentences.join('').includes(value)).toBe(
          false,
        );
      }
    }
  });

  it.each(unsafe)('%s', (_name, environment) => {
    tried += 1;
    const sentences = sentencesOf(environment);
    expect(sentences.length).toBeGreaterThan(0);
    for (const sentence of sentences) expect(sentence).toMatch(/^[^\n]*\p{Script=Han}[^\n]*。 \/ [A-Z][^\n]*\.$/u);
  });

  it('several wrong settings are told at once', () => {
    expect(sentencesOf({ PORT: 'x', HOST: 'a b', LOG_LEVEL: 'all' }).length).toBe(3);
  });

  it('at least 200 are tried', () => {
    expect(tried).toBeGreaterThanOrEqual(200);
  });
});

describe('right settings', () => {
  it('nothing set: a development server on this machine alone, that signs its own tokens', () => {
    expect(readConfiguration({})).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      port: 4000,
      storage: 'embedded',
      organisation: 'default',
      timeZone: 'Asia/Shanghai',
      introspection: true,
      graphiql: true,
      identity: { issuer: 'urn:baobei:development', audience: 'baobei:default', keys: { kind: 'development' } },
    });
  });
  it('production: no introspection, no GraphiQL, tokens of the issuer that was named', () => {
    expect(
      readConfiguration({ ...production, ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443' }),
    ).toMatchObject({
      environment: 'production',
      introspection: false,
      graphiql: false,
      allowedOrigins: ['https://a.example', 'https://b.example:8443'],
      identity: { issuer: 'https://issuer.example', audience: 'baobei', keys: { kind: 'url' } },
    });
  });
  it('an empty setting counts as absent', () => {
    expect(readConfiguration({ PORT: '', HOST: '  ' })).toMatchObject({ port: 4000, host: '127.0.0.1' });
  });
});
