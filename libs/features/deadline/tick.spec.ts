import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { LogBusyError } from '#event-sourcing/ports/event-log.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { due, type Due } from './due/due.js';
import { Tick, type Asked } from './tick.js';

const now = '2026-03-02T04:00:00.000Z' as Instant;
const accepted = { outcome: 'accepted', events: [], position: 0, repeated: false } as const satisfies Outcome;
/** Rows that are due, one for each dossier named. */
const rowsOf = async (...dossiers: readonly string[]) => {
  const rows = await memoryReadStore().live<Due>(due);
  await rows.apply({
    from: 0,
    to: 1,
    changes: dossiers.map((dossierId, n) => ({
      id: `${dossierId}.1`,
      document: {
        stream: `dossier-${dossierId}`,
        owner: `${dossierId}.1`,
        programId: 'p',
        dueAt: `2026-03-01T00:00:${String(n % 60).padStart(2, '0')}.000Z`,
        kind: 'expiry',
      } as unknown as Due,
    })),
  });
  return rows;
};
const ticking = (answer: (command: Asked) => Outcome) => {
  const asked: string[] = [];
  const errors: unknown[] = [];
  const tick = new Tick({
    ask: async (command) => {
      asked.push(command.stream.slice('dossier-'.length));
      return answer(command);
    },
    onError: (error) => errors.push(error),
  });
  return { tick, asked, errors };
};

describe('the deadline tick', () => {
  it('a deadline that fails stops none behind it, is counted, and is asked again in ever fewer rounds', async () => {
    const rows = await rowsOf('a', 'b', 'c');
    const { tick, asked, errors } = ticking(({ stream }) => {
      if (stream === 'dossier-a') throw new Error('its calendar is not published');
      return accepted;
    });
    await tick.round(rows, now);
    expect(asked).toEqual(['a', 'b', 'c']);
    expect(tick.failing).toBe(1);
    const rounds: number[] = [];
    for (let round = 1; round <= 16; round += 1) {
      const before = errors.length;
      await tick.round(rows, now);
      if (errors.length > before) rounds.push(round);
    }
    expect(rounds).toEqual([1, 3, 7, 15]);
  });

  it('does not ask every round what stays due although it was asked', async () => {
    const rows = await rowsOf(...Array.from({ length: 250 }, (_, n) => `d${n}`));
    const { tick, asked } = ticking(() => accepted);
    for (let round = 0; round < 32; round += 1) await tick.round(rows, now);
    expect(asked.length).toBe(250 * 6);
    expect(tick.failing).toBe(0);
  });

  it('an answer that nobody knows is a failure and is asked again', async () => {
    const rows = await rowsOf('a');
    let answers = 0;
    const { tick, errors } = ticking(({ commandId }) => {
      answers += 1;
      return answers === 1 ? { outcome: 'indeterminate', commandId } : accepted;
    });
    await tick.round(rows, now);
    expect([errors.length, tick.failing]).toEqual([1, 1]);
    await tick.round(rows, now);
    expect([errors.length, tick.failing]).toEqual([1, 0]);
  });

  it('sets nothing aside while the log itself can take nothing', async () => {
    const rows = await rowsOf('a', 'b');
    let busy = true;
    const { tick, asked } = ticking(() => {
      if (busy) throw new LogBusyError('too many wait');
      return accepted;
    });
    await expect(tick.round(rows, now)).rejects.toBeInstanceOf(LogBusyError);
    busy = false;
    await tick.round(rows, now);
    expect([asked, tick.failing]).toEqual([['a', 'a', 'b'], 0]);
  });

  it('forgets what is no longer due', async () => {
    const rows = await rowsOf('a');
    const { tick } = ticking(() => {
      throw new Error('never');
    });
    await tick.round(rows, now);
    expect(tick.failing).toBe(1);
    await rows.apply({ from: 1, to: 2, changes: [{ id: 'a.1', document: null }] });
    await tick.round(rows, now);
    expect(tick.failing).toBe(0);
  });
});
