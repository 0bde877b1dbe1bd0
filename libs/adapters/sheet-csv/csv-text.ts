import { stringify } from 'csv-stringify/sync';

/**
 * A table as a CSV that Excel and WPS open without asking: UTF-8 with its mark, CRLF. A cell that begins with `= + - @`, TAB or CR gets an
 * apostrophe in front, because a workbook would calculate it: a customer's name must never become a formula on the desk's machine.
 */
export const csvText = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  stringify([[...header], ...rows.map((row) => [...row])], { bom: true, record_delimiter: 'windows', escape_formulas: true });
