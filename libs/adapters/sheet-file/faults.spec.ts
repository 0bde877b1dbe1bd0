import { readFileSync } from 'node:fs';
import { columnKey, type ReadSheet, type Sheet } from '#event-sourcing/ports/sheet.js';
import { readSheet } from './sheet-file.js';

const read = (name: string, worksheet?: string): Promise<ReadSheet> =>
  readSheet(readFileSync(`test/fixtures/faults/${name}`), { name, ...(worksheet === undefined ? {} : { worksheet }) });
const sheetOf = async (name: string, worksheet?: string): Promise<Sheet> => {
  const answer = await read(name, worksheet);
  if (!answer.readable) throw new Error(answer.text.en);
  return answer.sheet;
};
const text = (content: string): Promise<ReadSheet> => readSheet(Buffer.from(content), { name: 'register.csv' });
const column = ({ rows }: Sheet, name: string): readonly (string | undefined)[] => rows.map(({ cells }) => cells[name]);

describe('a file as people save it', () => {
  it('a cell with a time and no date is a time', async () =>
    expect(column(await sheetOf('i4-time-only.xlsx'), '登记时间')).toEqual(['10:00', '636:00', '10:00']));
  it.each([
    ['e-empty.xlsx', 'Empty', ''],
    ['e-all-hidden.xlsx', 'SheetsHidden', ''],
    ['s10-three-sheets.xlsx', 'SheetsSeveral', '10月、11月'],
    ['html.xls', 'WebPage', 'HTML'],
  ])('%s is refused: %s', async (name, refusal, says) => {
    const answer = await read(name);
    expect(answer).toMatchObject({ readable: false, refusal });
    expect(answer.readable ? '' : answer.text.zh).toContain(says);
  });
  it('headings without a row are a sheet of no rows', async () =>
    expect(await sheetOf('e-header-only.xlsx')).toMatchObject({ rows: [], headerLine: 1 }));
  it('the sheet that somebody names is read, and one that is not there is refused with those that are', async () => {
    expect(await sheetOf('s10-three-sheets.xlsx', '11月')).toMatchObject({
      worksheet: '11月',
      worksheetsLeft: ['10月', '说明'],
      rows: [{ line: 2 }, { line: 3 }],
    });
    expect(await read('s10-three-sheets.xlsx', '12月')).toMatchObject({ refusal: 'SheetUnknown' });
  });
  it('a cover is no register, and is told', async () =>
    expect(await sheetOf('s10-cover-first.xlsx')).toMatchObject({ worksheet: '登记', worksheetsLeft: ['封面'] }));
  it('hidden rows are read and counted', async () => {
    const sheet = await sheetOf('s07-hidden-rows.xlsx');
    expect([sheet.rows.length, sheet.hiddenRows]).toEqual([3, 1]);
  });
  it('a title stands above the headings', async () =>
    expect(await sheetOf('s09-title-row.xlsx')).toMatchObject({ headerLine: 2, rows: [{ line: 3 }] }));
  it('a package may call its parts workbook2.xml', async () =>
    expect((await sheetOf('v-workbook2.xlsx')).rows).toHaveLength(1));
  it('how a name is read aloud is no part of it, shared or inline; Alt+Enter is a line break', async () => {
    const sheet = await sheetOf('s02-phonetic.xlsx');
    expect(column(sheet, '客户名称')).toEqual(['单秋实', '单秋实']);
    expect(column(sheet, '地址')).toEqual(['重庆市渝中区示例大道9号', '重庆市示例大道10号']);
    expect(column(sheet, '备注')[1]).toBe('甲\n乙');
  });
  it('sep= says the separator and is no heading', async () =>
    expect(await sheetOf('sep.csv')).toMatchObject({
      header: ['登记时间', '报备人', '客户名称', '电话', '地址', '备注'],
      rows: [{ line: 3, cells: { 电话: '13830000001' } }],
    }));
  it('guards that keep a telephone number from being a number are taken off', async () => {
    const phones = column(await sheetOf('phones.csv'), '电话');
    expect(phones).toEqual(expect.arrayContaining(['13900000024', '13900000025']));
  });
  it.each([
    ['two columns of one name', 'a,电话,电话：\n1,2,3\n', 'HeaderRepeated', 'B, C'],
    ['content without a name', 'a,,b\n1,2,3\n', 'HeaderUnnamed', 'B'],
    [
      'SpreadsheetML',
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
      'XmlWorkbook',
      '',
    ],
    ['a web archive', 'MIME-Version: 1.0\nX-Document-Type: Workbook\n', 'WebPage', ''],
  ])('%s is refused with its true cause', async (_, content, refusal, says) => {
    const answer = await text(content);
    expect(answer).toMatchObject({ readable: false, refusal });
    expect(answer.readable ? '' : answer.text.en).toContain(says);
  });
  it('a column without name and content is none', async () =>
    expect(await text('a,,b\n1,,3\n')).toMatchObject({
      sheet: { header: ['a', 'b'], rows: [{ cells: { a: '1', b: '3' } }] },
    }));
  it('a title above a CSV with semicolons', async () =>
    expect(await text('11月登记\n\n姓名;电话\n王芳;13900000001\n')).toMatchObject({
      sheet: { header: ['姓名', '电话'], headerLine: 3 },
    }));
});

describe('a heading', () => {
  it.each(['电话（手机）', '电话(手机)：', '*电话(手机)', '电话\n（手机）', ' 电话 （手机） ＊'])(
    '%j is the same column',
    (heading) => expect(columnKey(heading)).toBe('电话(手机)'),
  );
});
