import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import type { Box, PersonalValue } from '../event.js';
import type { KeyStore } from '../ports/key-store.js';
import {
  createOpener,
  field,
  openBox,
  record,
  SealBrokenError,
  sealBox,
  verifyDisclosure,
  type OpenedBox,
  type SubjectKey,
} from './sealing.js';
import { seededIds } from '../testing/simulated-clock.js';
import type { EventId, SubjectKeyId } from '../vocabulary.js';

const event = '01960000-0000-7000-8000-000000000001' as EventId;
const subjectKey = (): SubjectKey => ({ id: 'key-1' as SubjectKeyId, key: createSecretKey(randomBytes(32)) });
const ids = seededIds('sealing');
const text = fc.string({ unit: 'binary', maxLength: 30 });
const anyPersonal: fc.Arbitrary<PersonalValue> = fc.oneof(
  text,
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
);
const anyForm = fc
  .dictionary(text, anyPersonal, { minKeys: 1, maxKeys: 6 })
  .map((form) => new Map(Object.entries(form)));
const flip = (encoded: string, bit: number): string => {
  const bytes = Buffer.from(encoded, 'base64url');
  bytes[Math.floor(bit / 8) % bytes.length]! ^= 1 << (bit % 8);
  return bytes.toString('base64url');
};

describe('a sealed box', () => {
  it('opens to the fields that were sealed, whatever they hold', () => {
    const key = subjectKey();
    fc.assert(
      fc.property(anyForm, (form) => {
        const { box, fields } = sealBox(event, 'customer', form, key, ids);
        const opened = openBox(box, key.key);
        expect(new Map([...opened].map(([path, { value }]) => [path, value]))).toEqual(form);
        expect(Object.keys(fields).toSorted()).toEqual([...form.keys()].toSorted());
        for (const [path, { salt, value }] of opened)
          expect(verifyDisclosure(fields[path]!, path, salt, value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('commits to its own field, path, salt and value only', () => {
    fc.assert(
      fc.property(anyForm, text, anyPersonal, (form, otherPath, otherValue) => {
        const { box, fields } = sealBox(event, 'customer', form, keyOf.one, ids);
        const opened = openBox(box, keyOf.one.key);
        for (const [path, { salt, value }] of opened) {
          expect(verifyDisclosure(fields[path]!, otherPath, salt, value)).toBe(otherPath === path);
          expect(verifyDisclosure(fields[path]!, path, salt, otherValue)).toBe(
            JSON.stringify(otherValue) === JSON.stringify(value),
          );
          expect(verifyDisclosure(fields[path]!, path, Buffer.alloc(16).toString('base64url'), value)).toBe(false);
          expect(Object.values(fields).filter((commitment) => verifyDisclosure(commitment, path, salt, value))).toEqual(
            [fields[path]],
          );
        }
      }),
    );
  });

  it('no path can borrow from its value: lengths are part of a commitment', () => {
    const salt = Buffer.alloc(16, 7).toString('base64url');
    const { fields } = sealBox(event, 'customer', new Map([['note', 'a']]), keyOf.one, {
      bytes: (count) => Buffer.alloc(count, 7),
    });
    expect(verifyDisclosure(fields['note']!, 'note', salt, 'a')).toBe(true);
    expect(verifyDisclosure(fields['note']!, 'note"', salt, 'a')).toBe(false);
    expect(verifyDisclosure(fields['note']!, 'note', `${salt}AAAA`, 'a')).toBe(false);
    expect(verifyDisclosure(fields['note']!, 'note', '', 'a')).toBe(false);
  });

  it('is shut for good by one flipped bit, in any part', () => {
    const key = subjectKey();
    fc.assert(
      fc.property(anyForm, fc.nat(), fc.constantFrom('sealed', 'nonce'), (form, bit, part) => {
        const { box } = sealBox(event, 'customer', form, key, ids);
        expect(() => openBox({ ...box, [part]: flip(box[part], bit) }, key.key)).toThrow(SealBrokenError);
      }),
      { numRuns: 300 },
    );
  });

  it('does not open in another event, another slot, under another key, or cut short', () => {
    const key = subjectKey();
    const { box } = sealBox(event, 'customer', new Map([['note', '王小明']]), key, ids);
    const elsewhere: readonly Box[] = [
      { ...box, event: '01960000-0000-7000-8000-000000000002' as EventId },
      { ...box, slot: 'party' },
      { ...box, alg: 'A128GCM' as 'A256GCM' },
      { ...box, sealed: '' },
      { ...box, sealed: box.sealed.slice(0, 8) },
      { ...box, nonce: '' },
      { ...box, sealed: Buffer.from(box.sealed, 'base64url').subarray(0, -4).toString('base64url') },
    ];
    for (const moved of elsewhere) expect(() => openBox(moved, key.key)).toThrow(SealBrokenError);
    expect(() => openBox(box, subjectKey().key)).toThrow(`The sealed fields (customer) of event ${event} do not open`);
    expect(openBox(box, key.key).get('note')?.value).toBe('王小明');
  });

  it('the same fields sealed twice share nothing: no salt, no nonce, no commitment', () => {
    const form = new Map([
      ['form.phone', '13800000001'],
      ['form.again', '13800000001'],
    ]);
    const key = subjectKey();
    const sealed = [sealBox(event, 'customer', form, key, ids), sealBox(event, 'customer', form, key, ids)];
    const commitments = sealed.flatMap(({ fields }) => Object.values(fields));
    expect(new Set(commitments).size).toBe(4);
    expect(new Set(sealed.map(({ box }) => box.nonce)).size).toBe(2);
    expect(new Set(sealed.flatMap(({ box }) => [...openBox(box, key.key).values()].map(({ salt }) => salt))).size).toBe(
      4,
    );
  });
});

describe('an opened box', () => {
  const opened: OpenedBox = new Map([
    ['note', { salt: '', value: '住三楼' }],
    ['form.phone', { salt: '', value: '138' }],
    ['form.a.b', { salt: '', value: 'x' }],
    ['format.x', { salt: '', value: 'y' }],
  ]);

  it('gives a field by its path', () => {
    expect(field(opened, 'form.phone')).toEqual({ value: '138' });
    expect(field(opened, 'form.name')).toBeUndefined();
    expect(field('erased', 'form.phone')).toEqual({ erased: true });
  });

  it('gives a record by its own names', () => {
    expect(record(opened, 'form')).toEqual(
      new Map([
        ['phone', '138'],
        ['a.b', 'x'],
      ]),
    );
    expect(record('erased', 'form')).toBe('erased');
  });
});

describe('an opener', () => {
  const counting = () => {
    const store = memoryKeyStore();
    const asked: (readonly SubjectKeyId[])[] = [];
    const keyStore: KeyStore = {
      ...store,
      openKeys: (wanted) => {
        asked.push(wanted);
        return store.openKeys(wanted);
      },
    };
    return { keyStore, asked };
  };
  const noteBy = (key: SubjectKey, note: string): Box =>
    sealBox(event, 'customer', new Map([['note', note]]), key, ids).box;

  it('opens a page in its order with one call for its keys, and none while they are at hand', async () => {
    const { keyStore, asked } = counting();
    const [one, other] = (await keyStore.makeKeys(2)) as [SubjectKey, SubjectKey];
    const opener = createOpener({ keyStore });
    const page = [noteBy(one, 'a'), noteBy(other, 'b'), noteBy(one, 'c')];
    expect((await opener.open(page)).map((opened) => field(opened, 'note'))).toEqual([
      { value: 'a' },
      { value: 'b' },
      { value: 'c' },
    ]);
    expect(asked).toEqual([[one.id, other.id]]);
    await opener.open(page);
    expect(asked).toHaveLength(1);
    expect(await opener.open([])).toEqual([]);
  });

  it('keeps the keys used last, within its limit', async () => {
    const { keyStore, asked } = counting();
    const [a, b, c] = (await keyStore.makeKeys(3)) as [SubjectKey, SubjectKey, SubjectKey];
    const opener = createOpener({ keyStore, cacheMax: 2 });
    for (const key of [a, b, a, c, a, b]) await opener.open([noteBy(key, 'x')]);
    expect(asked).toEqual([[a.id], [b.id], [c.id], [b.id]]);
  });

  it('reads a destroyed key as erased, at once after forgetting it', async () => {
    const { keyStore } = counting();
    const [gone, kept] = (await keyStore.makeKeys(2)) as [SubjectKey, SubjectKey];
    const opener = createOpener({ keyStore });
    const page = [noteBy(gone, 'a'), noteBy(kept, 'b')];
    await opener.open(page);
    await keyStore.destroyKeys([gone.id]);
    opener.forget([gone.id]);
    const [first, second] = await opener.open(page);
    expect([first, field(second!, 'note')]).toEqual(['erased', { value: 'b' }]);
  });

  it('does not keep a key that was destroyed while it was being fetched', async () => {
    const store = memoryKeyStore();
    const [gone] = (await store.makeKeys(1)) as [SubjectKey];
    let release = (): void => undefined;
    const keyStore: KeyStore = {
      ...store,
      openKeys: async (wanted) => {
        const keys = await store.openKeys(wanted);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return keys;
      },
    };
    const opener = createOpener({ keyStore });
    const box = noteBy(gone, 'a');
    const during = opener.open([box]);
    await store.openKeys([gone.id]);
    await store.destroyKeys([gone.id]);
    opener.forget([gone.id]);
    release();
    await during;
    const after = opener.open([box]);
    await store.openKeys([gone.id]);
    release();
    expect(await after).toEqual(['erased']);
  });

  it('a forged box is never called erased', async () => {
    const { keyStore } = counting();
    const [key] = (await keyStore.makeKeys(1)) as [SubjectKey];
    const box = noteBy(key, 'a');
    await expect(createOpener({ keyStore }).open([box, { ...box, slot: 'party' }])).rejects.toBeInstanceOf(
      SealBrokenError,
    );
  });
});

const keyOf = { one: subjectKey() };
