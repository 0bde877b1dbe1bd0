import { columnKey, type SheetRow } from '#event-sourcing/ports/sheet.js';
import { cellLengthMax, columnsMax, rowsMax, SheetRefusedError } from './refusals.js';

interface Line {
  readonly line: number;
  readonly texts: readonly string[];
}
interface Column {
  readonly name: string;
  readonly index: number;
}
interface Heading {
  readonly line: number;
  readonly columns: readonly Column[];
  readonly names: readonly string[];
  /** Cells of the line, named or not, without the empty ones at its end. */ readonly width: number;
}

/** Titles, dates and names of authors that people write above the headings. */
const titleLinesMax = 20;

/**
 * Builds header and rows from lines of cells, whatever they were read from. The first line with content names the
 * columns; lines of one cell above it are a title where a line of several follows.
 */
export class Table {
  #heading: Heading | undefined;
  /** Lines of one cell, until it is known whether they are titles or a sheet of one column. */
  readonly #waiting: Line[] = [];
  readonly #rows: SheetRow[] = [];

  /** `strict`: every line says how many cells it has; a workbook's grid does not. */
  constructor(private readonly strict: boolean) {}

  /** Everything that was added. Throws SheetRefusedError for a table without content. */
  read(): { readonly header: readonly string[]; readonly headerLine: number; readonly rows: readonly SheetRow[] } {
    this.#settle();
    if (this.#heading === undefined) throw new SheetRefusedError('Empty');
    return { header: this.#heading.names, headerLine: this.#heading.line, rows: this.#rows };
  }

  add(line: number, given: readonly string[]): void {
    const texts = given.map((cell) => (this.strict ? textIn(cell) : unguarded(textIn(cell))));
    const filled = texts.filter((text) => text !== '').length;
    if (filled === 0) return;
    if (texts.some(({ length }) => length > cellLengthMax)) throw new SheetRefusedError('CellTooLong', line);
    if (this.#heading !== undefined) this.#addRow({ line, texts }, this.#heading);
    else if (filled > 1) this.#heading = headingOf({ line, texts });
    else {
      this.#waiting.push({ line, texts });
      if (this.#waiting.length > titleLinesMax) this.#settle();
    }
  }

  /** No line of several cells came: it is a sheet of one column. */
  #settle(): void {
    const [first, ...rows] = this.#waiting.splice(0);
    if (this.#heading !== undefined || first === undefined) return;
    const heading = headingOf(first);
    this.#heading = heading;
    for (const row of rows) this.#addRow(row, heading);
  }

  #addRow({ line, texts }: Line, { columns, width }: Heading): void {
    if (this.#rows.length >= rowsMax) throw new SheetRefusedError('TooManyRows', line);
    const named = new Set(columns.map(({ index }) => index));
    const unnamed = texts.findIndex((text, index) => text !== '' && !named.has(index));
    const beyond = unnamed >= width;
    if (unnamed !== -1 && !(this.strict && beyond)) throw new SheetRefusedError('HeaderUnnamed', line, letter(unnamed));
    const cells = Object.fromEntries(columns.map(({ name, index }) => [name, texts[index] ?? '']));
    // Separators that hang at the end of a line add nothing; a cell too few may be any cell.
    const ragged = this.strict && (beyond || texts.length < width);
    this.#rows.push(ragged ? { line, cells, ragged: { expected: width, found: texts.length } } : { line, cells });
  }
}

/** A cell as a person reads it: trimmed, line breaks of every machine as one. */
const textIn = (cell: string): string => cell.replaceAll(/\r\n?/g, '\n').trim();
/** Exports put `="139…"` and `'139…` into the cells of a grid, as text keeps a workbook from reading a number. */
const unguarded = (cell: string): string => cell.replace(/^="([^"]*)"$/, '$1').replace(/^['＇‘’](?=\+?\d)/, '');

const headingOf = ({ line, texts }: Line): Heading => {
  const width = texts.findLastIndex((text) => text !== '') + 1;
  if (width > columnsMax) throw new SheetRefusedError('TooManyColumns', line);
  const columns = texts
    .slice(0, width)
    .map((text, index) => ({ name: text.normalize('NFKC').replaceAll(/\s+/g, ' '), index }))
    .filter(({ name }) => name !== '');
  const places = Map.groupBy(columns, ({ name }) => columnKey(name));
  const doubled = [...places.values()].find((same) => same.length > 1);
  if (doubled !== undefined) {
    const where = doubled.map(({ index }) => letter(index)).join(', ');
    throw new SheetRefusedError('HeaderRepeated', line, `${doubled[0]!.name} (${where})`);
  }
  return { line, columns, names: columns.map(({ name }) => name), width };
};

/** As workbooks name their columns: A … Z, AA … */
const letter = (index: number): string =>
  (index < 26 ? '' : letter(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));
