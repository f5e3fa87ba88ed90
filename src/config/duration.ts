import { DURATION_UNITS as UNITS } from '../duration-text.ts';

const NUMBER = '\\d{1,12}(?:\\.\\d{1,6})?';

/** The accepted form: whole or decimal numbers with units, largest first (`1h30m`, `1.5s`), or a bare 0. Source of a RegExp. */
export const DURATION_PATTERN = `^(?:0|(?=\\d)${UNITS.map(([unit]) => `(?:(${NUMBER})${unit}\\s?)?`).join('')})$`;

const DURATION = new RegExp(DURATION_PATTERN);

/** Milliseconds of a duration such as `500ms`, `30s`, `2m`, `1h`, `7d` or `1m30s`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const parts = UNITS.map(([, milliseconds], index) => Number(match[index + 1] ?? 0) * milliseconds);
  return Math.round(parts.reduce((sum, part) => sum + part, 0));
}

const SIZES = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 } as const;

/** The accepted form of a size: a number and `B`, `kB`, `MB` or `GB`, powers of 1000. Source of a RegExp. */
export const SIZE_PATTERN = '^(\\d{1,9}(?:\\.\\d{1,3})?)\\s?(B|kB|KB|MB|GB)$';

const SIZE = new RegExp(SIZE_PATTERN);

/** Bytes of a size such as `500kB` or `10MB`; null for anything else. */
export function parseSize(text: string): number | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  const unit = match[2] === 'KB' ? 'kB' : (match[2] as keyof typeof SIZES);
  return Math.round(Number(match[1]) * SIZES[unit]);
}
