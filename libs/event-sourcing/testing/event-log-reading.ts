import type { EventLog } from '../ports/event-log.js';
import { append, pending, plain, readWhole, stream } from './commits.js';
import type { OpenLog } from './event-log-contract.js';

/** 12 commands of one to three events on four streams of two categories: 24 events. */
const fill = async (log: EventLog): Promise<void> => {
  for (let command = 0; command < 12; command += 1) {
    await append(log, {
      to: command % 2 === 0 ? `dossier-${command % 4}` : `standing-${command % 4}`,
      events: Array.from({ length: (command % 3) + 1 }, (_, place) => pending(place === 0 ? 'Registered' : 'Approved')),
    });
  }
};

export const readingPromises = (open: OpenLog): void => {
  describe('reading', () => {
    it('reads a stream forwards and backwards, from any revision, at most 1,000 events', async () => {
      const { log } = await open();
      const name = stream('dossier-1');
      for (let command = 0; command < 3; command += 1)
        await append(log, { events: Array.from({ length: 400 }, () => pending()) });
      const revisions = async (options?: Parameters<EventLog['readStream']>[1]) =>
        (await log.readStream(name, options)).map(({ revision }) => revision);
      expect(await revisions()).toEqual(Array.from({ length: 1_000 }, (_, place) => place));
      expect(await revisions({ from: 1_000, max: 5_000 })).toEqual(
        Array.from({ length: 200 }, (_, place) => 1_000 + place),
      );
      expect(await revisions({ from: 7, max: 3 })).toEqual([7, 8, 9]);
      expect(await revisions({ direction: 'backwards', max: 3 })).toEqual([1_199, 1_198, 1_197]);
      expect(await revisions({ direction: 'backwards', from: 1, max: 3 })).toEqual([1, 0]);
      expect(await revisions({ direction: 'backwards', from: 5_000, max: 1 })).toEqual([1_199]);
      expect([await revisions({ from: 1_200 }), await revisions({ max: 0 })]).toEqual([[], []]);
    });

    it('reads nothing from a stream that does not exist, and says where streams stand in the order asked', async () => {
      const { log } = await open();
      await fill(log);
      expect(await log.readStream(stream('dossier-404'))).toEqual([]);
      expect(
        await log.revisions(['standing-3', 'dossier-404', 'dossier-0', 'dossier-2', 'dossier-0'].map(stream)),
      ).toEqual([5, 'none', 5, 5, 5]);
    });

    it('reads all events in the order of their positions, gapless from any position on', async () => {
      const { log } = await open();
      await fill(log);
      const whole = await readWhole(log);
      expect(whole.map(({ position }) => position)).toEqual(Array.from({ length: 24 }, (_, place) => place));
      for (let from = 0; from <= 24; from += 1) {
        const { events, next } = await log.readAll(from);
        expect([plain(events), next]).toEqual([plain(whole.slice(from)), 24]);
      }
      expect(await log.readAll(30)).toEqual({ events: [], next: 30 });
    });

    it('filters by category and by type, and says how far it has seen', async () => {
      const { log } = await open();
      await fill(log);
      const whole = await readWhole(log);
      const passing = (category: string | undefined, type: string | undefined) =>
        plain(
          whole.filter(
            (event) =>
              (category === undefined || event.stream.startsWith(`${category}-`)) &&
              (type === undefined || event.type === type),
          ),
        );
      const cases = [
        [undefined, 'Approved'],
        ['dossier', undefined],
        ['standing', 'Registered'],
        ['nobody', undefined],
        [undefined, 'Nothing'],
      ] as const;
      for (const [category, type] of cases) {
        const { events, next } = await log.readAll(0, {
          ...(category === undefined ? {} : { categories: [category] }),
          ...(type === undefined ? {} : { types: [type] }),
        });
        expect([plain(events), next]).toEqual([passing(category, type), 24]);
      }
      const { events } = await log.readAll(0, {
        categories: ['dossier', 'standing'],
        types: ['Approved', 'Registered'],
      });
      expect(plain(events)).toEqual(plain(whole));
      expect((await log.readAll(0, { categories: [] })).events).toEqual([]);
    });

    it('never ends a slice inside a command, however small the slice', async () => {
      const { log } = await open();
      await fill(log);
      for (let max = 1; max <= 8; max += 1) {
        for (let from = 0; ;) {
          const { events, next } = await log.readAll(from, { max });
          if (next === from) break;
          expect(events.at(-1)).toMatchObject({ step: events.at(-1)!.of, position: next - 1 });
          from = next;
        }
        expect(plain(await readWhole(log, max))).toEqual(plain(await readWhole(log)));
      }
    });

    it('refuses positions, revisions and limits that are not whole numbers from 0 on', async () => {
      const { log } = await open();
      for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
        await expect(log.readAll(wrong)).rejects.toBeInstanceOf(RangeError);
        await expect(log.readAll(0, { max: wrong })).rejects.toBeInstanceOf(RangeError);
        await expect(log.readStream(stream('dossier-1'), { max: wrong })).rejects.toBeInstanceOf(RangeError);
      }
    });
  });
};
