import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { Edge } from '#test/security/edge.js';
import { developmentIssuer } from '#installation/configuration.js';
import { developmentKeys, mintDevelopmentToken } from './development-issuer.js';
import { tokenVerifier } from './identity/access-token.js';

describe('the development issuer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baobei-issuer-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const mint = (party: string) =>
    mintDevelopmentToken({
      dataFolder: folder,
      audience: 'baobei:default',
      party: party as PartyId,
      roles: ['administrator'],
      clock: systemClock,
    });

  it('server and command line may both be first: one key, readable by its owner alone', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => mint(`party-${index}`)));
    const verify = tokenVerifier({
      issuer: developmentIssuer,
      audience: 'baobei:default',
      clock: systemClock,
      acceptsRoles: true,
      findKey: await developmentKeys(folder),
    });
    for (const token of tokens) expect((await verify(token)).developmentRoles).toEqual(['administrator']);
    expect(await readdir(join(folder, 'dev-issuer'))).toEqual(['private.jwk.json']);
    expect(((await stat(join(folder, 'dev-issuer', 'private.jwk.json'))).mode & 0o777).toString(8)).toBe('600');
    expect(JSON.parse(await readFile(join(folder, 'dev-issuer', 'private.jwk.json'), 'utf8'))).toMatchObject({
      kty: 'OKP',
      crv: 'Ed25519',
    });
  });

  it('its roles are believed by a development server, and its tokens by no production server', async () => {
    const development = await Edge.open({
      settings: { NODE_ENV: 'development', AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_JWKS_FILE: '' },
    });
    const production = await Edge.open();
    try {
      const token = await mintDevelopmentToken({
        dataFolder: development.configuration.dataFolder,
        audience: 'baobei:default',
        party: 'first' as PartyId,
        roles: ['administrator'],
        clock: systemClock,
      });
      const query = { query: '{ me { party roles { role program } } }' };
      expect((await development.post(query, { token })).json).toEqual({
        data: { me: { party: 'first', roles: [{ role: 'administrator', program: null }] } },
      });
      expect((await production.post(query, { token })).status).toBe(401);
    } finally {
      await Promise.all([development.close(), production.close()]);
    }
  });

  it('a token of another organisation on the same machine is refused', async () => {
    const verify = tokenVerifier({
      issuer: developmentIssuer,
      audience: 'baobei:other',
      clock: systemClock,
      acceptsRoles: true,
      findKey: await developmentKeys(folder),
    });
    await expect(verify(await mint('a'))).rejects.toMatchObject({
      name: 'TokenRefusedError',
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    });
  });
});
