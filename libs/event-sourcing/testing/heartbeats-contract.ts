import type { Heartbeats } from '../ports/heartbeats.js';

/** What every store of heartbeats promises. */
export const heartbeatsContract = (name: string, open: () => Promise<Heartbeats>): void => {
  describe(`heartbeats: ${name}`, () => {
    let beats: Heartbeats;
    beforeEach(async () => {
      beats = await open();
    });
    afterEach(() => beats.close());

    it('shows the last sign of life of every lease, each newer than the one before', async () => {
      expect(await beats.look()).toEqual([]);
      expect([
        await beats.beat('pen', 'a', 1),
        await beats.beat('pen', 'a', 1),
        await beats.beat('notices', 'b', 3),
      ]).toEqual([true, true, true]);
      const seen = (await beats.look()).toSorted((one, other) => (one.lease < other.lease ? -1 : 1));
      expect(seen).toEqual([
        { lease: 'notices', holder: 'b', term: 3, count: 1 },
        { lease: 'pen', holder: 'a', term: 1, count: 2 },
      ]);
    });

    it('never lets an earlier term speak after a later one', async () => {
      await beats.beat('pen', 'a', 1);
      expect([await beats.beat('pen', 'b', 2), await beats.beat('pen', 'a', 1)]).toEqual([true, false]);
      expect((await beats.look())[0]).toMatchObject({ holder: 'b', term: 2 });
    });

    it('takes first signs that come at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, holder) => beats.beat('pen', String(holder), 1).catch(() => false)),
      );
      expect(taken.some(Boolean)).toBe(true);
      expect(await beats.look()).toHaveLength(1);
    });
  });
};
