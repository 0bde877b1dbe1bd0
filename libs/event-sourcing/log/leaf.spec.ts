import fc from 'fast-check';
import { leafBytes, leafHash, type Leaf } from './leaf.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const anyLeaf = fc
  .record({ stream: text, revision: fc.nat(), id: text, type: text, data: fc.uint8Array({ maxLength: 12 }) })
  .map((leaf) => leaf as unknown as Leaf);
const partsOf = ({ stream, revision, id, type, data }: Leaf): string =>
  JSON.stringify([stream, revision, id, type, [...data]]);

describe('the leaf of an event', () => {
  it('is another one as soon as any part is: no part can borrow from its neighbour', () => {
    fc.assert(
      fc.property(anyLeaf, anyLeaf, fc.nat(12), (one, other, moved) => {
        const shifted = { ...one, stream: `${one.stream}${one.id.slice(0, moved)}`, id: one.id.slice(moved) } as Leaf;
        for (const leaf of [other, shifted])
          expect(Buffer.compare(leafBytes(one), leafBytes(leaf)) === 0).toBe(partsOf(one) === partsOf(leaf));
      }),
      { numRuns: 500 },
    );
  });

  it('is hashed behind a zero byte, so that no inner node of a tree passes for one', () => {
    const leaf = { stream: 's', revision: 1, id: 'i', type: 't', data: Buffer.from('d') } as unknown as Leaf;
    expect(Buffer.from(leafBytes(leaf)).toString('hex')).toBe(
      '0000000173000000080000000000000001000000016900000001740000000164',
    );
    expect(leafHash(leaf).toString('hex')).toBe('36a32e49dc90380208fb7a0a530dab79e410089dd4036a64c42a3fa12609db77');
  });
});
