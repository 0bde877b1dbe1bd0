import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { LogClosedError, type EventLog } from '#event-sourcing/ports/event-log.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import { append, noon, plain, readWhole } from '#event-sourcing/testing/commits.js';
import { eventLogContract } from '#event-sourcing/testing/event-log-contract.js';
import { openMirroredEventLog } from './event-log-mirror.js';
import { FolderLockedError } from './folder-lock.js';

const folders: string[] = [];
const freshFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'baobei-mirror-')));
  return folders.at(-1)!;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
const open = (folder: string, journal: Journal): Promise<EventLog> =>
  openMirroredEventLog({ folder, journal, clock: { now: () => noon } });

eventLogContract('SQLite mirror of a journal', async () => {
  const [folder, journal] = [freshFolder(), memoryJournal()];
  let log = await open(folder, journal);
  return {
    log,
    reopen: async () => {
      await log.close();
      log = await open(folder, journal);
      return log;
    },
  };
});

const filled = async (
  journalId?: string,
): Promise<{ readonly folder: string; readonly journal: Journal; readonly whole: readonly object[] }> => {
  const [folder, journal] = [freshFolder(), memoryJournal(journalId)];
  const log = await open(folder, journal);
  for (let command = 0; command < 5; command += 1) await append(log);
  const whole = plain(await readWhole(log));
  await log.close();
  return { folder, journal, whole };
};
const reads = async (folder: string, journal: Journal): Promise<readonly object[]> => {
  const log = await open(folder, journal);
  const whole = plain(await readWhole(log));
  await log.close();
  return whole;
};

describe('a mirror', () => {
  it('goes on from where it was and reads what others appended meanwhile', async () => {
    const { folder, journal } = await filled();
    const other = memoryEventLog({ journal });
    await append(other);
    expect(await reads(folder, journal)).toEqual(plain(await readWhole(other)));
  });

  it.each([
    [
      'was open when the machine went down',
      (folder: string) => {
        writeFileSync(join(folder, 'mirror.open'), 'an earlier boot');
        writeFileSync(join(folder, 'mirror.db-wal'), 'half written');
      },
    ],
    [
      'cannot be read',
      (folder: string) => {
        writeFileSync(join(folder, 'mirror.db'), 'not a database, however long this sentence may be');
      },
    ],
    [
      'was deleted',
      (folder: string) => {
        rmSync(join(folder, 'mirror.db'));
      },
    ],
  ])('that %s is read anew from the journal', async (_, damage) => {
    const { folder, journal, whole } = await filled();
    damage(folder);
    expect(await reads(folder, journal)).toEqual(whole);
  });

  it('of another journal, or of another past of the same one, is thrown away', async () => {
    const { folder } = await filled('one');
    const foreign = await filled('two');
    expect(await reads(folder, foreign.journal)).toEqual(foreign.whole);
    const otherPast = await filled('two');
    expect(await reads(folder, otherPast.journal)).toEqual(otherPast.whole);
  });

  it('that is longer than its journal stops the log: the journal was put back and others have seen more', async () => {
    const { folder } = await filled('one');
    const log = await open(folder, memoryJournal('one'));
    await expect(log.head()).rejects.toBeInstanceOf(LogClosedError);
    await log.close();
  });

  it('belongs to one server', async () => {
    const { folder, journal } = await filled();
    const log = await open(folder, journal);
    await expect(open(folder, journal)).rejects.toBeInstanceOf(FolderLockedError);
    await log.close();
  });
});
