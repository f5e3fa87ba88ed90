import { notationFor, type Unit } from './quantity.ts';

/** An axis from one round number to another. */
export interface ValueAxis {
  low: number;
  high: number;
  ticks: { value: number; text: string }[];
}

/** About so many steps from the lowest to the highest tick. */
const STEPS = 4;

/**
 * An axis around a range: its ticks are 1, 2, 2.5 or 5 times a power of ten in the unit in which they are written (ms, GB, min),
 * its ends are ticks, and it starts at 0 where that is not far below.
 *
 * @example valueAxis(0.31, 0.48, 'seconds').ticks.map(tick => tick.text) // ['0.30 s', '0.35 s', '0.40 s', '0.45 s', '0.50 s']
 */
export function valueAxis(low: number, high: number, unit: Unit): ValueAxis {
  const [bottom, top] = apart(low >= 0 && low < high / 2 ? 0 : low, high);
  const notation = notationFor(unit, Math.max(Math.abs(bottom), Math.abs(top)));
  const step = niceStep(((top - bottom) * notation.factor) / STEPS);
  const first = Math.floor(withoutNoise((bottom * notation.factor) / step));
  const last = Math.ceil(withoutNoise((top * notation.factor) / step));
  const places = (isQuarter(step) ? 1 : 0) - Math.floor(Math.log10(step) + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => {
    const shown = (first + index) * step;
    return { value: shown / notation.factor, text: `${tickText(shown, places)}${notation.suffix}` };
  });
  return { low: (first * step) / notation.factor, high: (last * step) / notation.factor, ticks };
}

/** A range that is a point gets room around it: a tenth of its size, and never below 0 for what is not negative. */
function apart(low: number, high: number): [number, number] {
  if (high - low > Math.abs(high) * 1e-9) return [low, high];
  const room = high === 0 ? 1 : Math.abs(high) / 10;
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const size = atLeast / power;
  return power * (size <= 1 ? 1 : size <= 2 ? 2 : size <= 2.5 ? 2.5 : size <= 5 ? 5 : 10);
}

function isQuarter(step: number): boolean {
  return (
    Math.abs(step / 10 ** Math.floor(Math.log10(step) + 1e-9) - 2.5) < 1e-6 && (step < 10 || step >= 1e6)
  );
}

/** What lies a rounding error beside a whole number is that number. */
function withoutNoise(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-9 * Math.max(1, Math.abs(value)) ? whole : value;
}

/**
 * Numbers of more than seven digits, before or behind the point, are written with a power of ten.
 *
 * @param places of the last digit that counts, behind the point; below 0 before it
 */
function tickText(value: number, places: number): string {
  if (value === 0) return places > 7 ? '0' : (0).toFixed(Math.max(0, places));
  const size = Math.abs(value);
  const text =
    size >= 1e7 || places > 7 ? withPower(size, places) : grouped(size.toFixed(Math.max(0, places)));
  return value < 0 ? `−${text}` : text;
}

function withPower(size: number, places: number): string {
  return size.toExponential(Math.min(8, Math.max(0, places + Math.floor(Math.log10(size) + 1e-9))));
}

function grouped(text: string): string {
  return text.includes('.') ? text : text.replace(/\B(?=(?:\d{3})+$)/g, ',');
}
