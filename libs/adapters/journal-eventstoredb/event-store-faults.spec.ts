import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { status } from '@grpc/grpc-js';
import { ANY, binaryEvent, KurrentDBClient } from '@kurrent/kurrentdb-client';
import { systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { BatchTooLargeError, JournalUnavailableError, type Journal } from '#event-sourcing/ports/journal.js';
import { storedBatch } from '#event-sourcing/testing/commits.js';
import type { Fault } from '#test/doubles/faults.js';
import { EventStoreDouble } from '#test/doubles/eventstoredb/event-store-double.js';
import { EventStoreUrlError, openClients, readAddress } from './connection.js';
import { journalStream } from './journal-eventstoredb.js';
import { checkServer, EventStoreServerError, type ServerCheckOptions } from './server-checks.js';
import { openJournal } from './testing/event-store-contracts.js';
import { campaign, cleanCampaign, judged, wireFaults } from '#test/fault/event-store-campaign.js';

let double: EventStoreDouble;
beforeEach(async () => {
  double = await EventStoreDouble.start();
});
afterEach(() => double.stop());

wireFaults('EventStoreDB (double)', async () => double);

const nothing = async (): Promise<void> => undefined;
describe('calls to EventStoreDB that go wrong', () => {
  it.each<readonly [Fault, 'append' | 'read', number]>([
    ['cut-before', 'append', 9],
    ['cut-after', 'append', 7],
    ['duplicate', 'append', 2],
    ['hang', 'append', 6],
    ['refuse', 'append', 5],
    [30, 'append', 3],
    ['cut-before', 'read', 3],
    ['refuse', 'read', 2],
    ['end', 'read', 3],
  ])('%s of a call that should %s: nothing is lost, doubled or falsely refused', async (fault, kind, every) => {
    double.faults.add({
      matches: (call) => call.kind === kind && call.stream.startsWith('baobei-'),
      fault,
      every,
      times: 12,
    });
    const found = await campaign(double.url, { commands: 480, during: nothing });
    expect(judged(found)).toEqual(cleanCampaign);
    expect(double.faults.injected).toBeGreaterThan(kind === 'append' ? 2 : 0);
  });

  it('calibration: an append that expects no revision doubles commands under the same faults, and is found out', async () => {
    double.faults.add({
      matches: ({ kind, stream }) => kind === 'append' && stream.startsWith('baobei-'),
      fault: 'cut-after',
      every: 3,
      times: 5,
    });
    const client = KurrentDBClient.connectionString(double.url.replace('esdb', 'kurrentdb'));
    const anywhere = (journal: Journal, organisation: string): Journal => ({
      ...bound(journal),
      append: async (batch) => {
        const events = batch.map(({ id, type, data }) => binaryEvent({ id, type, data }));
        for (let attempt = 0; attempt < 10; attempt += 1) {
          try {
            await client.appendToStream(journalStream(organisation), events, { streamState: ANY });
            return { outcome: 'appended' };
          } catch {
            /* The mistake: once more, wherever the stream stands now. */
          }
        }
        throw new JournalUnavailableError('unknown', new Error('ten attempts'));
      },
    });
    const found = await campaign(double.url, { commands: 96, during: nothing, wrap: anywhere });
    expect([
      double.faults.injected > 0,
      found.faults.some((fault) => /doubled|torn|gap|scrambled/.test(fault)),
    ]).toEqual([true, true]);
    await client.dispose();
  });

  it('a server that restarts in the middle is found again', async () => {
    const found = await campaign(double.url, {
      commands: 480,
      during: async () => {
        for (let restart = 0; restart < 3; restart += 1) {
          await systemTimers.sleep(150);
          await double.restart(200);
        }
      },
    });
    expect(judged(found)).toEqual(cleanCampaign);
  });

  it('a subscription that is ended 20 times wakes again each time', async () => {
    const organisation = randomUUID();
    const [journal, other] = [await openJournal(double.url, organisation), await openJournal(double.url, organisation)];
    let calls = 0;
    const woken = async (): Promise<void> => {
      const before = calls;
      while (calls === before) await systemTimers.sleep(2);
    };
    journal.wake(() => {
      calls += 1;
    });
    await woken();
    for (let end = 0; end < 20; end += 1) {
      double.endSubscriptions();
      await woken();
      const [appended] = await Promise.all([other.append(storedBatch(end, 1), end), woken()]);
      expect(appended).toEqual({ outcome: 'appended' });
    }
    await journal.close();
    await other.close();
  });

  it("a batch over the server's limit says what the limit is, and nothing is stored", async () => {
    const journal = await openJournal(double.url, randomUUID());
    const error: unknown = await journal
      .append(storedBatch(0, 4, 'x'.repeat(300 * 1024)), 0)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BatchTooLargeError);
    expect([(error as BatchTooLargeError).bytesMax, await journal.head()]).toEqual([1024 * 1024, 0]);
    await journal.close();
  });

  it('no answer at all ends in «unknown» for an append and «nothing» for a reading, in time', async () => {
    const journal = await openJournal(double.url, randomUUID(), { answerMax: 200, settleMax: 600 });
    double.proxy.freeze(true);
    await expect(journal.append(storedBatch(0, 1), 0)).rejects.toMatchObject({
      name: 'JournalUnavailableError',
      stored: 'unknown',
    });
    await expect(journal.read(0, 10)).rejects.toMatchObject({ name: 'JournalUnavailableError', stored: 'nothing' });
    await expect(journal.head()).rejects.toBeInstanceOf(JournalUnavailableError);
    double.proxy.freeze(false);
    await journal.close();
  });

  it('a reading that ends early is no end: neither events, nor the head, nor the identity are taken from it', async () => {
    const organisation = randomUUID();
    const journal = await openJournal(double.url, organisation);
    await journal.append(storedBatch(0, 10), 0);
    double.faults.add({ matches: ({ kind }) => kind === 'read', fault: 'end', every: 2 });
    for (let reading = 0; reading < 6; reading += 1)
      expect([await journal.head(), (await journal.read(0, 100)).length]).toEqual([10, 10]);
    const again = await openJournal(double.url, organisation);
    expect(again.journalId).toBe(journal.journalId);
    expect(double.faults.injected).toBeGreaterThan(5);
    await journal.close();
    await again.close();
  });

  it('a client that keeps a failed question to the server, and fails with it for ever, is replaced', async () => {
    const journal = await openJournal(double.url, randomUUID());
    await journal.append(storedBatch(0, 1), 0);
    double.refusal = { code: status.UNKNOWN };
    double.faults.add({ matches: ({ kind }) => kind === 'features', fault: 'refuse', times: 1 });
    double.dropConnections();
    expect(await journal.append(storedBatch(1, 1), 1)).toEqual({ outcome: 'appended' });
    expect(double.faults.injected).toBe(1);
    await journal.close();
  });

  it('an append on a wire that is dead without a word goes through on a new one', async () => {
    const journal = await openJournal(double.url, randomUUID(), { answerMax: 500, settleMax: 5_000 });
    let woken = 0;
    journal.wake(() => {
      woken += 1;
    });
    await journal.append(storedBatch(0, 1), 0);
    double.proxy.freezePresent();
    expect(await journal.append(storedBatch(1, 1), 1)).toEqual({ outcome: 'appended' });
    // The subscription hangs on the dead wire as well.
    const before = woken;
    while (woken === before) await systemTimers.sleep(20);
    await journal.close();
  });

  it('what the server forbids is told at once, not asked again', async () => {
    const journal = await openJournal(double.url, randomUUID());
    double.refusal = { code: status.PERMISSION_DENIED, exception: 'access-denied' };
    double.faults.add({ matches: ({ kind }) => kind === 'append', fault: 'refuse' });
    await expect(journal.append(storedBatch(0, 1), 0)).rejects.toMatchObject({ name: 'Error', type: 'access-denied' });
    expect(double.faults.injected).toBe(1);
    await journal.close();
  });
});

const bound = (journal: Journal): Journal => ({
  journalId: journal.journalId,
  append: (batch, head) => journal.append(batch, head),
  read: (from, max) => journal.read(from, max),
  head: () => journal.head(),
  wake: (listener) => journal.wake(listener),
  close: () => journal.close(),
});

describe('the address of EventStoreDB', () => {
  it.each([
    [
      'esdb://admin:secret@es1:2113,es2:2114?TLS=true&node_preference=Follower',
      'kurrentdb://admin:secret@es1:2113,es2:2114?discoveryInterval=100&tls=true&nodePreference=follower&keepAliveTimeout=10000',
    ],
    [
      'kurrentdb+discover://admin:s%3Acret%40@cluster.example',
      'kurrentdb+discover://admin:s%3Acret%40@cluster.example:2113?discoveryInterval=100&keepAliveTimeout=10000',
    ],
    [
      'kdb://127.0.0.1/?tls=false&discoveryInterval=300&keepAliveInterval=-1',
      'kurrentdb://127.0.0.1:2113?discoveryInterval=300&tls=false&keepAliveInterval=-1&keepAliveTimeout=10000',
    ],
  ])('%s is read', async (url, text) => {
    expect(readAddress(url).text()).toBe(text);
    await openClients(readAddress(url)).dispose();
  });
  it('what must not be old is asked of the leader, however the preference is written', () => {
    expect(readAddress('esdb://h?Node-Preference=follower').text(3, { nodePreference: 'leader' })).toBe(
      'kurrentdb://h:2113?discoveryInterval=100&nodePreference=leader&keepAliveTimeout=10003',
    );
  });
  it.each([
    'esdb://',
    'esdb://admin:secret@',
    'esdb://host:port',
    'esdb://a:1:2',
    'esdb://admin:secret@host?tsl=true',
    'esdb://host?tls',
    'amqp://admin:secret@host',
    'esdb://admin:secret@host:99999',
    'esdb://admin:sec:ret@host',
    'esdb://admin:sec%zzret@host',
    'esdb://admin:secret@host host',
    'esdb://admin:secret@host(',
    'esdb://admin:s?cret@host',
    'esdb://admin:secret@host?tls=maybe',
    'esdb://admin:secret@host?nodePreference=secret',
    'esdb://admin:secret@host?defaultDeadline=-5',
    'esdb://admin:secret@host?tlsCaFile=/secret/ca.crt',
    'esdb://admin:secret@host?userCertFile=package.json',
    'esdb://admin:secret@host?tls=true#secret',
  ])('%s is refused without being repeated', (url) => {
    const error = ((): unknown => {
      try {
        return readAddress(url);
      } catch (reason) {
        return reason;
      }
    })();
    expect(error).toBeInstanceOf(EventStoreUrlError);
    // What a careless logger would print of it, too.
    expect(inspect(error, { depth: 9, showHidden: true }).split('\n')[0]).not.toMatch(/sec[:%]?\w*ret|s\?cret/);
    expect((error as Error).message).toMatch(/。 \/ EVENTSTOREDB_URL [^\n]*\.$/);
  });
});

describe('what is looked at before the start', () => {
  const options = (rest: Partial<ServerCheckOptions> = {}): ServerCheckOptions => ({
    url: double.url,
    organisation: 'checked',
    production: true,
    timers: systemTimers,
    stopwatch: systemStopwatch,
    ask: async () => undefined,
    ...rest,
  });
  const append = (stream: string, data: object, revisions = 1): void => {
    for (let revision = 0; revision < revisions; revision += 1)
      double.store.append(stream, { kind: 'any' }, [
        {
          id: randomUUID(),
          data: Buffer.from(JSON.stringify(data)),
          custom: Buffer.alloc(0),
          metadata: new Map([
            ['type', '$metadata'],
            ['content-type', 'application/json'],
          ]),
        },
      ]);
  };
  const refused = async (rest: Partial<ServerCheckOptions> = {}): Promise<readonly string[]> =>
    checkServer(options(rest)).then(
      () => [],
      (error: unknown) => {
        if (!(error instanceof EventStoreServerError)) throw error;
        for (const sentence of error.message.split('\n')) expect(sentence).toMatch(/。 \/ [^\n]+\.$/);
        return error.findings.map(({ code }) => code);
      },
    );

  it.each([
    ...['$maxCount', '$maxAge', '$tb'].map((limit) => [limit, journalStream('checked')]),
    ['$maxCount', 'baobei.identity-checked'],
  ])('a retention on our stream (%s on %s) is refused everywhere', async (limit, stream) => {
    append(`$$${stream}`, { [limit!]: 5 });
    expect(await refused({ production: false })).toEqual(['RETENTION']);
  });
  it('a clean stream is not', async () => {
    expect(await refused()).toEqual([]);
  });
  it('a server in memory, or one that takes the factory password, is refused in production and told of elsewhere', async () => {
    const ask: ServerCheckOptions['ask'] = async (_, path) =>
      path === '/info' ? { esVersion: '23.10.3.0' } : [{ name: 'MemDb', value: 'True' }];
    const url = double.url.replace('esdb://', 'esdb://admin:changeit@');
    expect(await refused({ ask, url })).toEqual(['IN_MEMORY', 'DEFAULT_CREDENTIALS']);
    expect(
      (await checkServer(options({ ask, url, production: false }))).map(({ severity, code }) => `${severity} ${code}`),
    ).toEqual(['warn IN_MEMORY', 'warn DEFAULT_CREDENTIALS']);
  });
  it('a server that does not show its options is told of, never refused for it', async () => {
    expect((await checkServer(options())).map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'warn OPTIONS_UNKNOWN',
    ]);
  });
  it('a server from before 20.6 is refused', async () => {
    expect(
      await refused({
        production: false,
        ask: async (_, path) => (path === '/info' ? { esVersion: '5.0.8.0' } : undefined),
      }),
    ).toEqual(['TOO_OLD']);
  });
});
