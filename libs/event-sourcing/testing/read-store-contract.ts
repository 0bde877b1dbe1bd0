import type { Box } from '../event.js';
import { documentDigest } from '../projection/document.js';
import {
  CursorError,
  type Collection,
  type CrashPoint,
  type ReadStore,
  type StoredModel,
} from '../ports/read-store.js';
import { createProjector } from '../projection/projector.js';
import { arrayLog, decodeWritten } from './array-log.js';
import { claims, put, type Claim } from './claims-model.js';
import { foldByHand, ledger, someEvents, type Account } from './ledger-model.js';
import { pageContract, type ReadStoreTraits } from './read-store-pages-contract.js';

/** One storage, empty at first. */
export interface ReadStoreUnderTest {
  /**
   * Opens it; opened again, the earlier store is forgotten as by a crash. A store that ends with its process stays the
   * same.
   */
  open(crashPoint?: CrashPoint): Promise<ReadStore>;
  /** Closes all that was opened and clears away. */
  dispose(): Promise<void>;
}

/** What every read store promises, whatever it can do at once. */
export const readStoreContract = (
  name: string,
  make: () => Promise<ReadStoreUnderTest>,
  traits: ReadStoreTraits = {},
): void => {
  describe(`read store: ${name}`, () => {
    let under: ReadStoreUnderTest;
    let store: ReadStore;
    beforeEach(async () => {
      under = await make();
      store = await under.open();
    });
    afterEach(() => under.dispose());
    batchContract(
      () => store,
      () => under,
    );
    valueContract(() => store);
    pageContract(() => store, traits);
    generationContract(
      () => store,
      () => under,
    );
    crashContract(() => under);
  });
};

const batchContract = (store: () => ReadStore, under: () => ReadStoreUnderTest): void => {
  describe('batches', () => {
    let live: Collection<Claim>;
    beforeEach(async () => {
      live = await store().live<Claim>(claims);
    });

    it('begins empty, in front of the first event', async () => {
      expect([await live.checkpoint(), await live.version(), await live.count({}), await live.get('a')]).toEqual([
        0,
        1,
        0,
        undefined,
      ]);
      expect(await live.digest()).toBe(documentDigest().hex());
    });

    it('keeps documents and checkpoint, and says where each document stands', async () => {
      expect(
        await live.apply({ from: 0, to: 5, changes: [put('a', { owner: 'wang' }), put('b', { owner: 'li' })] }),
      ).toBe('applied');
      expect(await live.apply({ from: 5, to: 7, changes: [put('b', { owner: 'zhao' })] })).toBe('applied');
      expect(await live.checkpoint()).toBe(7);
      expect(await live.get('a')).toEqual({ owner: 'wang' });
      expect(await live.getMany(['a', 'b', 'c'])).toEqual(
        new Map([
          ['a', { owner: 'wang' }],
          ['b', { owner: 'zhao' }],
        ]),
      );
      expect(await live.load(['a', 'b', 'c'])).toEqual(
        new Map([
          ['a', { document: { owner: 'wang' }, position: 5 }],
          ['b', { document: { owner: 'zhao' }, position: 7 }],
        ]),
      );
    });

    it('moves on over a batch that changes nothing', async () => {
      expect(await live.apply({ from: 0, to: 900, changes: [] })).toBe('applied');
      expect(await live.checkpoint()).toBe(900);
    });

    it('takes more documents of the same batch, as a rebuild gives them', async () => {
      expect(await live.apply({ from: 0, to: 5, changes: [put('a', { owner: 'wang' })] })).toBe('applied');
      expect(
        await live.apply({ from: 5, to: 5, changes: [put('a', { owner: 'late' }), put('b', { owner: 'li' })] }),
      ).toBe('applied');
      expect([await live.checkpoint(), await live.load(['a', 'b'])]).toEqual([
        5,
        new Map([
          ['a', { document: { owner: 'wang' }, position: 5 }],
          ['b', { document: { owner: 'li' }, position: 5 }],
        ]),
      ]);
    });

    it.each([
      ['already', { from: 0, to: 10 }],
      ['already', { from: 3, to: 8 }],
      ['already', { from: 0, to: 8 }],
      ['overlap', { from: 9, to: 12 }],
      ['overlap', { from: 0, to: 11 }],
      ['gap', { from: 11, to: 12 }],
    ] as const)('answers %s to %o at checkpoint 10 and changes nothing', async (outcome, range) => {
      await live.apply({ from: 0, to: 10, changes: [put('a', { owner: 'wang' })] });
      const before = await live.digest();
      expect(
        await live.apply({ ...range, changes: [put('a', { owner: 'thief' }), put('b', { owner: 'thief' })] }),
      ).toBe(outcome);
      expect([await live.digest(), await live.checkpoint(), await live.get('b')]).toEqual([before, 10, undefined]);
    });

    it('leaves a tombstone that knows its position and is seen by nobody else', async () => {
      await live.apply({ from: 0, to: 1, changes: [put('a', { owner: 'wang' }), put('b', { owner: 'wang' })] });
      await live.apply({ from: 1, to: 2, changes: [put('a', null), put('never', null)] });
      expect([
        await live.get('a'),
        (await live.getMany(['a', 'b'])).size,
        await live.count({}),
        await live.count({ owner: { equals: 'wang' } }),
      ]).toEqual([undefined, 1, 1, 1]);
      expect(await live.count({ owner: { equals: null } })).toBe(0);
      expect((await live.page({ where: {}, order: [], first: 10 })).rows.map(({ id }) => id)).toEqual(['b']);
      expect(
        (await live.page({ where: {}, order: [{ field: 'stage', direction: 'ascending' }], first: 10 })).rows.map(
          ({ id }) => id,
        ),
      ).toEqual(['b']);
      expect((await live.load(['a', 'never'])).get('a')).toEqual({ document: null, position: 2 });
      expect((await live.load(['never'])).get('never')).toEqual({ document: null, position: 2 });
      const digest = documentDigest();
      digest.add('b', { owner: 'wang' });
      expect(await live.digest()).toBe(digest.hex());
    });

    it('gives a removed document a new life', async () => {
      await live.apply({ from: 0, to: 1, changes: [put('a', { owner: 'wang' })] });
      await live.apply({ from: 1, to: 2, changes: [put('a', null)] });
      await live.apply({ from: 2, to: 3, changes: [put('a', { owner: 'li' })] });
      expect([await live.get('a'), await live.count({ owner: { equals: 'li' } }), await live.count({})]).toEqual([
        { owner: 'li' },
        1,
        1,
      ]);
    });

    it('keeps read models apart, also where ids are the same', async () => {
      const other = await store().live<Claim>({ ...claims, name: 'other-claims' });
      await live.apply({ from: 0, to: 1, changes: [put('a', { owner: 'wang' })] });
      expect([await other.get('a'), await other.checkpoint()]).toEqual([undefined, 0]);
    });

    it('keeps what it has when it is opened again', async () => {
      await live.apply({ from: 0, to: 4, changes: [put('a', { owner: 'wang' })] });
      const again = await (await under().open()).live<Claim>(claims);
      expect([
        await again.checkpoint(),
        await again.get('a'),
        await again.count({ owner: { equals: 'wang' } }),
      ]).toEqual([4, { owner: 'wang' }, 1]);
    });
  });
};

const box: Box = {
  alg: 'A256GCM',
  key: 'k1' as Box['key'],
  event: 'e1' as Box['event'],
  slot: 'customer',
  nonce: 'AAAA',
  sealed: 'zß水🀄',
};

const valueContract = (store: () => ReadStore): void => {
  describe('values', () => {
    interface Anything {
      readonly [field: string]: unknown;
    }
    let live: Collection<Anything>;
    beforeEach(async () => {
      live = await store().live<Anything>({ name: 'anything', version: 1, indexes: [['key']] });
    });

    it('come back with their own type, from every way to read them', async () => {
      const document = {
        text: '',
        chinese: '撞单',
        emoji: '🀄',
        nul: 'a\u0000b',
        zero: 0,
        negative: -1.5,
        tiny: 5e-324,
        large: 2 ** 53 - 1,
        yes: true,
        no: false,
        nothing: null,
        counted: 9_007_199_254_740_993n,
        huge: -(2n ** 70n),
        when: new Date('2026-03-02T01:06:00.123Z'),
        box,
        list: [1, '1', 1n, new Date(0), null, [], {}, [[{ deep: 2n }]]],
        nested: { inner: { when: new Date(1), bigint: 0n } },
        looksLikeDate: '2026-03-02T01:06:00.123Z',
        looksLikeNumber: '12',
        array: [],
        object: {},
      };
      await live.apply({ from: 0, to: 1, changes: [put('a', document)] });
      expect(await live.get('a')).toStrictEqual(document);
      expect((await live.getMany(['a'])).get('a')).toStrictEqual(document);
      expect((await live.load(['a'])).get('a')?.document).toStrictEqual(document);
      expect((await live.page({ where: {}, order: [], first: 1 })).rows[0]?.document).toStrictEqual(document);
    });

    it('that are undefined are absent fields', async () => {
      await live.apply({ from: 0, to: 1, changes: [put('a', { key: undefined, other: { inner: undefined } })] });
      expect(await live.get('a')).toStrictEqual({ other: {} });
      expect(await live.count({ key: { equals: null } })).toBe(1);
    });

    it("are copies: whoever changes one changes nobody else's", async () => {
      const given = { list: [1] };
      await live.apply({ from: 0, to: 1, changes: [put('a', given)] });
      given.list.push(2);
      ((await live.get('a')) as { list: number[] }).list.push(3);
      expect(await live.get('a')).toEqual({ list: [1] });
    });

    it.each([
      ['a number that is none', { value: Number.NaN }],
      ['infinity', { value: Infinity }],
      ['a map', { value: new Map() }],
      ['bytes', { value: new Uint8Array(2) }],
      ['an invalid date', { value: new Date(Number.NaN) }],
      ['a function', { value: () => 1 }],
      ['undefined in a list', { value: [undefined] }],
      ['an object as key', { key: { inner: 1 } }],
      ['a list as key', { key: ['a'] }],
      ['a date as key', { key: new Date(0) }],
      ['a key of 65 bits', { key: 2n ** 64n }],
    ])('it cannot keep are refused before anything is written: %s', async (_, document) => {
      await expect(
        live.apply({ from: 0, to: 1, changes: [put<Anything>('good', { key: 'a' }), put<Anything>('bad', document)] }),
      ).rejects.toThrow(TypeError);
      expect([await live.get('good'), await live.checkpoint()]).toEqual([undefined, 0]);
    });

    it.each([
      ['nothing', ''],
      ['more than 500 characters', 'x'.repeat(501)],
      ['broken Unicode', 'half \ud800 pair'],
    ])('need an id that every store can keep: not %s', async (_, id) => {
      await expect(
        live.apply({ from: 0, to: 1, changes: [put<Anything>('good', {}), put<Anything>(id, {})] }),
      ).rejects.toThrow(TypeError);
      expect([await live.get('good'), await live.checkpoint()]).toEqual([undefined, 0]);
    });

    it('give the digest of their meaning: the order of fields does not count, types and values do', async () => {
      const digestOf = async (from: number, document: Anything): Promise<string> => {
        await live.apply({ from, to: from + 1, changes: [put('a', document)] });
        return live.digest();
      };
      const first = await digestOf(0, { a: 1, b: { c: 2n, d: new Date(3) } });
      expect(await digestOf(1, { b: { d: new Date(3), c: 2n }, a: 1, e: undefined })).toBe(first);
      const others = [
        { a: 1, b: { c: 2, d: new Date(3) } },
        { a: 1, b: { c: 2n, d: 3 } },
        { a: 1, b: { c: 2n, d: new Date(3) }, e: null },
        { a: '1', b: { c: 2n, d: new Date(3) } },
      ];
      const digests = [first];
      for (const [index, document] of others.entries()) digests.push(await digestOf(2 + index, document));
      expect(new Set(digests).size).toBe(5);
    });
  });
};

const generationContract = (store: () => ReadStore, under: () => ReadStoreUnderTest): void => {
  describe('generations', () => {
    let live: Collection<Claim>;
    beforeEach(async () => {
      live = await store().live<Claim>(claims);
      await live.apply({ from: 0, to: 3, changes: [put('a', { owner: 'wang' }), put('b', { owner: 'wang' })] });
    });
    const ids = async (): Promise<readonly string[]> =>
      (await live.page({ where: {}, order: [], first: 100 })).rows.map(({ id }) => id);

    it('are built beside the live one, which goes on, and take its place at once', async () => {
      const { collection, swap } = await store().rebuild<Claim>({ ...claims, version: 2 });
      expect([await collection.checkpoint(), await collection.version(), await collection.count({})]).toEqual([
        0, 2, 0,
      ]);
      await collection.apply({ from: 0, to: 5, changes: [put('new', { owner: 'li' })] });
      await live.apply({ from: 3, to: 4, changes: [put('c', { owner: 'wang' })] });
      expect([await ids(), await live.checkpoint(), await live.version()]).toEqual([['a', 'b', 'c'], 4, 1]);
      await swap();
      expect([
        await ids(),
        await live.checkpoint(),
        await live.version(),
        await live.count({ owner: { equals: 'li' } }),
      ]).toEqual([['new'], 5, 2, 1]);
      expect(await live.digest()).toBe(await collection.digest());
      await live.apply({ from: 5, to: 6, changes: [put('newer', {})] });
      expect(await ids()).toEqual(['new', 'newer']);
    });

    it("are swapped between two pages without breaking the reader's cursor", async () => {
      const request = { where: {}, order: [{ field: 'stage', direction: 'ascending' }], first: 1 } as const;
      const cursor = (await live.page(request)).rows[0]?.cursor as string;
      const { collection, swap } = await store().rebuild<Claim>({ ...claims, version: 2 });
      await collection.apply({ from: 0, to: 3, changes: [put('a', {}), put('b', {}), put('c', {})] });
      await swap();
      expect((await live.page({ ...request, after: cursor })).rows.map(({ id }) => id)).toEqual(['b']);
    });

    it('may be abandoned, or left by a crash, without a trace in the live one', async () => {
      const first = await store().rebuild<Claim>(claims);
      await first.collection.apply({ from: 0, to: 3, changes: [put('half', {})] });
      await first.abandon();
      const second = await store().rebuild<Claim>(claims);
      await second.collection.apply({ from: 0, to: 2, changes: [put('half', {})] });
      const reopened = await under().open();
      live = await reopened.live<Claim>(claims);
      expect([await ids(), await live.checkpoint()]).toEqual([['a', 'b'], 3]);
      const third = await reopened.rebuild<Claim>(claims);
      expect([await third.collection.checkpoint(), await third.collection.get('half')]).toEqual([0, undefined]);
    });

    it('cannot be abandoned once they are read', async () => {
      const { collection, swap, abandon } = await store().rebuild<Claim>(claims);
      await collection.apply({ from: 0, to: 3, changes: [put('new', {})] });
      await swap();
      await abandon();
      expect(await ids()).toEqual(['new']);
      live = await (await under().open()).live<Claim>(claims);
      expect(await ids()).toEqual(['new']);
    });

    it('are found again after the swap when the store is opened anew', async () => {
      const { collection, swap } = await store().rebuild<Claim>({ ...claims, version: 2 });
      await collection.apply({ from: 0, to: 9, changes: [put('new', {})] });
      await swap();
      live = await (await under().open()).live<Claim>({ ...claims, version: 2 });
      expect([await ids(), await live.checkpoint(), await live.version()]).toEqual([['new'], 9, 2]);
    });

    it('of an older version are read until they are replaced, by what they have', async () => {
      const raised: StoredModel = { ...claims, version: 2, indexes: [['owner']] };
      live = await (await under().open()).live<Claim>(raised);
      expect([await live.version(), await ids(), await live.count({ owner: { equals: 'wang' } })]).toEqual([
        1,
        ['a', 'b'],
        2,
      ]);
    });

    it('refuse other indexes under the same version', async () => {
      await expect(store().live<Claim>({ ...claims, indexes: [['owner']] })).rejects.toThrow(
        /claims.*raise its version/,
      );
    });

    it('do not lend their cursors to other read models', async () => {
      const other = await store().live<Claim>({ ...claims, name: 'other-claims' });
      const cursor = (await live.page({ where: {}, order: [], first: 1 })).rows[0]?.cursor as string;
      await expect(other.page({ where: {}, order: [], first: 1, after: cursor })).rejects.toThrow(CursorError);
    });
  });
};

const crashContract = (under: () => ReadStoreUnderTest): void => {
  it('doubles and loses nothing, wherever between two writes of a batch it dies', async () => {
    const log = arrayLog();
    for (const command of someEvents(60)) log.write(...command);
    let injected = 0;
    for (let step = 1; ; step += 1) {
      let left = step;
      let died = false;
      const crashPoint = (): void => {
        left -= 1;
        if (left === 0) {
          died = true;
          throw new Error('power cut');
        }
      };
      const model = ledger({ name: `ledger-${step}` });
      for (const [crash, batchMax] of [
        [crashPoint, 7],
        [undefined, 10],
      ] as const) {
        const projector = createProjector({
          log,
          store: await under().open(crash),
          models: [model],
          decode: decodeWritten,
          batchMax,
        });
        await projector.catchUp().catch((error: Error) => {
          if (error.message !== 'power cut') throw error;
        });
      }
      if (died) injected += 1;
      const live = await (await under().open()).live<Account>(model);
      expect([await live.checkpoint(), await live.digest()]).toEqual([await log.head(), foldByHand(log.written)]);
      if (!died) break;
    }
    expect(injected).toBeGreaterThan(5);
  });
};
