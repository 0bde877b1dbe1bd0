import type { SheetReader } from '#event-sourcing/ports/sheet.js';
import { readCsvSheet } from '../sheet-csv/sheet-csv.js';
import { readXlsxSheet } from '../sheet-xlsx/sheet-xlsx.js';
import { refuseSheet } from './refusals.js';

/**
 * First bytes of what people send by mistake. The content decides, not the name: a .xls renamed to .csv stays what it
 * is.
 */
const photographsAndPapers: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x47, 0x49, 0x46, 0x38],
  [0x42, 0x4d],
  [0x25, 0x50, 0x44, 0x46],
  [0x52, 0x49, 0x46, 0x46],
  [0x52, 0x61, 0x72, 0x21],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x1f, 0x8b],
];
const oldWorkbook = [0xd0, 0xcf, 0x11, 0xe0];
const zip = [0x50, 0x4b];
/** As far as a document says what it is. */
const prologueBytes = 2_048;
/** What programs write under the name of a workbook: a web page, or a spreadsheet as XML. */
const markupOf = (bytes: Uint8Array): 'WebPage' | 'XmlWorkbook' | undefined => {
  const start = new TextDecoder('latin1')
    .decode(bytes.subarray(0, prologueBytes))
    .replace(/^[\u00ef\u00bb\u00bf\s]+/, '');
  if (/^(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|style|div)\b/is.test(start)) return 'WebPage';
  if (/^MIME-Version:/i.test(start)) return 'WebPage';
  if (!start.startsWith('<?xml')) return undefined;
  return /<html\b/i.test(start) ? 'WebPage' : 'XmlWorkbook';
};

/**
 * Reads a sheet of any kind we take: CSV in UTF-8 or GBK, or .xlsx. Everything else is refused with one sentence that
 * says what to do.
 */
export const readSheet: SheetReader = async (bytes, file) => {
  const starts = (mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);
  if (bytes.byteLength === 0) return refuseSheet('Empty');
  if (starts(oldWorkbook)) return refuseSheet('OldWorkbook');
  if (starts(zip) && (bytes[2] === 3 || bytes[2] === 5)) return readXlsxSheet(bytes, file);
  // "BM" is a bitmap only when bytes follow that no text has; a column may well be called BM.
  if (photographsAndPapers.some((mark) => starts(mark) && (mark.length > 2 || bytes.subarray(0, 32).includes(0))))
    return refuseSheet('NotASheet');
  const markup = markupOf(bytes);
  return markup === undefined ? readCsvSheet(bytes, file) : refuseSheet(markup);
};
