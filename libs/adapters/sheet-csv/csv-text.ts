import { stringify } from 'csv-stringify/sync';

/**
 * Whether a workbook would take the cell for a formula, or whether it looks like one that was guarded before.
 * Full-width signs count too.
 */
export const wouldCalculate = (cell: string): boolean =>
  /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(cell) || /^'+\d/.test(cell);

/**
 * A table as a CSV that Excel and WPS open without asking: UTF-8 with its mark, CRLF. A cell that begins with `= + -
 * @`, TAB or CR gets an
 * apostrophe in front, because a workbook would calculate it: a customer's name must never become a formula on the
 * desk's machine.
 */
export const csvText = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  stringify(
    [header, ...rows].map((row) => row.map((cell) => (wouldCalculate(cell) ? `'${cell}` : cell))),
    { bom: true, record_delimiter: 'windows', quoted_match: /[\r\n;]/ },
  );
