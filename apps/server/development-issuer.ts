import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JWK,
} from 'jose';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { Role } from '#policy/roles.js';
import { developmentIssuer } from '#installation/configuration.js';
import type { FindKey } from './identity/key-set.js';

export interface DevelopmentToken {
  readonly dataFolder: string;
  /** `baobei:<organisation>` unless AUTH_AUDIENCE says otherwise. */
  readonly audience: string;
  readonly party: PartyId;
  /** `sub`; the party's id when absent. */
  readonly user?: string;
  readonly roles?: readonly Role[];
  /** Seconds; eight hours when absent, a day at most. */
  readonly ttl?: number;
  readonly clock: Clock;
}

const fileOf = (dataFolder: string): string => join(dataFolder, 'dev-issuer', 'private.jwk.json');

/**
 * The key pair of the development issuer, made on first use. Server and command line may both be first: the file
 * appears whole or not at all, once.
 */
const openKey = async (dataFolder: string): Promise<JWK> => {
  const file = fileOf(dataFolder);
  const existing = await readIfThere(file);
  if (existing !== undefined) return existing;
  await mkdir(join(dataFolder, 'dev-issuer'), { recursive: true, mode: 0o700 });
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const made = await exportJWK(privateKey);
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(
    draft,
    JSON.stringify({ ...made, alg: 'EdDSA', kid: `development-${await calculateJwkThumbprint(made)}` }),
    { mode: 0o600 },
  );
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  await chmod(file, 0o600);
  return (await readIfThere(file))!;
};

const readIfThere = async (file: string): Promise<JWK | undefined> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** The public half, for the server. */
export const developmentKeys = async (dataFolder: string): Promise<FindKey> => {
  const { kty, crv, x, kid, alg } = await openKey(dataFolder);
  return createLocalJWKSet({ keys: [{ kty: kty!, crv: crv!, x: x!, kid: kid!, alg: alg! }] });
};

/**
 * An access token for trying things out. Whoever can read the data folder can make one: that is why production refuses
 * this issuer.
 */
export const mintDevelopmentToken = async ({
  dataFolder,
  audience,
  party,
  user,
  roles,
  ttl = 8 * 60 * 60,
  clock,
}: DevelopmentToken): Promise<string> => {
  const key = await openKey(dataFolder);
  const now = Math.floor(Date.parse(clock.now()) / 1_000);
  return new SignJWT({ party, ...(roles === undefined || roles.length === 0 ? {} : { roles: [...roles] }) })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid!, typ: 'at+jwt' })
    .setIssuer(developmentIssuer)
    .setAudience(audience)
    .setSubject(user ?? party)
    .setIssuedAt(now)
    .setExpirationTime(now + ttl)
    .sign(await importJWK(key, 'EdDSA'));
};
