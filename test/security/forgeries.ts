import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWTHeaderParameters } from 'jose';
import { audience, issuer } from './edge.js';

export interface Keys {
  readonly good: CryptoKey;
  readonly goodPublic: CryptoKey;
}
export interface Forgery {
  readonly name: string;
  readonly token: (keys: Keys) => Promise<string> | string;
}

const b64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
export const goodClaims = () => ({
  iss: issuer,
  aud: audience,
  sub: 'user-1',
  party: 'dealer-a',
  iat: nowSeconds(),
  exp: nowSeconds() + 600,
});
const goodHeader: JWTHeaderParameters = { alg: 'EdDSA', kid: 'main', typ: 'at+jwt' };

/** Signed by the good key, with claims or a header that are not. `undefined` takes a claim away. */
const signed =
  (claims: object = {}, header: object = {}) =>
  async ({ good }: Keys): Promise<string> => {
    const given = Object.fromEntries(
      Object.entries({ ...goodClaims(), ...claims }).filter(([, value]) => value !== undefined),
    );
    const headers = Object.fromEntries(
      Object.entries({ ...goodHeader, ...header }).filter(([, value]) => value !== undefined),
    ) as unknown as JWTHeaderParameters;
    return new SignJWT(given).setProtectedHeader(headers).sign(good, { crit: { 'urn:example': true } });
  };
/** The parts as they are, signed by the good key however wrong they are. */
const raw =
  (header: string, payload: string) =>
  async ({ good }: Keys): Promise<string> => {
    const input = `${b64(header)}.${b64(payload)}`;
    const bytes = await crypto.subtle.sign('Ed25519', good, Buffer.from(input));
    return `${input}.${Buffer.from(bytes).toString('base64url')}`;
  };
const unsigned = (header: object, payload: object = goodClaims(), signature = ''): string =>
  `${b64(header)}.${b64(payload)}.${signature}`;
const stranger = async (alg: string, header: object = {}): Promise<string> => {
  const { privateKey } = await generateKeyPair(alg);
  return new SignJWT(goodClaims())
    .setProtectedHeader({ ...goodHeader, alg, ...header } as JWTHeaderParameters)
    .sign(privateKey);
};
const changed =
  (change: (parts: readonly [string, string, string]) => string) =>
  async (keys: Keys): Promise<string> =>
    change((await signed()(keys)).split('.') as unknown as readonly [string, string, string]);
const hmac = (secret: string | Buffer, alg = 'HS256'): string => {
  const input = `${b64({ ...goodHeader, alg })}.${b64(goodClaims())}`;
  return `${input}.${createHmac(alg.replace('HS', 'sha'), secret).update(input).digest('base64url')}`;
};

const algorithmForgeries: readonly Forgery[] = [
  ...['none', 'None', 'NONE', 'nOnE'].map((alg) => ({
    name: `alg ${alg} without a signature`,
    token: () => unsigned({ ...goodHeader, alg }),
  })),
  {
    name: 'alg none with the good signature',
    token: changed(([, payload, signature]) => `${b64({ ...goodHeader, alg: 'none' })}.${payload}.${signature}`),
  },
  { name: 'no alg', token: () => unsigned({ kid: 'main', typ: 'at+jwt' }, goodClaims(), 'AAAA') },
  { name: 'alg that is no text', token: () => unsigned({ ...goodHeader, alg: 1 }, goodClaims(), 'AAAA') },
  ...['HS256', 'HS384', 'HS512'].map((alg) => ({
    name: `${alg} with the public key as secret`,
    token: async ({ goodPublic }: Keys) => hmac(await exportSPKI(goodPublic), alg),
  })),
  { name: 'HS256 with an empty secret', token: () => hmac('') },
  {
    name: 'HS256 with the raw public key',
    token: async ({ goodPublic }) => hmac(Buffer.from(await crypto.subtle.exportKey('raw', goodPublic))),
  },
  ...['PS256', 'RS512', 'ES384'].map((alg) => ({
    name: `${alg}, which is not on the list`,
    token: () => stranger(alg),
  })),
  {
    name: 'header says RS256, signature is EdDSA',
    token: changed(([, payload, signature]) => `${b64({ ...goodHeader, alg: 'RS256' })}.${payload}.${signature}`),
  },
];

const keyForgeries: readonly Forgery[] = [
  ...['EdDSA', 'ES256', 'RS256'].map((alg) => ({
    name: `${alg} by a stranger under our key id`,
    token: () => stranger(alg),
  })),
  { name: 'no key id', token: signed({}, { kid: undefined }) },
  { name: 'an unknown key id', token: signed({}, { kid: 'other' }) },
  { name: 'an empty key id', token: signed({}, { kid: '' }) },
  { name: 'a key id that is a path', token: signed({}, { kid: '../../../dev/null' }) },
  { name: 'a key id that is SQL', token: signed({}, { kid: "main' OR '1'='1" }) },
  { name: 'a key id of 10,000 characters', token: signed({}, { kid: 'k'.repeat(5_000) }) },
  {
    name: 'brings its own key (jwk)',
    token: async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const input = `${b64({ ...goodHeader, jwk: publicKey.export({ format: 'jwk' }) })}.${b64(goodClaims())}`;
      return `${input}.${signBytes(null, Buffer.from(input), privateKey).toString('base64url')}`;
    },
  },
  { name: 'says where its key is (jku)', token: signed({}, { jku: 'https://evil.example/jwks.json' }) },
  { name: 'says where its certificate is (x5u)', token: signed({}, { x5u: 'https://evil.example/cert.pem' }) },
  { name: 'brings a certificate (x5c)', token: signed({}, { x5c: ['MIIB'] }) },
  { name: 'a thumbprint that is none', token: signed({}, { x5t: 'https://evil.example' }) },
  { name: 'an extension marked critical', token: signed({}, { crit: ['urn:example'], 'urn:example': true }) },
  { name: 'compressed', token: signed({}, { zip: 'DEF' }) },
];

const claimForgeries: readonly Forgery[] = [
  ...[
    ['another issuer', 'https://evil.example'],
    ['our issuer with a slash', `${issuer}/`],
    ['our issuer in capitals', issuer.toUpperCase()],
    ['two issuers', [issuer, 'https://evil.example']],
    ['no issuer', undefined],
    ['an empty issuer', ''],
  ].map(([name, iss]) => ({ name: String(name), token: signed({ iss }) })),
  ...[
    ['another audience', 'other'],
    ['our audience as a part', `${audience}-x`],
    ['audiences without ours', ['a', 'b']],
    ['no audience', undefined],
    ['an audience that is no text', { a: audience }],
    ['an empty list of audiences', []],
  ].map(([name, aud]) => ({ name: String(name), token: signed({ aud }) })),
  { name: 'an ID token used as access token', token: signed({ nonce: 'n', at_hash: 'h' }, { typ: 'JWT' }) },
  { name: 'an ID token without a typ', token: signed({ nonce: 'n' }, { typ: undefined }) },
  { name: 'a logout token that calls itself JWT', token: signed({ events: {} }, { typ: 'JWT' }) },
  { name: 'a logout token', token: signed({}, { typ: 'logout+jwt' }) },
  { name: 'typ that is no text', token: signed({}, { typ: 1 }) },
  { name: 'no subject', token: signed({ sub: undefined }) },
  { name: 'an empty subject', token: signed({ sub: '' }) },
  {
    name: 'a subject that is no text',
    token: raw(JSON.stringify(goodHeader), JSON.stringify({ ...goodClaims(), sub: { $ne: null } })),
  },
  { name: 'no party', token: signed({ party: undefined }) },
  { name: 'a party that is a pattern', token: signed({ party: '*' }) },
  { name: 'a party that is an operator', token: signed({ party: { $ne: null } }) },
  { name: 'a party list', token: signed({ party: ['dealer-a', 'dealer-b'] }) },
  { name: 'a party with a line break', token: signed({ party: 'dealer-a\nadministrator' }) },
  { name: 'a party of 129 characters', token: signed({ party: 'a'.repeat(129) }) },
  { name: 'a party called __proto__', token: signed({ party: '__proto__' }) },
];

const timeForgeries: readonly Forgery[] = [
  { name: 'ended 31 seconds ago', token: (keys) => signed({ iat: nowSeconds() - 600, exp: nowSeconds() - 31 })(keys) },
  { name: 'no end', token: signed({ exp: undefined }) },
  { name: 'an end that is text', token: signed({ exp: '9999999999' }) },
  { name: 'an end that is null', token: signed({ exp: null }) },
  { name: 'an end beyond all calendars', token: signed({ exp: 1e18 }) },
  {
    name: 'an end of 1e400',
    token: raw(JSON.stringify(goodHeader), JSON.stringify(goodClaims()).replace(/"exp":\d+/, '"exp":1e400')),
  },
  { name: 'a negative end', token: signed({ exp: -1 }) },
  { name: 'lives two days', token: (keys) => signed({ exp: nowSeconds() + 2 * 86_400 })(keys) },
  { name: 'begins in a minute', token: (keys) => signed({ nbf: nowSeconds() + 60 })(keys) },
  { name: 'a beginning that is text', token: signed({ nbf: 'now' }) },
  { name: 'issued in a minute', token: (keys) => signed({ iat: nowSeconds() + 60, exp: nowSeconds() + 120 })(keys) },
  { name: 'never issued', token: signed({ iat: undefined }) },
  {
    name: 'ended before it was issued',
    token: (keys) => signed({ iat: nowSeconds() + 20, exp: nowSeconds() + 10 })(keys),
  },
  { name: 'issued as text', token: signed({ iat: '1' }) },
];

const shapeForgeries: readonly Forgery[] = [
  { name: 'not a token', token: () => 'abc' },
  { name: 'two parts', token: changed(([header, payload]) => `${header}.${payload}`) },
  { name: 'four parts', token: changed((parts) => `${parts.join('.')}.x`) },
  { name: 'five parts (encrypted)', token: () => 'a.b.c.d.e' },
  { name: 'empty parts', token: () => '..' },
  { name: 'no signature', token: changed(([header, payload]) => `${header}.${payload}.`) },
  {
    name: 'a signature with one bit flipped',
    token: changed(
      ([header, payload, signature]) =>
        `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    ),
  },
  {
    name: 'a signature cut short',
    token: changed(([header, payload, signature]) => `${header}.${payload}.${signature.slice(0, 40)}`),
  },
  {
    name: 'another payload under a good signature',
    token: changed(([header, , signature]) => `${header}.${b64({ ...goodClaims(), party: 'rival' })}.${signature}`),
  },
  { name: 'padding at the end', token: changed((parts) => `${parts.join('.')}==`) },
  {
    name: 'base64 instead of base64url',
    token: changed(([header, payload, signature]) => `${header}.${payload}.${signature.slice(0, -2)}+/`),
  },
  {
    name: 'unused bits in the last character',
    token: changed(
      ([header, payload, signature]) =>
        `${header}.${payload}.${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)}`,
    ),
  },
  {
    name: 'party named twice',
    token: raw(JSON.stringify(goodHeader), JSON.stringify(goodClaims()).replace('"party"', '"party":"rival","party"')),
  },
  {
    name: 'party named twice, once escaped',
    token: raw(
      JSON.stringify(goodHeader),
      JSON.stringify(goodClaims()).replace('"party"', '"\\u0070arty":"rival","party"'),
    ),
  },
  {
    name: 'alg named twice',
    token: raw('{"alg":"none","alg":"EdDSA","kid":"main","typ":"at+jwt"}', JSON.stringify(goodClaims())),
  },
  { name: 'a header that is no JSON', token: raw('{', JSON.stringify(goodClaims())) },
  { name: 'a payload that is no JSON', token: raw(JSON.stringify(goodHeader), 'party=dealer-a') },
  { name: 'a payload that is a list', token: raw(JSON.stringify(goodHeader), '[]') },
  { name: 'a payload that is null', token: raw(JSON.stringify(goodHeader), 'null') },
  {
    name: 'a payload nested 1,000 deep',
    token: raw(JSON.stringify(goodHeader), `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`),
  },
  {
    name: 'a payload with a prototype',
    token: raw(JSON.stringify(goodHeader), `{"__proto__":${JSON.stringify(goodClaims())}}`),
  },
  { name: 'a good token of 8,193 bytes', token: signed({ padding: 'x'.repeat(8_000) }) },
  { name: 'a token of 12,000 bytes', token: () => 'a.'.repeat(6_000) },
];

export const forgeries: readonly Forgery[] = [
  ...algorithmForgeries,
  ...keyForgeries,
  ...claimForgeries,
  ...timeForgeries,
  ...shapeForgeries,
];
/** Just inside the limits: these must pass, or the forgeries above prove nothing. */
export const nearlyForgeries: readonly Forgery[] = [
  { name: 'ended 20 seconds ago', token: (keys) => signed({ iat: nowSeconds() - 600, exp: nowSeconds() - 20 })(keys) },
  { name: 'issued in 20 seconds', token: (keys) => signed({ iat: nowSeconds() + 20 })(keys) },
  { name: 'begins in 20 seconds', token: (keys) => signed({ nbf: nowSeconds() + 20 })(keys) },
  { name: 'several audiences, ours among them', token: signed({ aud: ['other', audience] }) },
  { name: 'typ JWT, as most providers send it', token: signed({}, { typ: 'JWT' }) },
  { name: 'no typ', token: signed({}, { typ: undefined }) },
  { name: 'a thumbprint of the key (x5t)', token: signed({}, { x5t: 'nOo3ZDrODXEK1jKWhXslHR_KXEg' }) },
  { name: 'typ in its long form', token: signed({}, { typ: 'application/at+jwt' }) },
  { name: 'lives one day', token: (keys) => signed({ exp: nowSeconds() + 86_400 })(keys) },
];
