import { megabytes, NONE, percent, seconds } from './format.ts';

/** A value of a metric for a person, by the unit that its name ends in: `0.43 s`, `62.1 MB`, `71 %`, `1,200`. */
export function metricValue(metric: string, value: number | null): string {
  if (value === null) return NONE;
  const name = metric.slice(metric.lastIndexOf('.') + 1).replace(/\{.*$/, '');
  if (/Seconds$/.test(name)) return value < 0 ? `-${seconds(-value)}` : seconds(value);
  if (/Percent$/.test(name)) return percent(value);
  if (/Mb$/.test(name)) return megabytes(value);
  if (/MbPerSecond$/.test(name)) return `${megabytes(value)}/s`;
  return short(value);
}

/** Four digits, thousands apart. */
function short(value: number): string {
  const rounded = Number(value.toPrecision(4)) + 0; // -0 is 0
  if (!(Math.abs(rounded) < 1e15)) return String(rounded);
  const [whole = '', part = ''] = rounded.toFixed(12).split('.'); // toLocaleString loads what it needs in 30 ms
  const digits = part.replace(/0+$/, '');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${digits === '' ? '' : `.${digits}`}`;
}

/** `2026-11-20 12:00`, in the time zone of the terminal; to the second `2026-11-20 12:00:05`. */
export function dateAndTime(iso: string, to: 'minute' | 'second' = 'minute'): string {
  const date = new Date(iso);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const minute = `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
  return to === 'minute' ? minute : `${minute}:${two(date.getSeconds())}`;
}
