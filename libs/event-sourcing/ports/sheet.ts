/** A table as people hand it in: every cell is text, as a person would read it. */
export interface Sheet {
  readonly name: string;
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
  'HeaderRepeated',
  'HeaderUnnamed',
  'QuotesUnbalanced',
  'Utf16',
  'Utf8Damaged',
  'EncodingUnknown',
  'Binary',
  'OldWorkbook',
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
export type SheetReader = (bytes: Uint8Array, file: { readonly name: string }) => Promise<ReadSheet>;
