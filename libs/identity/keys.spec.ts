import { createSecretKey, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { creditCheck, creditCode, organisationCheck } from './credit-code.js';
import { composeKey, identityKeyStream, KeyPartError, type KeyPart } from './keys.js';
import { shortCode, verifyShortCode } from './short-code.js';
import { wellFormedText } from './text.js';

const parts = () =>
  fc.uniqueArray(
    fc.record({
      kind: fc.string({ minLength: 1, maxLength: 6 }),
      value: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ kind }) => kind },
  );
const canonical = (all: readonly KeyPart[]): string =>
  JSON.stringify(all.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)).map(({ kind, value }) => [kind, value]));
const codes = () => fc.uuid().map(shortCode);
const why = (text: string, lines = false): string => {
  const result = wellFormedText(text, { max: 20, lines });
  return result.ok ? 'ok' : `${result.why}@${result.at}`;
};
/** Every text that differs from this one in a single place. */
const changes = (code: string, alphabet: string): string[] =>
  [...code].flatMap((character, place) =>
    [...alphabet]
      .filter((other) => other !== character)
      .map((other) => code.slice(0, place) + other + code.slice(place + 1)),
  );

describe('a composite key', () => {
  it('is one text for its parts in any order', () => {
    fc.assert(fc.property(parts(), (all) => expect(composeKey(all.toReversed())).toBe(composeKey(all))));
  });
  it('is another text for other parts', () => {
    fc.assert(
      fc.property(parts(), parts(), (a, b) =>
        expect(composeKey(a) === composeKey(b)).toBe(canonical(a) === canonical(b)),
      ),
    );
  });
  it('parts cannot borrow from each other', () =>
    expect(
      composeKey([
        { kind: 'name', value: '1:a' },
        { kind: 'phone', value: 'b' },
      ]),
    ).not.toBe(
      composeKey([
        { kind: 'name', value: '1' },
        { kind: 'phone', value: ':ab' },
      ]),
    ));
  it.each<[string, KeyPart[]]>([
    ['noParts', []],
    ['emptyPart', [{ kind: 'name', value: '' }]],
    ['loneSurrogate', [{ kind: 'name', value: '\ud800' }]],
    [
      'sameKindTwice',
      [
        { kind: 'phone', value: '1' },
        { kind: 'phone', value: '2' },
      ],
    ],
  ])('%s is refused', (problem, all) =>
    expect(() => composeKey(all)).toThrow(new KeyPartError(problem as KeyPartError['problem'])),
  );
});

describe('the stream of an identity key', () => {
  const secret = createSecretKey(Buffer.alloc(32, 7));
  const program = 'riverside' as ProgramId;

  it('is named by a keyed hash, and by nothing personal', () => {
    const expected = createHmac('sha256', Buffer.alloc(32, 7))
      .update('9:riverside5:phone14:+8613800001111')
      .digest('hex')
      .slice(0, 32);
    expect(identityKeyStream(1, secret, program, 'phone', '+8613800001111')).toBe(`key-1-${expected}`);
  });
  it('differs by epoch, secret, program, kind and value', () => {
    const names = [
      identityKeyStream(1, secret, program, 'phone', 'ab'),
      identityKeyStream(2, secret, program, 'phone', 'ab'),
      identityKeyStream(1, createSecretKey(Buffer.alloc(32, 8)), program, 'phone', 'ab'),
      identityKeyStream(1, secret, 'riversid' as ProgramId, 'ephone', 'ab'),
      identityKeyStream(1, secret, program, 'phonea', 'b'),
      identityKeyStream(1, secret, program, 'phone', 'abc'),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^key-[12]-[0-9a-f]{32}$/);
  });
  it.each(['', 'a-b', 'x'.repeat(17)])('an epoch %j would break the name', (epoch) =>
    expect(() => identityKeyStream(epoch, secret, program, 'phone', '1')).toThrow(KeyPartError),
  );
  it('half a surrogate pair would hash like another one', () =>
    expect(() => identityKeyStream(1, secret, program, 'name', '\udc00')).toThrow(KeyPartError));
});

describe('a unified social credit code', () => {
  const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const valid = () =>
    fc
      .tuple(
        fc.constantFrom('91', '92', '93', '11', '52'),
        fc.integer({ min: 110_000, max: 659_999 }),
        fc.array(fc.constantFrom(...ALPHABET), { minLength: 8, maxLength: 8 }),
      )
      .map(([kind, region, letters]) => {
        const organisation = letters.join('');
        const body = `${kind}${region}${organisation}${organisationCheck(organisation)}`;
        return body + creditCheck(body);
      });

  it.each([
    ['91350100M000100Y43', 'M000100Y4'],
    ['9144030071526726XG', '71526726X'],
    [' 9135 0100-M000 100y43 ', 'M000100Y4'],
    ['９１３５０１００Ｍ０００１００Ｙ４３', 'M000100Y4'],
  ])('%s holds %s', (text, organisationCode) => expect(creditCode(text)).toMatchObject({ ok: true, organisationCode }));
  it.each([
    ['', 'length'],
    ['91350100M000100Y4', 'length'],
    ['91350100M000100Y4O', 'alphabet'],
    ['91350100M0001００Y44', 'check'],
    ['913501ZZM000100Y43', 'alphabet'],
  ])('%j is refused: %s', (text, why) => expect(creditCode(text)).toMatchObject({ ok: false, why }));
  it('a check digit that fits does not help a wrong organisation code', () => {
    const body = '91350100M000100Y5';
    expect(creditCode(body + creditCheck(body))).toMatchObject({ ok: false, why: 'organisationCheck' });
  });
  it('neither an unknown office nor letters in the region', () => {
    for (const [body, why] of [
      ['X1350100M000100Y4', 'registrationOffice'],
      ['9135A100M000100Y4', 'region'],
    ] as const)
      expect(creditCode(body + creditCheck(body))).toEqual({ ok: false, why });
  });
  it('notices every change of a single character', () => {
    fc.assert(
      fc.property(valid(), (code) => {
        expect(creditCode(code).ok).toBe(true);
        for (const changed of changes(code, ALPHABET)) expect(creditCode(changed).ok).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a short code', () => {
  const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

  it('is the same for the same id, for ever', () =>
    expect([shortCode('dossier-1/registration-1'), shortCode('')]).toEqual(['EB2APABFQ', 'WERC8GMR8']));
  it('is verified as people type it', () => {
    fc.assert(
      fc.property(codes(), (code) => {
        expect(verifyShortCode(code)).toBe(code);
        expect(
          verifyShortCode(
            ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4, 8)} ${code.slice(8)}`
              .replaceAll('0', 'o')
              .replaceAll('1', 'l'),
          ),
        ).toBe(code);
      }),
    );
  });
  it('notices every wrong character and every swap of two', () => {
    fc.assert(
      fc.property(codes(), (code) => {
        for (const changed of changes(code, ALPHABET)) expect(verifyShortCode(changed)).toBeNull();
        for (let i = 0; i < 9; i += 1)
          for (let j = i + 1; j < 9; j += 1) {
            const swapped = [...code];
            [swapped[i], swapped[j]] = [code.charAt(j), code.charAt(i)];
            expect(verifyShortCode(swapped.join(''))).toBe(code[i] === code[j] ? code : null);
          }
      }),
      { numRuns: 50 },
    );
  });
  it.each(['', 'ABC', 'U'.repeat(9), '000000000000', '--------'])('%j is none', (text) =>
    expect(verifyShortCode(text)).toBeNull(),
  );
});

describe('text as it comes in', () => {
  it.each([
    ['王芳', 'ok'],
    ['𠮷野家', 'ok'],
    ['Zoë', 'ok'],
    ['❤️', 'ok'],
    ['葛󠄀城', 'ok'],
    ['', 'empty@0'],
    [' 　', 'empty@0'],
    ['王\ud842芳', 'loneSurrogate@1'],
    ['\udfb7', 'loneSurrogate@0'],
    ['a\u0000', 'control@1'],
    ['a\u0085', 'control@1'],
    ['a\nb', 'control@1'],
    ['a\tb', 'control@1'],
    ['a\u2028', 'control@1'],
    ['a\u202etxt', 'bidiControl@1'],
    ['a\u2067', 'bidiControl@1'],
    ['王\u200b芳', 'invisible@1'],
    ['\ufeff王', 'invisible@0'],
    ['a\u00adb', 'invisible@1'],
    ['ㅤ', 'invisible@0'],
    ['a\u{e0041}', 'invisible@1'],
    ['乱\ufffd码', 'replacementCharacter@1'],
    ['a\uffff', 'nonCharacter@1'],
    [`a${'\u0301'.repeat(9)}`, 'combiningPile@1'],
    ['x'.repeat(21), 'tooLong@20'],
    ['𠮷'.repeat(20), 'ok'],
    ['𠮷'.repeat(21), 'tooLong@20'],
  ])('%j: %s', (text, expected) => expect(why(text)).toBe(expected));
  it('a note may have lines, and nothing else that a name may not', () => {
    expect([why('a\nb', true), why('a\r\nb', true), why('a\u0007\nb', true)]).toEqual(['ok', 'control@1', 'control@1']);
    expect(wellFormedText('', { max: 5, min: 0 })).toEqual({ ok: true, text: '' });
  });
  it('a megabyte is refused without being read', () =>
    expect(wellFormedText('𠮷'.repeat(500_000), { max: 200 })).toEqual({ ok: false, why: 'tooLong', at: 200 }));
  it('what is accepted is answered unchanged and survives UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const result = wellFormedText(text, { max: 100 });
        expect(result.ok ? [result.text, Buffer.from(text, 'utf8').toString('utf8')] : [text, text]).toEqual([
          text,
          text,
        ]);
      }),
      { numRuns: 500 },
    );
  });
});
