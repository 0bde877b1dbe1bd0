import * as fc from 'fast-check';
import { fitsMask, maskPhone, normalisePhone, type Phone } from './phone.js';

const mobiles = () =>
  fc
    .tuple(fc.constantFrom('130', '138', '159', '177', '186', '199'), fc.integer({ min: 0, max: 99_999_999 }))
    .map(([prefix, rest]) => prefix + String(rest).padStart(8, '0'));
const e164 = (phone: Phone): string => (phone.ok ? phone.e164 : phone.why);
const fullWidth = (text: string): string =>
  text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

describe('a phone number', () => {
  it('is one number in every spelling', () => {
    fc.assert(
      fc.property(mobiles(), (number) => {
        const [a, b, c] = [number.slice(0, 3), number.slice(3, 7), number.slice(7)];
        const spellings = [
          number,
          `+86${number}`,
          `0086${number}`,
          `86${number}`,
          `+86 ${a}-${b}-${c}`,
          `${a} ${b} ${c}`,
          `${a}　${b}　${c}`,
          `(${a})${b}.${c}`,
          fullWidth(number),
          `＋８６${fullWidth(number)}`,
          `${a}‐${b}–${c}`,
          `\u200b${number}\u202c`,
        ];
        expect(new Set(spellings.map((text) => e164(normalisePhone(text))))).toEqual(new Set([`+86${number}`]));
      }),
    );
  });
  it('read again, it stays itself', () => {
    fc.assert(
      fc.property(mobiles(), (number) => {
        const once = normalisePhone(number);
        expect(normalisePhone(e164(once))).toEqual(once);
      }),
    );
  });
  it.each([
    ['023-67891234', '+862367891234', 'fixed'],
    ['010 6789 1234', '+861067891234', 'fixed'],
    ['400-800-1234', '+864008001234', 'other'],
    ['+852 9123 4567', '+85291234567', 'mobile'],
    ['+1 202 555 0123', '+12025550123', 'mobile'],
  ])('%s is %s, %s', (text, number, kind) =>
    expect(normalisePhone(text)).toMatchObject({ ok: true, e164: number, kind }),
  );
  it('takes its country from the caller', () => expect(e164(normalisePhone('9123 4567', 'HK'))).toBe('+85291234567'));
  it('keeps an extension apart', () =>
    expect(normalisePhone('023-67891234 转 801')).toMatchObject({ ok: true, e164: '+862367891234', extension: '801' }));

  it.each([
    ['(023)63000001-801', '+862363000001', '801'],
    ['023-63000001-801', '+862363000001', '801'],
    ['0571-88888888-1', '+8657188888888', '1'],
    ['+86-23-63000001-8001', '+862363000001', '8001'],
    ['023-63000001转801', '+862363000001', '801'],
    ['023-63000001 分机：801', '+862363000001', '801'],
    ['023-63000001 ext. 801', '+862363000001', '801'],
    ['400-800-1234-5', '+864008001234', '5'],
  ])('%s has an extension', (text, number, extension) =>
    expect(normalisePhone(text)).toMatchObject({
      ok: true,
      e164: number,
      extension,
      canonical: `${number};ext=${extension}`,
    }),
  );
  it.each(['13900000028转1', '13900000028x2', '13900000028#3', '139-0000-0028-801', '13900000028-1', '13900000028.0'])(
    '%s is the mobile number',
    (text) => {
      expect(normalisePhone(text)).toEqual(normalisePhone('13900000028'));
    },
  );
  it('its canonical spelling read again is itself, whatever was written', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          '13900000028',
          '(023)63000001',
          '0571-88888888',
          '400-800-1234',
          '+852 9123 4567',
          '+1 202 555 0123',
        ),
        fc.constantFrom('', '-', '转', '转分机', ' ext.', ';ext=', 'x', '#', ',', '分机'),
        fc.stringMatching(/^\d{1,6}$/),
        (number, marker, digits) => {
          const once = normalisePhone(number + (marker === '' ? '' : marker + digits));
          expect(once.ok && normalisePhone(once.canonical)).toEqual(once);
        },
      ),
    );
  });

  it.each([
    ['', 'empty'],
    ['　-', 'empty'],
    ['王芳', 'notANumber'],
    ['138O0001111', 'notANumber'],
    ['٠١٣٨٠٠٠٠١١١١', 'notANumber'],
    ['=1+1', 'notANumber'],
    ['13800001111,13900002222', 'notANumber'],
    ['1380000111', 'tooShort'],
    ['138000011112', 'tooLong'],
    ['12345678901', 'noSuchNumber'],
    ['67891234', 'noSuchNumber'],
    ['110', 'tooShort'],
    ['1'.repeat(1_000), 'tooLong'],
    ['+', 'notANumber'],
  ])('%j is refused: %s', (text, why) => expect(normalisePhone(text)).toEqual({ ok: false, why }));

  it('no text is too strange for an answer', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 45 }), fc.stringMatching(/^[+\d* x转-]{0,40}$/)),
        (text) => expect(typeof normalisePhone(text).ok).toBe('boolean'),
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('a hidden phone number', () => {
  it.each([
    '133****3333',
    '133 **** 3333',
    '+86 133****3333',
    '0086-133****3333',
    '１３３＊＊＊＊３３３３',
    '133xxxx3333',
    '133XXXX3333',
    '133●●●●3333',
    '133____3333',
    '133**3333',
  ])('%s is a weak key (R29.11)', (text) =>
    expect(normalisePhone(text)).toMatchObject({
      ok: false,
      why: 'masked',
      prefix: '133',
      suffix: '3333',
      masked: '133****3333',
    }),
  );
  it('may hide only its end (R10.03)', () =>
    expect(normalisePhone('1380000****')).toMatchObject({ why: 'masked', prefix: '1380000', suffix: '', hidden: 4 }));
  it('with two digits left is no key at all', () =>
    expect(normalisePhone('1*********2')).toEqual({ ok: false, why: 'tooShort' }));

  it('fits the number it hides, whose own mask is the same text', () => {
    fc.assert(
      fc.property(mobiles(), (number) => {
        const whole = normalisePhone(number);
        const hidden = normalisePhone(`${number.slice(0, 3)}****${number.slice(7)}`);
        const [prefix, suffix] = [number.slice(0, 3), number.slice(7)];
        expect(hidden).toMatchObject({ why: 'masked', masked: (whole as { masked: string }).masked });
        expect(fitsMask(e164(whole), { prefix, suffix })).toBe(true);
        expect(fitsMask(e164(whole), { prefix: '120', suffix })).toBe(false);
      }),
    );
  });
  it('R29.23 the full number 13312343333 recovers 133****3333', () =>
    expect(fitsMask('+8613312343333', { prefix: '133', suffix: '3333' })).toBe(true));
  it('the mask hides at least four digits of every number that is long enough to be called', () => {
    expect(['+8613800001111', '+862367891234', '+85291234567', '+6791234'].map(maskPhone)).toEqual([
      '138****1111',
      '236****1234',
      '852****4567',
      '67****34',
    ]);
    fc.assert(
      fc.property(mobiles(), (number) =>
        expect(maskPhone(`+86${number}`)).not.toContain(number.slice(3, 7) === '****' ? 'x' : number),
      ),
    );
  });
});
