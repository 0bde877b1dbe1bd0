import * as fc from 'fast-check';
import { normalisePhone } from './phone.js';
import { maskTelephones } from './telephones-in-text.js';

describe('telephone numbers are masked where they stand', () => {
  it.each([
    ['+8613800001111', '138****1111'],
    ['138 0000 1111', '138****1111'],
    ['138-0000-1111', '138****1111'],
    ['１３８００００１１１１', '138****1111'],
    ['电话 13800001111，微信同号', '电话 138****1111，微信同号'],
    ['021-12345678', '021****5678'],
    ['13800001111/13900002222', '138****1111/139****2222'],
    ['(010) 8888 6666', '(010****6666'],
    ['138.0000.1111', '138****1111'],
    ['138‐0000–1111', '138****1111'],
    ['138　0000　1111', '138****1111'],
    ['138···0000···1111', '138****1111'],
    ['[138]【0000】1111', '[138****1111'],
    ['1\u200b3800001111', '138****1111'],
    ['①③⑧⓪⓪⓪⓪①①①①', '138****1111'],
    ['¹³⁸⁰⁰⁰⁰¹¹¹¹', '138****1111'],
    ['𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟏𝟏𝟏𝟏', '138****1111'],
    ['1️3️8️0️0️0️0️1️1️1️1', '138****1111'],
    ['(023)63000001-801', '(023****1801'],
    ['1 3 8      0 0 0 0      1 1 1 1', '138****1111'],
    ['1999-12-31 234', '199****1234'],
    ['2026-03-02 13800001111', '2026-03-02 138****1111'],
    ['13800001111 2026-03-02', '138****1111 2026-03-02'],
  ])('%s', (text, shows) => {
    expect(maskTelephones(text)).toBe(shows);
  });
  it.each([
    '王芳',
    '3 室 2 厅',
    '2026-03-02',
    '2026-03-02 15:00 到访',
    '123456',
    '139****0037',
    '三期 120 万\n面积 88\n单价 9000\n',
    '',
  ])('leaves %j alone', (text) => {
    expect(maskTelephones(text)).toBe(text);
  });

  const separators = fc.constantFrom(
    '',
    '',
    '',
    ' ',
    '-',
    '–',
    '.',
    '·',
    '(',
    ')',
    '　',
    '\u200b',
    '[',
    ']',
    '  ',
    '】',
  );
  const digitStyles = [
    (digit: string): string => digit,
    (digit: string): string => String.fromCodePoint(0xff10 + Number(digit)),
    (digit: string): string => String.fromCodePoint(0x1d7ce + Number(digit)),
    (digit: string): string => '⓪①②③④⑤⑥⑦⑧⑨'.charAt(Number(digit)),
  ];
  const numbers = fc.oneof(
    fc.tuple(fc.constantFrom('138', '199', '170'), fc.stringMatching(/^\d{8}$/)).map((parts) => parts.join('')),
    fc.stringMatching(/^6[0-9]{7}$/).map((rest) => `023${rest}`),
    fc.stringMatching(/^[0-9]{7}$/).map((rest) => `400${rest}`),
    fc.stringMatching(/^9[0-9]{7}$/).map((rest) => `+852${rest}`),
    fc.constantFrom('+6834002', '+29022158'),
  );
  const spelled = fc
    .tuple(numbers, fc.array(separators, { minLength: 16, maxLength: 16 }), fc.constantFrom(...digitStyles))
    .map(([number, marks, style]) =>
      [...number]
        .map((character, index) => (/\d/.test(character) ? style(character) : character) + marks[index]!)
        .join(''),
    );

  it('whatever the form would read as a telephone is masked in any text', () => {
    fc.assert(
      fc.property(
        spelled,
        fc.constantFrom('', '电话', '电话 ', '2026-03-02 ', '2026-03-02', '3 号楼 ', 'x'),
        fc.constantFrom('', '微信同号', ' 2026-03-02', '转8', ' 3 楼', '-801'),
        (number, before, after) => {
          const read = normalisePhone(number);
          if (!read.ok) return;
          const digits = (text: string): string => text.normalize('NFKC').replace(/[^\d*]/g, '');
          expect(digits(maskTelephones(before + number + after))).not.toContain(digits(read.e164).slice(-7));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
