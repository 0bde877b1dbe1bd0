import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { tokenVerifier, type VerifyToken } from '#server/identity/access-token.js';
import { keySetBytesMax, KeySetFileError, keysFromFile, keysFromUrl, parseKeySet } from '#server/identity/key-set.js';
import { audience, Edge, issuer, type Answer } from './edge.js';
import { forgeries, goodClaims, nearlyForgeries, type Keys } from './forgeries.js';
import { SocketClient } from './socket-client.js';

const ask = { query: '{ me { party } }' };

describe('tokens and a log whose clock was ahead once', () => {
  it('are judged by the wall clock, in good tokens and in those that have ended', async () => {
    const clock = { now: () => '2036-03-02T04:00:00.000Z' as Instant };
    const edge = await Edge.open({ parts: { clock, wallClock: systemClock } });
    const now = Math.floor(Date.now() / 1_000);
    expect((await edge.post(ask, { token: await edge.token() })).json.data).toEqual({ me: { party: 'dealer-a' } });
    const ended = await edge.post(ask, { token: await edge.token({ iat: now - 700, exp: now - 100 }) });
    expect(ended.json.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    await edge.close();
  });
});

describe('A5 forged tokens', () => {
  let edge: Edge;
  let keys: Keys;
  let refused = 0;
  beforeAll(async () => {
    edge = await Edge.open({ limits: { headerBytesMax: 65_536, socketsUnknownMax: 1_000 } });
    const { x, crv, kty } = await exportJWK(edge.key);
    keys = {
      good: edge.key,
      goodPublic: (await importJWK({ x: x!, crv: crv!, kty: kty! }, 'EdDSA', { extractable: true })) as CryptoKey,
    };
  });
  afterAll(async () => {
    console.log(`A5: ${forgeries.length} forgeries over HTTP and WebSocket, ${refused} times refused`);
    await edge.close();
  });

  const enter = async (token: string): Promise<string> => {
    const client = await SocketClient.open(edge.port);
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await client.until(() => client.messages.length > 0).catch(() => undefined);
    const outcome = client.closed === undefined ? 'entered' : `${client.closed.code} ${client.closed.reason}`;
    client.socket.terminate();
    return outcome;
  };

  it('there are at least 60', () => {
    expect(forgeries.length).toBeGreaterThanOrEqual(60);
  });

  it.each(forgeries.map((forgery) => [forgery.name, forgery] as const))('refused: %s', async (_name, forgery) => {
    const token = await forgery.token(keys);
    const answer = await edge.fetch('/graphql', {
      method: 'POST',
      body: JSON.stringify(ask),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
    // The same words for every forgery: nobody learns which part was wrong.
    expect([answer.status, answer.text]).toEqual([
      401,
      expect.stringMatching(
        /^\{"errors":\[\{"message":"The access token is missing, invalid or expired\.","extensions":\{"code":"UNAUTHENTICATED","message":\{[^}]*\}\}\}\]\}\n?$/,
      ) as unknown,
    ]);
    expect(await enter(token)).toBe('4401 Unauthorized');
    refused += 2;
  });

  it.each(nearlyForgeries.map((forgery) => [forgery.name, forgery] as const))('let in: %s', async (_name, forgery) => {
    const token = await forgery.token(keys);
    expect((await edge.post(ask, { token })).json).toEqual({ data: { me: { party: 'dealer-a' } } });
    expect(await enter(token)).toBe('entered');
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer  ', 'bearer', 'Token abc', 'Bearer a b'])(
    'no bearer: %s',
    async (authorization) => {
      const answer: Answer = await edge.fetch('/graphql', {
        method: 'POST',
        body: JSON.stringify(ask),
        headers: { 'content-type': 'application/json', authorization },
      });
      expect(answer.status).toBe(401);
    },
  );

  it('the log says why, and never repeats a token', () => {
    const lines = edge.lines.filter((line) => line.includes('An access token was refused'));
    expect(new Set(lines.map((line) => (JSON.parse(line) as { readonly code: string }).code)).size).toBeGreaterThan(10);
    expect(edge.lines.join('')).not.toMatch(/eyJ[A-Za-z0-9_-]{8}/);
  });
});

describe('A5 a key set in a file', () => {
  it('is read again when it changes, and stays as it was while the change cannot be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baobei-jwks-'));
    const file = join(folder, 'jwks.json');
    const clock = simulatedClock('2026-03-02T00:00:00.000Z' as Instant);
    const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
    const setOf = async (...kids: readonly string[]): Promise<string> => {
      for (const kid of kids) pairs.set(kid, pairs.get(kid) ?? (await generateKeyPair('ES256', { extractable: true })));
      const keys = await Promise.all(
        kids.map(async (kid) => ({ ...(await exportJWK(pairs.get(kid)!.publicKey)), kid })),
      );
      return JSON.stringify({ keys });
    };
    const now = Date.parse(clock.now()) / 1_000;
    const token = (kid: string): Promise<string> =>
      new SignJWT({ ...goodClaims(), iat: now, exp: now + 600 })
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
        .sign(pairs.get(kid)!.privateKey);
    try {
      writeFileSync(file, await setOf('one'));
      const verify = tokenVerifier({ issuer, audience, clock, acceptsRoles: false, findKey: await keysFromFile(file) });
      await verify(await token('one'));
      writeFileSync(file, await setOf('one', 'second'));
      await verify(await token('second'));
      writeFileSync(file, '{"keys":[');
      await verify(await token('one'));
      writeFileSync(file, await setOf('second'));
      await verify(await token('second'));
      await expect(verify(await token('one'))).rejects.toMatchObject({ name: 'TokenRefusedError' });
      writeFileSync(file, '{}');
      await expect(keysFromFile(file)).rejects.toBeInstanceOf(KeySetFileError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('A5 the key set of the issuer', () => {
  const start = '2026-03-02T00:00:00.000Z' as Instant;
  const world = async () => {
    const clock = simulatedClock(start);
    const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
    const published = new Map<string, JWK>();
    let fetches = 0;
    let serve: () => Promise<string> = async () => JSON.stringify({ keys: [...published.values()] });
    const verify: VerifyToken = tokenVerifier({
      issuer,
      audience,
      clock,
      acceptsRoles: false,
      findKey: keysFromUrl(new URL('https://issuer.example/jwks'), {
        clock,
        fetchKeySet: async () => {
          fetches += 1;
          return serve();
        },
      }),
    });
    const publish = async (kid: string): Promise<void> => {
      const pair = await generateKeyPair('ES256', { extractable: true });
      pairs.set(kid, pair);
      published.set(kid, { ...(await exportJWK(pair.publicKey)), kid, use: 'sig', alg: 'ES256' });
    };
    const token = (kid: string, signer = kid): Promise<string> => {
      const now = Date.parse(clock.now()) / 1_000;
      return new SignJWT({ ...goodClaims(), iat: now, exp: now + 600 })
        .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
        .sign(pairs.get(signer)!.privateKey);
    };
    await publish('one');
    return {
      clock,
      published,
      publish,
      token,
      verify,
      fetches: () => fetches,
      answer: (next: () => Promise<string>) => {
        serve = next;
      },
      down: () => {
        serve = async () => {
          throw new Error('down');
        };
      },
    };
  };

  it('a new key is fetched when a token names it; nobody is refused while keys rotate', async () => {
    const { clock, publish, published, token, verify, fetches } = await world();
    await verify(await token('one'));
    await clock.advance(31_000);
    await publish('two');
    const both = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => verify(await token(index % 2 === 0 ? 'one' : 'two'))),
    );
    expect(both.length).toBe(50);
    expect(fetches()).toBe(2);
    await clock.advance(31_000);
    published.delete('one');
    await verify(await token('two'));
    expect(fetches()).toBe(2);
  });

  it('1,000 unknown key ids cause one fetch in 30 seconds', async () => {
    const { clock, token, verify, fetches } = await world();
    await verify(await token('one'));
    for (const round of [1, 2, 3]) {
      await clock.advance(30_000);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 1_000 }, async (_, index) => verify(await token(`unknown-${round}-${index}`, 'one'))),
      );
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      expect(fetches()).toBe(1 + round);
    }
    await verify(await token('one'));
  });

  it('an issuer that is down locks nobody out whose key was known', async () => {
    const { clock, token, verify, down, fetches } = await world();
    await verify(await token('one'));
    down();
    for (let hour = 0; hour < 24; hour += 1) {
      await clock.advance(3_600_000);
      await verify(await token('one'));
    }
    expect(fetches()).toBeGreaterThan(20);
    await expect(verify(await token('two', 'one'))).rejects.toMatchObject({ name: 'TokenRefusedError' });
  });

  it('an issuer that was down at the start is found later', async () => {
    const { clock, token, verify, down, answer, published, fetches } = await world();
    down();
    for (let attempt = 0; attempt < 100; attempt += 1)
      await expect(verify(await token('one'))).rejects.toMatchObject({ name: 'TokenRefusedError' });
    expect(fetches()).toBe(1);
    answer(async () => JSON.stringify({ keys: [...published.values()] }));
    await clock.advance(30_000);
    await verify(await token('one'));
  });

  it.each([
    ['no JSON', '<html>'],
    ['an empty set', '{"keys":[]}'],
    ['a symmetric key', '{"keys":[{"kty":"oct","kid":"one","k":"c2VjcmV0"}]}'],
    ['keys without ids', '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}'],
    ['too many bytes', ' '.repeat(keySetBytesMax + 1)],
    ['33 keys', JSON.stringify({ keys: Array.from({ length: 33 }, (_, kid) => ({ kty: 'OKP', kid: String(kid) })) })],
    ['a private key', '{"keys":[{"kty":"OKP","kid":"one","d":"AAAA"}]}'],
    ['null', 'null'],
  ])('a poisoned set changes nothing: %s', async (_name, text) => {
    const { clock, token, verify, answer } = await world();
    await verify(await token('one'));
    answer(async () => text);
    await clock.advance(700_000);
    await verify(await token('one'));
    await verify(await token('one'));
    expect(() => parseKeySet(text)).toThrow(/key|JSON/);
  });
});
