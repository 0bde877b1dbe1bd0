import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { ReadSheet, Sheet } from '#event-sourcing/ports/sheet.js';
import { csvText } from './csv-text.js';
import { readCsvSheet } from './sheet-csv.js';

const read = (bytes: Uint8Array | string): Promise<ReadSheet> =>
  readCsvSheet(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, { name: 'register.csv' });
const sheetOf = async (bytes: Uint8Array | string): Promise<Sheet> => {
  const answer = await read(bytes);
  if (!answer.readable) throw new Error(answer.text.en);
  return answer.sheet;
};
const refusalOf = async (bytes: Uint8Array | string): Promise<string> => {
  const answer = await read(bytes);
  return answer.readable ? 'readable' : answer.refusal;
};
/** 姓名,电话 / 王芳,13800001111 in GBK. */
const gbk = Buffer.from('d0d5c3fb2cb5e7bbb00acdf5b7bc2c31333830303030313131310a', 'hex');
const cells = (sheet: Sheet): readonly (readonly string[])[] =>
  sheet.rows.map((row) => sheet.header.map((name) => row.cells[name]!));

describe('a register as text', () => {
  it('is read in GBK and in UTF-8, with a mark and without', async () => {
    const inGbk = await sheetOf(gbk);
    expect(inGbk).toMatchObject({
      encoding: 'gb18030',
      header: ['姓名', '电话'],
      rows: [{ line: 2, cells: { 姓名: '王芳', 电话: '13800001111' } }],
    });
    for (const mark of ['', '\ufeff'])
      expect(await sheetOf(`${mark}姓名,电话\n王芳,13800001111\n`)).toMatchObject({
        encoding: 'utf-8',
        header: inGbk.header,
        rows: inGbk.rows,
      });
  });

  it('reads a real register of 1,512 rows', async () => {
    const sheet = await sheetOf(readFileSync('test/fixtures/意向客户登记-2026年一季度.gbk.csv'));
    expect(sheet.header).toEqual([
      '登记时间',
      '报备人',
      '部门',
      '客户名称',
      '电话',
      '地址',
      '客户类型',
      '定金',
      '备注',
    ]);
    expect(sheet.rows).toHaveLength(1_512);
    expect(sheet.rows.at(-1)).toEqual({
      line: 1_513,
      cells: {
        登记时间: '2026-04-04 17:43',
        报备人: '李军',
        部门: '销售一部',
        客户名称: '戴伟勇',
        电话: '15765182189',
        地址: '重庆市南岸区星光大道112号',
        客户类型: '到店咨询',
        定金: '',
        备注: '',
      },
    });
  });

  it('knows a character that only GB18030 has', async () => {
    // 姓名 / 𠮷 (U+20BB7), a surname that GBK cannot write: four bytes.
    expect(cells(await sheetOf(Buffer.from('d0d5c3fb0a9534b2350a', 'hex')))).toEqual([['𠮷']]);
  });

  it('names the line of a row with too many or too few cells and reads the others', async () => {
    const { rows } = await sheetOf('a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n');
    expect(rows.map(({ line, ragged }) => ({ line, ragged }))).toEqual([
      { line: 2, ragged: undefined },
      { line: 3, ragged: { expected: 3, found: 2 } },
      { line: 4, ragged: { expected: 3, found: 4 } },
      { line: 5, ragged: undefined },
    ]);
  });

  it('gives the line a person finds, past empty lines and cells of several lines', async () => {
    const { rows } = await sheetOf('a,b\r\n\r\n1,"two\r\nlines"\r\n,,\r\n2,3\r\n');
    expect(rows.map(({ line }) => line)).toEqual([3, 6]);
  });

  it('takes tabs and semicolons', async () => {
    for (const separator of ['\t', ';'])
      expect(cells(await sheetOf(`a${separator}b\n1,5${separator}2\n`))).toEqual([['1,5', '2']]);
  });
});

describe('what is no register is refused with a reason', () => {
  const damaged = Buffer.from(`姓名,地址\n王芳,${'重庆市南岸区红锦大道'.repeat(5)}\n`);
  damaged[damaged.length - 10] = 0x41;
  it.each<[string, Uint8Array | string, string]>([
    ['nothing', '', 'Empty'],
    ['only empty lines', '\n\n , \n', 'Empty'],
    ['UTF-16 with a mark', Buffer.from('\ufeff姓名,电话\n', 'utf16le'), 'Utf16'],
    ['UTF-16 without one', Buffer.from('name,phone\n', 'utf16le'), 'Utf16'],
    ['UTF-8 with one byte lost', damaged, 'Utf8Damaged'],
    ['control characters', 'a,b\n1,\u0007\n', 'Binary'],
    ['a quotation mark that never closes', 'a,b\n1,"2\n3,4\n', 'QuotesUnbalanced'],
    ['text after a closing quotation mark', 'a,b\n"1"x,2\n', 'QuotesUnbalanced'],
    ['a quotation mark in the middle of a cell', 'a,b\n1x"y,2\n', 'QuotesUnbalanced'],
    ['a cell of 10 MB', `a,b\n1,${'x'.repeat(10_000_000)}\n`, 'CellTooLong'],
    ['a cell of 33,000 characters', `a,b\n1,${'x'.repeat(33_000)}\n`, 'CellTooLong'],
    ['two columns of one name', 'a,a\n1,2\n', 'HeaderRepeated'],
    ['a column without a name', 'a,,c\n1,2,3\n', 'HeaderUnnamed'],
    ['201 columns', `${Array.from({ length: 201 }, (_, index) => `c${index}`).join(',')}\n`, 'TooManyColumns'],
    ['more than 32 MiB', new Uint8Array(32 * 1024 * 1024 + 1).fill(0x61), 'TooLarge'],
  ])('%s', async (_, bytes, refusal) => {
    expect(await refusalOf(bytes)).toBe(refusal);
  });

  it('says the line, in both languages', async () => {
    expect(await read('a,b\n1,2\n3,"4\n')).toMatchObject({
      readable: false,
      refusal: 'QuotesUnbalanced',
      line: 3,
      text: { zh: expect.stringMatching(/^第 3 行：.*引号/), en: expect.stringMatching(/^Line 3: /) },
    });
  });

  it('never turns random bytes into rows of characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 200, maxLength: 2_000 }), async (bytes) => {
        const answer = await read(bytes);
        expect(answer.readable).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('passes over a million empty rows and keeps nothing of them', async () => {
    const sheet = await sheetOf(`a,b\n${',\n'.repeat(1_000_000)}1,2\n`);
    expect(sheet.rows).toEqual([{ line: 1_000_002, cells: { a: '1', b: '2' } }]);
  });
});

describe('a sheet that is written', () => {
  it('never begins a cell with what a workbook would calculate', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r']) {
      const [, row] = csvText(['a'], [[`${start}1+1`]])
        .slice(1)
        .split('\r\n');
      expect(row!.replaceAll('"', '').startsWith(`'${start}`)).toBe(true);
    }
  });

  it('reads back as it was, whatever stood in its cells', async () => {
    const cell = fc
      .string({
        unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\n', '王', '1', 'x', ' '),
        maxLength: 8,
      })
      .map((text) => text.trim());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
        const kept = rows.filter((row) => row.some((text) => text !== ''));
        expect(cells(await sheetOf(csvText(['a', 'b'], rows)))).toEqual(kept);
      }),
      { numRuns: 300 },
    );
  });
});
