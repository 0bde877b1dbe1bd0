import { randomUUID } from 'node:crypto';
import { systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { storedBatch } from '#event-sourcing/testing/commits.js';
import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { TcpProxy } from '#test/doubles/tcp-proxy.js';
import { openClients, readAddress } from './connection.js';
import { journalStream } from './journal-eventstoredb.js';
import { checkServer, EventStoreServerError } from './server-checks.js';
import { eventStoreContracts, openJournal } from './testing/event-store-contracts.js';
import { wireFaults } from '#test/fault/event-store-campaign.js';

const url = process.env['EVENTSTOREDB_URL'];
const condition = { skipUnless: url, because: 'EVENTSTOREDB_URL is not set' };
eventStoreContracts('EventStoreDB', () => url!, condition);

describe('the wire to a real server', () => {
  if (isMissing(condition)) return;
  // One node on this machine: what the proxy can stand in front of.
  const { hosts, tls } = readAddress(url!);
  const [{ host, port } = { host: '', port: 0 }] = hosts;
  const isHere = hosts.length === 1 && ['localhost', '127.0.0.1'].includes(host);
  if (isMissing({ skipUnless: isHere, because: 'a proxy fits only between this machine and one node on it' })) return;
  let proxy: TcpProxy;
  beforeAll(async () => {
    proxy = await TcpProxy.start(port);
  });
  afterAll(() => proxy.stop());
  wireFaults(tls ? 'EventStoreDB over TLS' : 'EventStoreDB', async () => ({
    url: url!.replace(new RegExp(`${host}(:${port})?(?=[/?]|$)`), `${host}:${proxy.port}`),
    proxy,
  }));
});

describe('what is looked at before the start on a real server', () => {
  if (isMissing(condition)) return;
  const found = (organisation: string): Promise<readonly string[]> =>
    checkServer({ url: url!, organisation, production: false, timers: systemTimers, stopwatch: systemStopwatch }).then(
      (findings) => findings.map(({ code }) => code),
      (error: unknown) => {
        if (!(error instanceof EventStoreServerError)) throw error;
        return error.findings.map(({ code }) => code);
      },
    );
  it.each([{ maxCount: 5 }, { maxAge: 60 }, { truncateBefore: 2 }])(
    'a retention on our stream is refused, and no longer when it was removed: %p',
    async (metadata) => {
      const [organisation, clients] = [randomUUID(), openClients(readAddress(url!))];
      await clients.leader.setStreamMetadata(journalStream(organisation), metadata);
      expect(await found(organisation)).toEqual(['RETENTION']);
      await clients.leader.setStreamMetadata(journalStream(organisation), {});
      expect(await found(organisation)).not.toContain('RETENTION');
      await clients.dispose();
    },
  );
  it('a stream that was deleted for good is refused', async () => {
    const organisation = randomUUID();
    const [journal, clients] = [await openJournal(url!, organisation), openClients(readAddress(url!))];
    await journal.append(storedBatch(0, 2), 0);
    await clients.leader.tombstoneStream(journalStream(organisation));
    expect(await found(organisation)).toEqual(['TRUNCATED']);
    await journal.close();
    await clients.dispose();
  });
});
