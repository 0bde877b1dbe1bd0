import { systemIds, systemTimers } from '#adapters/clock-system/clock-system.js';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import type { Instant, OrganisationId } from '#event-sourcing/vocabulary.js';
import { Installation } from './installation.js';

const journal = memoryJournal();
const keyStore = memoryKeyStore();
const open = (parts: Partial<Parameters<typeof Installation.open>[0]>): Promise<Installation> =>
  Installation.open({
    log: memoryEventLog({ journal }),
    keyStore,
    readStore: memoryReadStore(),
    positions: memoryPositions(),
    clock: { now: () => '2026-03-02T04:00:00.000Z' as Instant },
    timers: systemTimers,
    ids: systemIds,
    organisation: 'positions' as OrganisationId,
    ...parts,
  });
const position = async ({ parts: { positions } }: Installation): Promise<number | undefined> =>
  (await positions.get('when-ruled'))?.next;

describe('how far reactions have come', () => {
  it('is known when the read models were dropped: nothing is told twice', async () => {
    const positions = memoryPositions();
    const before = await open({ positions });
    await before.catchUp();
    const head = await before.parts.log.head();
    expect(head).toBeGreaterThan(0);
    expect(await position(before)).toBe(head);
    expect(await position(await open({ positions, readStore: memoryReadStore() }))).toBe(head);
  });

  it('is taken over once from the read models, where it was kept before', async () => {
    const readStore = memoryReadStore();
    const old = await readStore.live<object>({ name: 'reaction-when-ruled', version: 1, indexes: [] });
    await old.apply({ from: 0, to: 1, changes: [] });
    const positions = memoryPositions();
    expect(await position(await open({ positions, readStore }))).toBe(1);
    await old.apply({ from: 1, to: 5, changes: [] });
    expect(await position(await open({ positions, readStore }))).toBe(1);
  });
});
