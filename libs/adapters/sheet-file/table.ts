import type { SheetRow } from '#event-sourcing/ports/sheet.js';
import { cellLengthMax, columnsMax, rowsMax, SheetRefusedError } from './refusals.js';

/**
 * Builds header and rows from lines of cells, whatever they were read from. The first line with content names the
 * columns.
 */
export class Table {
  #columns: readonly string[] | undefined;
  readonly rows: SheetRow[] = [];

  /** `strict`: every line says how many cells it has; a workbook's grid does not. */
  constructor(private readonly strict: boolean) {}

  get header(): readonly string[] {
    if (this.#columns === undefined) throw new SheetRefusedError('Empty');
    return this.#columns;
  }

  add(line: number, given: readonly string[]): void {
    const texts = given.map((text) => text.trim());
    if (texts.every((text) => text === '')) return;
    if (texts.some(({ length }) => length > cellLengthMax)) throw new SheetRefusedError('CellTooLong', line);
    if (this.#columns === undefined) this.#columns = columnsOf(line, texts);
    else this.#addRow(line, texts, this.#columns);
  }

  #addRow(line: number, texts: readonly string[], columns: readonly string[]): void {
    if (this.rows.length >= rowsMax) throw new SheetRefusedError('TooManyRows', line);
    const beyond = texts.slice(columns.length).some((text) => text !== '');
    if (beyond && !this.strict) throw new SheetRefusedError('HeaderUnnamed', line);
    const cells = Object.fromEntries(columns.map((name, index) => [name, texts[index] ?? '']));
    // Separators that hang at the end of a line add nothing; a cell too few may be any cell.
    const ragged = this.strict && (beyond || texts.length < columns.length);
    this.rows.push(
      ragged ? { line, cells, ragged: { expected: columns.length, found: texts.length } } : { line, cells },
    );
  }
}

const columnsOf = (line: number, texts: readonly string[]): readonly string[] => {
  const columns = texts
    .slice(0, texts.findLastIndex((text) => text !== '') + 1)
    .map((text) => text.normalize('NFKC').replaceAll(/\s+/g, ' '));
  if (columns.length > columnsMax) throw new SheetRefusedError('TooManyColumns', line);
  if (columns.includes('')) throw new SheetRefusedError('HeaderUnnamed', line);
  if (new Set(columns).size < columns.length) throw new SheetRefusedError('HeaderRepeated', line);
  return columns;
};
