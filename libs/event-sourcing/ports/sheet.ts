/** A table as people hand it in: every cell is text, as a person would read it. */
export interface Sheet {
  readonly name: string;
  /** Of a workbook: which of its sheets this is, and which other visible ones hold something and were not read. */
  readonly worksheet?: string;
  readonly worksheetsLeft?: readonly string[];
  /** Where the headings stand; what lies above them was not read. */
  readonly headerLine: number;
  /** Rows that a filter or a person hid in the workbook; they are among `rows`. */
  readonly hiddenRows: number;
  /** Names of the columns, in the sheet's order, trimmed and all different. */
  readonly header: readonly string[];
  readonly rows: readonly SheetRow[];
  /** How the bytes were read. */
  readonly encoding: 'utf-8' | 'gb18030' | 'xlsx';
  /** SHA-256 of the file's bytes, 64 hex digits: the same bytes are the same sheet. */
  readonly digest: string;
}

export interface SheetRow {
  /** Where a person finds the row: the line of a text file that it begins on, the row number of a workbook. 1-based. */
  readonly line: number;
  /**
   * Text by column name, trimmed; an empty cell is empty text. Dates are `2026-03-03` or `2026-03-03 10:00:00`, as the
   * sheet's clock shows them.
   */
  readonly cells: Readonly<Record<string, string>>;
  /** The row has more or fewer cells than the header, so nobody knows which cell belongs to which column. */
  readonly ragged?: { readonly expected: number; readonly found: number };
}

export const sheetRefusals = [
  'Empty',
  'TooLarge',
  'TooManyRows',
  'TooManyColumns',
  'CellTooLong',
  'SheetsSeveral',
  'SheetUnknown',
  'SheetsHidden',
  'HeaderRepeated',
  'HeaderUnnamed',
  'QuotesUnbalanced',
  'Utf16',
  'Utf8Damaged',
  'EncodingUnknown',
  'Binary',
  'OldWorkbook',
  'WebPage',
  'XmlWorkbook',
  'NotASheet',
  'WorkbookDamaged',
  'WorkbookProtected',
  'WorkbookTooLarge',
  'WorkbookUnsafe',
  'WorkbookTooSlow',
] as const;
export type SheetRefusal = (typeof sheetRefusals)[number];

/** A sheet, or why it cannot be read and what to do about it, as one sentence in each language. */
export type ReadSheet =
  | { readonly readable: true; readonly sheet: Sheet }
  | {
      readonly readable: false;
      readonly refusal: SheetRefusal;
      readonly text: { readonly zh: string; readonly en: string };
      /** Where the trouble begins, if it is one place. */ readonly line?: number;
    };

/** Reads the whole sheet or refuses the whole file: half a sheet is never handed on. */
export type SheetReader = (
  bytes: Uint8Array,
  file: {
    readonly name: string;
    /** The sheet of a workbook that is meant, where several hold rows. */
    readonly worksheet?: string;
  },
) => Promise<ReadSheet>;

/**
 * What a heading is known by: 电话（手机）, 电话(手机)：* and one that breaks over two lines are one column. Headings of a
 * sheet and columns of a mapping are the same where this is.
 */
export const columnKey = (heading: string): string =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}]+/gu, '')
    .replaceAll(/^[*:]+|[*:]+$/g, '');
