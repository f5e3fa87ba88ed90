import { parse } from 'yaml';

/** What a setting can be set to by an edit. */
export type Settable = string | number | boolean;

/** How a text is quoted where it stands among others: as its neighbours are. */
export type Quotes = 'none' | 'single' | 'double';

/** Needs no quotes anywhere, in `{...}` neither, unless YAML would read it as something else than a text. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9 ._/*%+-]*[A-Za-z0-9._/*%+-])?$/;

/**
 * A value as it is written in YAML, on one line.
 *
 * @example scalarText('90s', 'none') // 90s
 * @example scalarText('*' + '/5 * * * *', 'none') // "*" + "/5 * * * *", in quotes: it would be an alias without
 */
export function scalarText(value: Settable, quotes: Quotes): string {
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value);
  if (quotes === 'single' && /^[ -~]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  if (quotes === 'none' && PLAIN.test(value) && parse(value) === value) return value;
  return JSON.stringify(value);
}
