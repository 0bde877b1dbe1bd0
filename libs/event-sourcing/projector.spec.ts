import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { arrayLog, decodeWritten } from './testing/array-log.js';
import { createProjector } from './projector.js';
import { readModel, removed } from './read-model.js';

interface Filed { readonly type: 'Filed'; readonly owner: string }
interface Extended { readonly type: 'Extended'; readonly days: number }
interface Withdrawn { readonly type: 'Withdrawn' }
interface Row { readonly owner: string; readonly days: number; readonly events: number }

const protections = (version = 1) => readModel<Row, Filed | Extended | Withdrawn>()({
  name: 'protections', version, indexes: [['owner']],
  ids: ({ stream }) => [stream],
  on: {
    Filed: (row, { event }) => ({ owner: event.owner, days: (row?.days ?? 0) + 10, events: (row?.events ?? 0) + 1 }),
    Extended: (row, { event }) => row && { ...row, days: row.days + event.days, events: row.events + 1 },
    Withdrawn: (row) => row && removed,
  },
});

describe('the projector', () => {
  it('runs to the end of the log', async () => {
    const log = arrayLog();
    const store = memoryReadStore();
    const projector = createProjector({ log, store, models: [protections()], decode: decodeWritten });
    log.write({ type: 'Filed', stream: 'dossier-1', body: { owner: 'wang' } }, { type: 'Extended', stream: 'dossier-1', body: { days: 5 } });
    log.write({ type: 'Filed', stream: 'dossier-2', body: { owner: 'li' } });
    log.write({ type: 'Withdrawn', stream: 'dossier-2', body: {} });
    await projector.catchUp();
    expect(projector.seen('protections')).toBe(3);
    const live = await store.live<Row>(protections());
    expect(await live.get('dossier-1')).toEqual({ owner: 'wang', days: 15, events: 2 });
    expect(await live.get('dossier-2')).toBeUndefined();
    expect((await live.page({ where: { owner: { equals: 'wang' } }, order: [], first: 10 })).rows).toHaveLength(1);
  });
});
