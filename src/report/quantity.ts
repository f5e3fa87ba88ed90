/** What a metric counts, told from the end of its name: units are in the names. */
export type Unit = 'seconds' | 'latency' | 'percent' | 'megabytes' | 'rate' | 'bytes' | 'plain';

const ENDINGS: [RegExp, Unit][] = [
  [/latencySeconds$/i, 'latency'],
  [/Seconds$/, 'seconds'],
  [/Percent$/, 'percent'],
  [/Mb$/, 'megabytes'],
  [/MbPerSecond$/, 'rate'],
  [/Bytes$/, 'bytes'],
];

export function unitOf(metric: string): Unit {
  return ENDINGS.find(([ending]) => ending.test(metric))?.[1] ?? 'plain';
}

const NAMES = new Map([
  ['runtimeSeconds', 'Runtime'],
  ['cpuPercent', 'CPU'],
  ['memoryMb', 'Memory'],
  ['apiLatencySeconds', 'API latency'],
]);

/** `Runtime`, `Disk free`: a metric as a heading has it. A name that is none of ours stays as it is. */
export function metricTitle(metric: string): string {
  const known = NAMES.get(metric);
  if (known !== undefined) return known;
  if (!/^[a-z]+(?:[A-Z][a-z0-9]*)+$/.test(metric) || unitOf(metric) === 'plain') return metric;
  const words = metric
    .replace(/(?:MbPerSecond|Seconds|Percent|Mb|Bytes)$/, '')
    .replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1).replace(/\bcpu\b/, 'CPU');
}

/** How numbers of one size are written: times `factor`, then the suffix. `from`: the least size that is written so. */
export interface Notation {
  from: number;
  factor: number;
  suffix: string;
}

const SECONDS = { from: 0.1, factor: 1, suffix: ' s' };
const MINUTES = { from: 120, factor: 1 / 60, suffix: ' min' };
const HOURS = { from: 7200, factor: 1 / 3600, suffix: ' h' };
const MILLISECONDS = { from: 0, factor: 1000, suffix: ' ms' };

/** Smallest first; the first one starts at 0. */
const NOTATIONS: Record<Unit, [Notation, ...Notation[]]> = {
  seconds: [MILLISECONDS, SECONDS, MINUTES, HOURS],
  latency: [MILLISECONDS, { ...SECONDS, from: 1 }, MINUTES, HOURS],
  percent: [{ from: 0, factor: 1, suffix: ' %' }],
  megabytes: [
    { from: 0, factor: 1, suffix: ' MB' },
    { from: 1000, factor: 1e-3, suffix: ' GB' },
    { from: 1e6, factor: 1e-6, suffix: ' TB' },
  ],
  rate: [
    { from: 0, factor: 1e3, suffix: ' kB/s' },
    { from: 0.1, factor: 1, suffix: ' MB/s' },
    { from: 1000, factor: 1e-3, suffix: ' GB/s' },
  ],
  bytes: [
    { from: 0, factor: 1, suffix: ' B' },
    { from: 1000, factor: 1e-3, suffix: ' kB' },
    { from: 1e6, factor: 1e-6, suffix: ' MB' },
    { from: 1e9, factor: 1e-9, suffix: ' GB' },
    { from: 1e12, factor: 1e-12, suffix: ' TB' },
  ],
  plain: [
    { from: 0, factor: 1, suffix: '' },
    { from: 1e5, factor: 1e-3, suffix: ' k' },
    { from: 1e6, factor: 1e-6, suffix: ' M' },
    { from: 1e9, factor: 1e-9, suffix: ' G' },
    { from: 1e12, factor: 1e-12, suffix: ' T' },
  ],
};

/** The notation that fits numbers up to `size`. */
export function notationFor(unit: Unit, size: number): Notation {
  const [smallest, ...larger] = NOTATIONS[unit];
  return larger.findLast(({ from }) => Math.abs(size) >= from) ?? smallest;
}

/** `0.43 s`, `63 ms`, `4 min 5 s`, `1.20 GB`, `58 %`, `17,012`: about three digits, which is what a person compares. */
export function quantity(value: number, unit: Unit): string {
  if ((unit === 'seconds' || unit === 'latency') && Math.abs(value) >= 60) return longTime(value);
  const { factor, suffix } = notationFor(unit, value);
  return `${digits(value * factor, unit)}${suffix}`;
}

/** `+0.04 s`, `−12 MB` */
export function signedQuantity(value: number, unit: Unit): string {
  return signed(value, quantity(Math.abs(value), unit));
}

/** `+9.2 %` of a share in percent. */
export function signedPercent(percent: number): string {
  return signed(percent, percentText(Math.abs(percent)));
}

/** `99.3 %`, `0.04 %`: never 100 % or 0 % where it is not. */
export function percentText(percent: number): string {
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent > 99 && percent < 100) return `${Math.min(99.99, Number(percent.toFixed(2)))} %`;
  if (percent < 0.05) return `${Math.max(0.01, Number(percent.toFixed(2)))} %`;
  return `${percent >= 100 ? grouped(percent.toFixed(0)) : percent.toFixed(1)} %`;
}

/** `17,012` */
export function count(value: number): string {
  return grouped(value.toFixed(0));
}

function signed(value: number, size: string): string {
  return `${value < 0 ? '−' : '+'}${size}`;
}

function longTime(value: number): string {
  const whole = Math.round(Math.abs(value));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts =
    hours > 0
      ? [`${count(hours)} h`, minutes > 0 ? ` ${minutes} min` : '']
      : [`${minutes} min`, whole % 60 > 0 ? ` ${whole % 60} s` : ''];
  const text = parts.join('');
  return value < 0 ? `−${text}` : text;
}

function digits(value: number, unit: Unit): string {
  const size = Math.abs(value);
  const text = size >= 1e15 ? size.toExponential(2) : grouped(size.toFixed(decimalsOf(size, unit)));
  return value < 0 ? `−${text}` : text;
}

function decimalsOf(size: number, unit: Unit): number {
  if (Number.isInteger(size) && unit !== 'seconds') return 0;
  if (size >= 100) return 0;
  if (unit === 'percent') return size >= 10 ? 0 : 1;
  if (size >= 10) return 1;
  if (size >= 0.1 || size === 0) return unit === 'megabytes' && size >= 1 ? 1 : 2;
  return Math.min(6, 1 - Math.floor(Math.log10(size)));
}

function grouped(text: string): string {
  const [whole = '', decimals] = text.split('.');
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return decimals === undefined ? groups : `${groups}.${decimals}`;
}
