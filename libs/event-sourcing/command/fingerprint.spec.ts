import { createSecretKey, hash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalText } from '../canonical.js';
import { fingerprintOf } from './fingerprint.js';

const secret = createSecretKey(Buffer.alloc(32, 1));
const other = createSecretKey(Buffer.alloc(32, 2));
const input = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.array(fc.maxSafeInteger())),
  { maxKeys: 6 },
);

describe('a fingerprint', () => {
  it('is the same exactly for the same name and input, in whatever order its fields come', () => {
    fc.assert(
      fc.property(input, input, fc.boolean(), (one, two, same) => {
        const reordered = Object.fromEntries(Object.entries(one).toReversed());
        expect(fingerprintOf(secret, 'Register', reordered)).toBe(fingerprintOf(secret, 'Register', one));
        const compared = same ? reordered : two;
        expect(fingerprintOf(secret, 'Register', compared) === fingerprintOf(secret, 'Register', one)).toBe(
          canonicalText(compared) === canonicalText(one),
        );
        expect(fingerprintOf(secret, 'Recall', one)).not.toBe(fingerprintOf(secret, 'Register', one));
      }),
    );
  });
  it('cannot be found by trying values without the secret', () => {
    const form = { phone: '13800000001' };
    const found = fingerprintOf(secret, 'Register', form);
    expect(found).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(fingerprintOf(other, 'Register', form)).not.toBe(found);
    expect(hash('sha256', canonicalText({ name: 'Register', input: form }), 'base64url').slice(0, 22)).not.toBe(found);
  });
});
