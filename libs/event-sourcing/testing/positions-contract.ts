import type { Positions } from '../ports/positions.js';

/** What every store of positions promises. `open` opens the same one again and again. */
export const positionsContract = (name: string, fresh: () => Promise<() => Promise<Positions>>): void => {
  describe(`positions: ${name}`, () => {
    let reopen: () => Promise<Positions>;
    let positions: Positions;
    beforeEach(async () => {
      reopen = await fresh();
      positions = await reopen();
    });
    afterEach(() => positions.close());

    it('knows nothing of a name that nobody has kept', async () => {
      expect(await positions.get('when-ruled')).toBeUndefined();
    });

    it('gives back what was kept last, name by name, also when it is opened again', async () => {
      expect(await positions.keep('when-ruled', { next: 7, parked: [], version: 1 })).toBe(true);
      expect(await positions.keep('when-ruled', { next: 2 ** 40, parked: [3, 6], version: 2 })).toBe(true);
      expect(await positions.keep('other', { next: 1, parked: [], version: 1 })).toBe(true);
      await positions.close();
      positions = await reopen();
      expect(await positions.get('when-ruled')).toEqual({ next: 2 ** 40, parked: [3, 6], version: 2 });
      expect(await positions.get('other')).toEqual({ next: 1, parked: [], version: 1 });
    });

    it('keeps nothing for who did not see the last keeping', async () => {
      expect(await positions.keep('when-ruled', { next: 5, parked: [], version: 2 })).toBe(false);
      expect(await positions.get('when-ruled')).toBeUndefined();
      await positions.keep('when-ruled', { next: 5, parked: [4], version: 1 });
      expect(await positions.keep('when-ruled', { next: 3, parked: [], version: 1 })).toBe(false);
      expect(await positions.keep('when-ruled', { next: 3, parked: [], version: 3 })).toBe(false);
      expect(await positions.get('when-ruled')).toEqual({ next: 5, parked: [4], version: 1 });
    });

    it('lets one of several who keep at once win', async () => {
      const kept = await Promise.all(
        Array.from({ length: 8 }, (_, next) => positions.keep('when-ruled', { next, parked: [], version: 1 })),
      );
      expect(kept.filter(Boolean)).toHaveLength(1);
      expect(await positions.get('when-ruled')).toEqual({ next: kept.indexOf(true), parked: [], version: 1 });
    });

    it('holds a thousand parked events', async () => {
      const parked = Array.from({ length: 1_000 }, (_, n) => n * 1_000_003);
      await positions.keep('when-ruled', { next: 2 ** 41, parked, version: 1 });
      expect((await positions.get('when-ruled'))?.parked).toEqual(parked);
    });
  });
};
