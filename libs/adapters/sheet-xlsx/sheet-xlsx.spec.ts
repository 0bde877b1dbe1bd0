import { writeXlsx } from 'hucre/xlsx';
import { readFileSync } from 'node:fs';
import type { ReadSheet, Sheet } from '#event-sourcing/ports/sheet.js';
import { readSheet } from '../sheet-file/sheet-file.js';
import { textRow, workbookOf, zipOf, type Part } from '../sheet-file/testing/zip.js';

const read = (bytes: Uint8Array): Promise<ReadSheet> => readSheet(bytes, { name: 'register.xlsx' });
const sheetOf = async (bytes: Uint8Array): Promise<Sheet> => {
  const answer = await read(bytes);
  if (!answer.readable) throw new Error(answer.text.en);
  return answer.sheet;
};
const refusalOf = async (bytes: Uint8Array): Promise<string> => {
  const answer = await read(bytes);
  return answer.readable ? 'readable' : answer.refusal;
};
const header = textRow(1, ['name', 'phone']);
const row = textRow(2, ['王芳', '13800001111']);

describe('a workbook', () => {
  it('of a distributor with 10,013 rows is read row by row', async () => {
    const sheet = await sheetOf(readFileSync('test/fixtures/正盛公司3月3日预报备.xlsx'));
    expect(sheet.rows).toHaveLength(10_013);
    expect(sheet).toMatchObject({
      encoding: 'xlsx',
      header: ['序号', '客户姓名', '联系电话', '性别', '来访日期', '来访人数', '分销公司', '报备人', '备注'],
    });
    expect(sheet.rows[0]).toEqual({
      line: 2,
      cells: {
        序号: '1',
        客户姓名: '林军红',
        联系电话: '131****6032',
        性别: '女',
        来访日期: '2026/3/3',
        来访人数: '2',
        分销公司: '正盛',
        报备人: '陈主管',
        备注: '',
      },
    });
  });

  it('of dealers with amounts keeps every digit', async () => {
    const sheet = await sheetOf(readFileSync('test/fixtures/工程报备-2026上半年.xlsx'));
    expect(sheet.rows).toHaveLength(240);
    expect(sheet.rows[0]!.cells).toMatchObject({ 报备单位: '恒信建材', 预计签约金额: '1000000', 保证金: '10000' });
  });

  it('gives dates as the sheet shows them and numbers without exponents or binary tails', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'S',
          rows: [
            ['at', 'day', 'phone', 'amount', 'yes', 'large'],
            [
              new Date(Date.UTC(2026, 0, 5, 9, 6)),
              new Date(Date.UTC(2026, 2, 3)),
              13_800_001_111,
              0.1 + 0.2,
              true,
              1e20,
            ],
          ],
        },
      ],
    });
    expect((await sheetOf(bytes)).rows[0]!.cells).toEqual({
      at: '2026-01-05 09:06:00',
      day: '2026-03-03',
      phone: '13800001111',
      amount: '0.3',
      yes: 'TRUE',
      large: '100000000000000000000',
    });
  });

  it('gives what a formula last showed, and never its text', async () => {
    const formula =
      '<row r="2"><c r="A2" t="str"><f>CONCAT("王","芳")</f><v>王芳</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>';
    expect((await sheetOf(workbookOf(header + formula))).rows[0]!.cells).toEqual({ name: '王芳', phone: '2' });
  });

  it('keeps the numbers of rows past empty ones', async () => {
    expect(
      (await sheetOf(workbookOf(header + textRow(7, ['王芳', '13800001111'])))).rows.map(({ line }) => line),
    ).toEqual([7]);
  });

  it('is read past a million empty rows', async () => {
    const empty = Array.from({ length: 200_000 }, (_, index) => `<row r="${index + 2}"/>`).join('');
    expect((await sheetOf(workbookOf(`${header}${empty}${textRow(1_000_000, ['王芳', '1'])}`))).rows).toEqual([
      { line: 1_000_000, cells: { name: '王芳', phone: '1' } },
    ]);
  });
});

describe('a hostile workbook is refused by its directory, before anything is unpacked', () => {
  const zeros = (bytes: number): Uint8Array => new Uint8Array(bytes);
  const many: readonly Part[] = Array.from({ length: 10_000 }, (_, index) => ({
    name: `xl/part${index}.xml`,
    content: '',
  }));
  it.each<[string, Uint8Array, string]>([
    [
      'a bomb of 64 MB in 64 kB',
      workbookOf(header, [{ name: 'xl/bomb.xml', content: zeros(64 * 1024 * 1024) }]),
      'WorkbookTooLarge',
    ],
    [
      'parts that come to more than 96 MiB',
      workbookOf(
        header,
        [1, 2].map((number) => ({ name: `xl/${number}.xml`, content: 'x', claimedSize: 60 * 1024 * 1024 })),
      ),
      'WorkbookTooLarge',
    ],
    ['10,000 parts', workbookOf(header, many), 'WorkbookTooLarge'],
    ['a name that climbs out', workbookOf(header, [{ name: '../../etc/passwd', content: 'x' }]), 'WorkbookUnsafe'],
    ['an absolute name', workbookOf(header, [{ name: '/etc/passwd', content: 'x' }]), 'WorkbookUnsafe'],
    ['a name with backslashes', workbookOf(header, [{ name: '..\\evil.xml', content: 'x' }]), 'WorkbookUnsafe'],
    [
      'a symbolic link',
      workbookOf(header, [{ name: 'xl/link', content: '/etc/passwd', attributes: (0o120777 << 16) >>> 0 }]),
      'WorkbookUnsafe',
    ],
    [
      'an archive inside',
      workbookOf(header, [{ name: 'xl/inner.zip', content: zipOf([{ name: 'a', content: 'b' }]) }]),
      'WorkbookUnsafe',
    ],
    [
      'the same part twice',
      workbookOf(header, [{ name: 'xl/workbook.xml', content: '<workbook/>' }]),
      'WorkbookUnsafe',
    ],
    [
      'an encrypted part',
      workbookOf(header, [{ name: 'xl/secret.xml', content: 'x', encrypted: true }]),
      'WorkbookProtected',
    ],
    ['half a file', workbookOf(header + row).subarray(0, 300), 'WorkbookDamaged'],
    ['an archive without a workbook', zipOf([{ name: 'word/document.xml', content: '<w/>' }]), 'NotASheet'],
  ])('%s', async (_, bytes, refusal) => {
    expect(await refusalOf(bytes)).toBe(refusal);
  });

  it('a directory that lies about sizes meets the parser in its thread, and this process goes on', async () => {
    // A part that claims 100 bytes and holds 64 MB of one sheet.
    const filler = `<row r="2"><c r="A2" t="inlineStr"><is><t>${'x'.repeat(64 * 1024 * 1024)}</t></is></c></row>`;
    const lying = Buffer.from(workbookOf(header + filler));
    let lies = 0;
    for (
      let at = lying.indexOf('xl/worksheets/sheet1.xml');
      at !== -1;
      at = lying.indexOf('xl/worksheets/sheet1.xml', at + 1)
    ) {
      const field =
        lying.readUInt32LE(at - 30) === 0x04034b50
          ? at - 8
          : lying.readUInt32LE(at - 46) === 0x02014b50
            ? at - 22
            : undefined;
      if (field === undefined) continue;
      lying.writeUInt32LE(100, field);
      lies += 1;
    }
    expect(lies).toBe(2);
    expect(['WorkbookDamaged', 'WorkbookTooLarge', 'CellTooLong']).toContain(await refusalOf(lying));
  });

  it('external entities are not followed', async () => {
    const evil = workbookOf(
      `</sheetData></worksheet><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData>${header}<row r="2"><c r="A2" t="inlineStr"><is><t>&e;</t></is></c></row>`,
    );
    expect(JSON.stringify(await read(evil))).not.toContain('root:');
  });
});

describe('what is sent by mistake is refused with one sentence', () => {
  it.each<[string, readonly number[], string]>([
    ['.xls, .et', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0], 'OldWorkbook'],
    ['JPEG', [0xff, 0xd8, 0xff, 0xe0, 0, 0x10], 'NotASheet'],
    ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'NotASheet'],
    ['PDF', [...Buffer.from('%PDF-1.7\n')], 'NotASheet'],
    ['BMP', [0x42, 0x4d, 0, 0, 0, 0], 'NotASheet'],
    ['RAR', [0x52, 0x61, 0x72, 0x21, 0x1a], 'NotASheet'],
    ['nothing', [], 'Empty'],
  ])('%s', async (_, bytes, refusal) => {
    const answer = await read(Uint8Array.from(bytes));
    expect(answer).toMatchObject({
      readable: false,
      refusal,
      text: { zh: expect.stringMatching(/。$/), en: expect.stringMatching(/\.$/) },
    });
  });
});
