import type { ReadSheet, SheetRefusal } from '#event-sourcing/ports/sheet.js';

/** Limits of what is read into memory at once. A register of a whole year has some ten thousand rows. */
export const bytesMax = 32 * 1024 * 1024;
export const rowsMax = 200_000;
export const columnsMax = 200;
/** What a cell of a workbook can hold; a longer one is a missing quote or an attack. */
export const cellLengthMax = 32_767;

type Refused = Extract<ReadSheet, { readable: false }>;
const sentences: Readonly<Record<SheetRefusal, { readonly zh: string; readonly en: string }>> = {
  Empty: {
    zh: '表里没有内容：第一行应为列名，下面每行一条。',
    en: 'The sheet is empty: the first row names the columns, each row below is one entry.',
  },
  TooLarge: {
    zh: `文件超过 ${bytesMax / 1024 / 1024} MB，请分成几份。`,
    en: `The file is larger than ${bytesMax / 1024 / 1024} MB: split it.`,
  },
  TooManyRows: { zh: `超过 ${rowsMax} 行，请分成几份。`, en: `More than ${rowsMax} rows: split the sheet.` },
  TooManyColumns: {
    zh: `超过 ${columnsMax} 列，请删去无关的列。`,
    en: `More than ${columnsMax} columns: remove those that do not belong to it.`,
  },
  CellTooLong: {
    zh: `有单元格超过 ${cellLengthMax} 个字符，可能是缺了引号。`,
    en: `A cell has more than ${cellLengthMax} characters; a quotation mark may be missing.`,
  },
  SheetsSeveral: {
    zh: '有几张工作表都有数据：{about}。请用 --sheet 指明读哪一张。',
    en: 'Several sheets hold rows: {about}. Say by --sheet which one is to be read.',
  },
  SheetUnknown: { zh: '没有这张工作表，可选：{about}。', en: 'There is no such sheet; choose from: {about}.' },
  SheetsHidden: {
    zh: '所有工作表都是隐藏的，没有可读的内容。请取消隐藏要报备的那张。',
    en: 'All sheets are hidden, so there is nothing to read. Show the one to be filed.',
  },
  HeaderRepeated: { zh: '有两列同名，请改名：{about}。', en: 'Two columns have the same name, rename one: {about}.' },
  HeaderUnnamed: {
    zh: '有内容的列没有列名，请补上：{about} 列。',
    en: 'A column with content has no name, give it one: column {about}.',
  },
  QuotesUnbalanced: {
    zh: '引号不成对，无法确定单元格到哪里为止。请用 Excel 另存为“CSV UTF-8”。',
    en: 'Quotation marks do not pair, so nobody can tell where a cell ends. Save it again as "CSV UTF-8".',
  },
  Utf16: {
    zh: '文件是 UTF-16 编码（“Unicode 文本”）。请用 Excel 另存为“CSV UTF-8”。',
    en: 'The file is UTF-16 ("Unicode text"). Save it as "CSV UTF-8".',
  },
  Utf8Damaged: {
    zh: '文件是 UTF-8 编码，但有字节损坏。请重新导出。',
    en: 'The file is UTF-8 with damaged bytes. Export it again.',
  },
  EncodingUnknown: {
    zh: '文件既不是 UTF-8 也不是 GBK/GB18030 编码的文字。请用 Excel 另存为“CSV UTF-8”。',
    en: 'The file is text neither in UTF-8 nor in GBK/GB18030. Save it as "CSV UTF-8".',
  },
  Binary: { zh: '文件里有控制字符，不是文字表格。', en: 'The file holds control characters: it is no sheet of text.' },
  OldWorkbook: {
    zh: '这是旧版或其他格式的文件（.xls、.xlsb、.et、.ods、.doc）或设了密码的工作簿。请去掉密码，另存为 .xlsx 或“CSV UTF-8”。',
    en: 'This is a file of an old or another format (.xls, .xlsb, .et, .ods, .doc) or a workbook with a password. Remove the password and save it as .xlsx or as "CSV UTF-8".',
  },
  WebPage: {
    zh: '这是网页（HTML），只是扩展名像表格。请用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8”。',
    en: 'This is a web page (HTML) under the name of a sheet: open it and save it as .xlsx or as "CSV UTF-8".',
  },
  XmlWorkbook: {
    zh: '这是“XML 表格”（SpreadsheetML），只是扩展名像工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8”。',
    en: 'This is an XML spreadsheet (SpreadsheetML): open it and save it as .xlsx or as "CSV UTF-8".',
  },
  NotASheet: {
    zh: '这不是表格（照片、PDF、Word 文档或压缩包）。请交 .xlsx 或 CSV。',
    en: 'This is no sheet (a photograph, a PDF, a Word document or an archive). Hand in .xlsx or CSV.',
  },
  WorkbookDamaged: { zh: '工作簿已损坏，无法打开。请重新保存后再交。', en: 'The workbook is damaged. Save it again.' },
  WorkbookProtected: { zh: '工作簿有密码。请去掉密码后再交。', en: 'The workbook has a password: remove it.' },
  WorkbookTooLarge: {
    zh: '工作簿解开后过大。请只保留要报备的那张表，另存为“CSV UTF-8”。',
    en: 'The workbook is too large once unpacked. Keep only the sheet to be filed, as "CSV UTF-8".',
  },
  WorkbookUnsafe: {
    zh: '工作簿里有可疑的内容（路径、链接或嵌套压缩包），不予打开。',
    en: 'The workbook holds suspicious parts (paths, links or nested archives) and is not opened.',
  },
  WorkbookTooSlow: {
    zh: '读取工作簿超时。请另存为“CSV UTF-8”。',
    en: 'Reading the workbook took too long. Save it as "CSV UTF-8".',
  },
};

/** `about`: the columns or sheets that it is about. */
export const refuseSheet = (refusal: SheetRefusal, line?: number, about = ''): Refused => {
  const { zh, en } = {
    zh: sentences[refusal].zh.replace('{about}', () => about),
    en: sentences[refusal].en.replace('{about}', () => about),
  };
  return line === undefined
    ? { readable: false, refusal, text: { zh, en } }
    : { readable: false, refusal, text: { zh: `第 ${line} 行：${zh}`, en: `Line ${line}: ${en}` }, line };
};

/** Thrown inside a reader, answered at its edge. */
export class SheetRefusedError extends Error {
  override readonly name = 'SheetRefusedError';
  readonly refused: Refused;
  constructor(refusal: SheetRefusal, line?: number, about?: string) {
    super(refusal);
    this.refused = refuseSheet(refusal, line, about);
  }
}

/** Runs a reader; whatever refuses inside it becomes its answer. */
export const answering = async (read: () => Promise<ReadSheet>): Promise<ReadSheet> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SheetRefusedError) return error.refused;
    throw error;
  }
};
