import type { Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { emptyPartyDirectory } from '#graphql/caller.js';
import { Authentication } from './authentication.js';
import type { Log } from './logging/log.js';

const clock = { now: () => '2026-03-02T02:00:00.000Z' as Instant };
const told: unknown[] = [];
const log = { info: (_: string, fields: unknown) => told.push(fields) } as unknown as Log;
const callerFor = (party: string) =>
  new Authentication({
    verify: async () => ({
      user: { issuer: 'https://issuer.example', subject: 'u-1' },
      party: party as PartyId,
      expiresAt: '2026-03-02T03:00:00.000Z' as Instant,
      developmentRoles: [],
    }),
    parties: emptyPartyDirectory,
    clock,
    wallClock: clock,
    log,
  }).callerOf('Bearer token');

describe('a good token', () => {
  it('speaks for its party', async () => {
    expect(await callerFor('dealer-a')).toMatchObject({ party: 'dealer-a', user: { subject: 'u-1' } });
  });
  it.each(['baobei', 'baobei-clock', 'baobei-notices'])('speaks not for %s: the system acts as that', async (party) => {
    await expect(callerFor(party)).rejects.toThrow('The access token is missing, invalid or expired.');
    expect(told.at(-1)).toEqual({ code: 'SYSTEM_PARTY' });
  });
});
