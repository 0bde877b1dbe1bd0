import * as fc from 'fast-check';
import { decodePosition, encodePosition, ForeignPositionError, PositionTokenError } from './position-token.js';

const journal = '0f3c2f0e-6f0b-4b38-9a51-2f3f0e0a8f11';

describe('a position token', () => {
  it('comes back as the position it was made of, and says nothing to the eye', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }), (position) => {
        const token = encodePosition(journal, position);
        expect(token).toMatch(/^[\w-]{23}$/);
        expect(decodePosition(token, journal)).toBe(position);
      }),
    );
  });

  it('of another journal is refused by name', () => {
    expect(() => decodePosition(encodePosition('another', 7), journal)).toThrow(ForeignPositionError);
  });

  it('that was changed in any character is refused', () => {
    const token = encodePosition(journal, 123_456);
    for (let place = 0; place < token.length; place += 1) {
      for (const letter of ['A', 'z', '_', '9', ' ', '=']) {
        const changed = token.slice(0, place) + letter + token.slice(place + 1);
        if (changed === token) continue;
        // The position itself is no secret and carries no seal: another position of the same journal is simply that
        // position.
        const answer = (() => {
          try {
            return decodePosition(changed, journal);
          } catch (error) {
            return error;
          }
        })();
        expect(
          answer instanceof PositionTokenError ||
            answer instanceof ForeignPositionError ||
            (typeof answer === 'number' && encodePosition(journal, answer) === changed),
        ).toBe(true);
      }
    }
  });

  it.each([
    '',
    'x',
    '0',
    '123',
    encodePosition(journal, 1).slice(1),
    `${encodePosition(journal, 1)}AA`,
    '位置',
    'A'.repeat(23),
    'A'.repeat(100_000),
  ])('that is none is refused: %.30s', (token) => {
    expect(() => decodePosition(token, journal)).toThrow(PositionTokenError);
  });

  it.each([-2, 1.5, Number.NaN, 2 ** 53])('is not made of %d', (position) => {
    expect(() => encodePosition(journal, position)).toThrow(RangeError);
  });
});
