import { jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogStore } from '#adapters/event-log-sqlite/log-store.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { playStory } from '#test/replay/story.js';
import { policyExplainCommand } from './policy-explain.js';
import { UsageError } from './usage-error.js';

let folder: string;
let events: readonly StoredEvent[];
const written = (stored: readonly StoredEvent[]): void => {
  const store = openLogStore(join(folder, 'log.db'), 'durable', () => 'journal');
  store.apply(stored);
  store.database.close();
};
/** Runs `baobei policy explain …` in this process: what it printed, and the exit code it asked for. */
const explain = async (...words: string[]): Promise<{ readonly out: string; readonly exit: number }> => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await policyExplainCommand().parseAsync([...words, '--folder', folder], { from: 'user' });
    return { out: write.mock.calls.map(([text]) => String(text)).join(''), exit: Number(process.exitCode ?? 0) };
  } finally {
    write.mockRestore();
    process.exitCode = undefined;
  }
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'policy-explain-'));
  ({ events } = await playStory());
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('baobei policy explain', () => {
  it('a ruling as a tree of reasons, in both languages, each recomputed', async () => {
    written(events);
    const { out, exit } = await explain('new-f8.1', 'ProtectionBegan');
    expect(exit).toBe(0);
    expect(out).toMatch(/^- ProtectionBegan · 2026-03-02 15:00 · dealer-a · [0-9a-f-]{36} · \d+\n/);
    expect(out).toContain(
      '\n  - 保护期：预约，自到访（2026-03-02 15:00）起，20 个工作日（不含首日），至 2026-03-31 00:00\n',
    );
    expect(out).toContain('\n    Protection: Appointment, from the visit at 2026-03-02 15:00, 20 working days');
    expect(out).toMatch(/\n {4}- protection\.appointment · protection\/1 · rehearsal@1#[0-9a-f]{12} · china-2026@1\n/);
    expect(out).toContain(
      '\n    - counting: exclusive, endsAt: 2026-03-31 00:00, event: visit, from: 2026-03-02 15:00',
    );
    expect(out).toContain('\n    - 重算：逐字节相同。\n      Recomputed: equal, byte for byte.\n');
    expect(out).toMatch(/(\d+) reasons: \1 equal byte for byte, 0 different, 0 not recomputable\n$/);
  });
  it('every ruling of a registration, and one event by its id', async () => {
    written(events);
    const all = await explain('new-f1.1', '--format', 'json');
    const types = (JSON.parse(all.out) as { readonly type: string }[]).map(({ type }) => type);
    expect(new Set(types)).toEqual(
      new Set([
        'Registered',
        'Approved',
        'Rolled',
        'Extended',
        'Upgraded',
        'Transferred',
        'Released',
        'RulingRescinded',
        'Attributed',
        'DealRescinded',
        'AttributionReversed',
      ]),
    );
    const extended = events.find(({ type }) => type === 'Extended')!;
    const one = JSON.parse((await explain(extended.id, '--format', 'json')).out) as Readonly<Record<string, unknown>>[];
    expect(one.every(({ event, equal }) => event === extended.id && equal === true)).toBe(true);
    expect((await explain('new-f1.1', 'Extended')).out).toContain(extended.id);
  });
  it('a form is sealed: what it was judged by cannot be asked again, and is no failure', async () => {
    written(events);
    const { out, exit } = await explain('new-f1.1', 'Registered');
    expect([exit, out.includes('Cannot be recomputed: the form that it judged is sealed.')]).toEqual([0, true]);
  });
  it('a log that somebody changed gives another reason: shown, and exit 1', async () => {
    written(
      events.map((event) =>
        event.type === 'Extended'
          ? {
              ...event,
              data: Buffer.from(Buffer.from(event.data).toString().replace('"before":"2026', '"before":"2027')),
            }
          : event,
      ),
    );
    const { out, exit } = await explain('new-f1.1', 'Extended');
    expect(exit).toBe(1);
    expect(out).toContain('Recomputed: different (inputs).');
  });
  it('writes nothing, and is answered beside a server that has the folder open', async () => {
    written(events);
    const server = new Database(join(folder, 'log.db'));
    server.pragma('journal_mode = WAL');
    expect((await explain('new-f1.1', 'Extended')).exit).toBe(0);
    server.close();
  });
  it('what is not there is said in one sentence', async () => {
    await expect(explain('new-f1.1')).rejects.toThrow(UsageError);
    written(events);
    await expect(explain('nobody.1')).rejects.toThrow('The log has no nobody.1.');
    await expect(explain('new-f1.1', 'Arbitrated')).rejects.toThrow('new-f1.1 has no such ruling: Arbitrated.');
    await expect(explain('019b76da-0000-7000-8000-000000000000')).rejects.toThrow(UsageError);
  });
});
