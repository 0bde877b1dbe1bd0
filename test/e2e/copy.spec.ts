import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { copyJournal, CopyRefusedError, journalDigest } from '#event-sourcing/log/copy-journal.js';
import { BatchTooLargeError, type Journal } from '#event-sourcing/ports/journal.js';
import { plain, storedBatch } from '#event-sourcing/testing/commits.js';
import { readModels } from '#features/edge/readings.js';
import { openClusterNode } from '#installation/cluster/open-cluster-node.js';
import { openEmbedded } from '#installation/embedded.js';
import type { Installation } from '#installation/installation.js';
import type { Code, CommandId, PartyId } from '#event-sourcing/vocabulary.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import { register } from '#features/dossier/registration/register/register.js';
import { programId } from '#features/dossier/testing/rehearsal.js';
import { phoneOf } from '#test/cluster/client.js';
import { prepareRehearsal } from '#test/cluster/rig.js';
import { EventStoreDouble } from '#test/doubles/eventstoredb/event-store-double.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';

describe('copying a journal', () => {
  const filled = async (count: number): Promise<Journal> => {
    const journal = memoryJournal('one');
    await journal.append(storedBatch(0, count, 'x'.repeat(2_000)), 0);
    return journal;
  };

  it('goes on where it was after any number of ends, and both digests are equal', async () => {
    const [from, to] = [await filled(3_000), memoryJournal('one')];
    let ends = 0;
    for (let left = 2; (await to.head()) < 3_000; left = 2) {
      const cut: Journal = {
        journalId: to.journalId,
        head: () => to.head(),
        read: (position, max) => to.read(position, max),
        wake: (listener) => to.wake(listener),
        close: () => to.close(),
        append: async (batch, head) => {
          if ((left -= 1) === 0) throw new Error('killed');
          return to.append(batch, head);
        },
      };
      await copyJournal(from, cut, 3_000).catch((error: Error) => {
        if (error.message !== 'killed') throw error;
        ends += 1;
      });
    }
    expect(ends).toBeGreaterThan(2);
    expect(plain(await to.read(0, 3_000))).toEqual(plain(await from.read(0, 3_000)));
    expect(await journalDigest(to, 3_000)).toBe(await journalDigest(from, 3_000));
  });

  it('takes smaller batches where the destination wants them, never half a command', async () => {
    const [from, to] = [await filled(200), memoryJournal('one')];
    const narrow: Journal = {
      journalId: to.journalId,
      head: () => to.head(),
      read: (position, max) => to.read(position, max),
      wake: (listener) => to.wake(listener),
      close: () => to.close(),
      append: async (batch, head) => {
        if (batch.reduce((sum, { data }) => sum + data.length, 0) > 20_000) throw new BatchTooLargeError(20_000);
        return to.append(batch, head);
      },
    };
    await copyJournal(from, narrow, 200);
    expect(await journalDigest(to, 200)).toBe(await journalDigest(from, 200));
  });

  it('refuses a destination that holds something else, or more', async () => {
    const from = await filled(10);
    const other = memoryJournal('one');
    await other.append(storedBatch(0, 3), 0);
    await expect(copyJournal(from, other, 10)).rejects.toBeInstanceOf(CopyRefusedError);
    await expect(copyJournal(other, from, 3)).rejects.toBeInstanceOf(CopyRefusedError);
  });
});

describe('baobei copy', () => {
  const place = mkdtempSync(join(tmpdir(), 'baobei-copy-'));
  const masterKeyPath = join(place, 'master.key');
  let [eventStore, mongo]: [EventStoreDouble | undefined, MongoDouble | undefined] = [undefined, undefined];
  beforeAll(async () => {
    [eventStore, mongo] = [await EventStoreDouble.start(), await MongoDouble.start()];
  });
  afterAll(async () => {
    await eventStore!.stop();
    await mongo!.stop();
    rmSync(place, { recursive: true, force: true });
  });

  const baobei = (...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> =>
    run(args);
  const run = (
    args: readonly string[],
    changed: NodeJS.ProcessEnv = {},
  ): Promise<{ readonly code: number | null; readonly said: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['dist/apps/cli/main.js', ...args], {
        env: {
          ...process.env,
          EVENTSTOREDB_URL: eventStore!.url,
          MONGODB_URL: mongo!.url,
          STORAGE: 'eventstoredb-mongodb',
          BAOBEI_MASTER_KEY_FILE: masterKeyPath,
          DATA_DIR: join(place, 'server'),
          ...changed,
        },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      child.once('close', (code) => {
        resolve({ code, said });
      });
    });
  const digests = async (installation: Installation): Promise<Readonly<Record<string, string>>> => {
    await installation.catchUp();
    return Object.fromEntries(
      await Promise.all(
        readModels.map(async (model) => [model.name, await (await installation.readings.of(model)).digest()] as const),
      ),
    );
  };
  const ofFolder = async (folder: string): Promise<Readonly<Record<string, string>>> => {
    const installation = await openEmbedded({ folder, masterKeyPath });
    try {
      return await digests(installation);
    } finally {
      await installation.close();
    }
  };

  it('moves an installation to EventStoreDB and MongoDB and back: the same events, the same read models', async () => {
    const [here, back] = [join(place, 'here'), join(place, 'back')];
    const source = await openEmbedded({ folder: here, masterKeyPath });
    await prepareRehearsal(source, 8, {});
    for (let number = 0; number < 60; number += 1) {
      const command: CommandBase = {
        commandId: `file-${number}` as CommandId,
        by: `dealer-${number % 8}` as PartyId,
        receivedAt: source.clock.now(),
        receivedBy: 'system' as Code,
      };
      await source.desk.send(register, {
        ...command,
        programId,
        class: 'walkIn',
        channel: 'system',
        form: { name: '王芳', phone: phoneOf(number % 40) },
        attachments: [],
      });
    }
    await source.close();
    const before = await ofFolder(here);

    const there = await baobei('copy', '--from', here, '--to', 'eventstoredb-mongodb');
    expect(there).toMatchObject({
      code: 0,
      said: expect.stringMatching(/Copied \d+ events and \d+ keys; both digests are [0-9a-f]{64}/) as string,
    });
    expect((await baobei('copy', '--from', here, '--to', 'eventstoredb-mongodb')).said).toBe(there.said);

    const cluster = {
      eventStoreUrl: eventStore!.url,
      mongoUrl: mongo!.url,
      mongoKeysUrl: mongo!.url,
      peerHost: '127.0.0.1',
      peerPort: 0,
    };
    const node = await openClusterNode({
      folder: join(place, 'server'),
      organisation: 'default',
      cluster,
      production: false,
      listens: false,
      masterKeyPath,
      onError: () => undefined,
    });
    expect(await digests(node.installation)).toEqual(before);
    expect((await baobei('mirror')).said).toMatch(/The mirror is the journal's: \d+ events/);
    await node.close();

    expect(await baobei('copy', '--from', 'eventstoredb-mongodb', '--to', back)).toMatchObject({ code: 0 });
    expect(await ofFolder(back)).toEqual(before);
  });

  it('says what to do where another journal stands, and where there is none', async () => {
    const other = join(place, 'other');
    await (await openEmbedded({ folder: other, masterKeyPath })).close();
    expect(await baobei('copy', '--from', other, '--to', 'eventstoredb-mongodb')).toMatchObject({
      code: 2,
      said: expect.stringMatching(/已有另一份日志.* \/ .*holds another journal/) as string,
    });
    expect(await baobei('copy', '--from', join(place, 'nowhere'), '--to', 'eventstoredb-mongodb')).toMatchObject({
      code: 2,
      said: expect.stringMatching(/没有日志。 \/ There is no journal/) as string,
    });
    expect(await run(['mirror'], { STORAGE: 'embedded', EVENTSTOREDB_URL: '', MONGODB_URL: '' })).toMatchObject({
      code: 2,
      said: expect.stringMatching(
        /才有镜像.* \/ Only a server with STORAGE=eventstoredb-mongodb has a mirror/,
      ) as string,
    });
  });
});
