import { columnsOf } from './columns.ts';
import type { Render } from './format.ts';

/**
 * CSV as RFC 4180 has it: a heading, commas, lines that end in CR LF, quotes where a field needs them. No value is an empty field.
 *
 * A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula. Such a text gets an apostrophe before it, which
 * spreadsheets know as "this is text" (OWASP, "CSV Injection"). Numbers are as they are, negative ones too.
 */
export const csv: Render = function* ({ pages, customMetrics }) {
  const columns = columnsOf(customMetrics());
  yield lineOf(columns.map(({ name }) => name));
  for (const page of pages()) {
    yield page.map(run => lineOf(columns.map(({ of }) => of(run)))).join('');
  }
};

function lineOf(values: readonly (string | number | null)[]): string {
  return `${values.map(fieldOf).join(',')}\r\n`;
}

const NEEDS_QUOTES = /[",\r\n]|^$|^\s|\s$/;
const IS_FORMULA = /^[=+\-@\t\r]/;

function fieldOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = IS_FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
