import type { Sample } from '../glossary/sample.ts';
import { labelsKey } from '../labels.ts';
import { type Refusal, type Report, refuse, type Said } from './report.ts';
import { Timings } from './timings.ts';

export interface HeldLimits {
  /** Series that are known at the same time. */
  series: number;
  /** Members of all sets together, between two flushes. */
  members: number;
  /** A series of which nothing is reported over so many flushes is forgotten: its gauge begins again at 0. */
  idleFlushes: number;
}

type State =
  | { kind: 'value' }
  | { kind: 'counter'; sum: number }
  | { kind: 'gauge'; value: number }
  | { kind: 'timer'; timings: Timings }
  | { kind: 'set'; members: Set<string> };

interface Held {
  name: Pick<Report, 'source' | 'metric' | 'labels'>;
  state: State;
  /** Whether something was reported since the last flush. */
  touched: boolean;
  /** Flushes since its last report. */
  idle: number;
}

/** What became of a report: a sample at once, kept for the next flush, refused, or one series too many. */
export type Kept = Sample | 'held' | 'too many series' | Refusal;

/**
 * All series that are reported, within bounds. A counter is given on as what was counted since the last flush, a gauge as its last
 * value, a set as its size, a timer as `NAME.count`, `NAME.mean`, `NAME.p95` and `NAME.max`; a series of which nothing was reported
 * in between is not given on. A series keeps the kind of its first report.
 */
export class HeldSeries {
  readonly #limits: HeldLimits;
  readonly #series = new Map<string, Held>();
  #members = 0;

  constructor(limits: HeldLimits) {
    this.#limits = limits;
  }

  add(report: Report, nowMs: number): Kept {
    const held = this.#seriesOf(report);
    if (held === null) return 'too many series';
    held.idle = 0;
    const kept = this.#change(held, report.said, nowMs);
    if (kept === 'held') held.touched = true;
    return kept;
  }

  flush(nowMs: number): Sample[] {
    const samples = [...this.#series.values()].flatMap(held => (held.touched ? samplesOf(held, nowMs) : []));
    for (const [key, held] of this.#series) {
      held.touched = false;
      held.idle += 1;
      if (held.idle > this.#limits.idleFlushes) this.#series.delete(key);
    }
    this.#members = 0;
    return samples;
  }

  #seriesOf({ source, metric, labels, said }: Report): Held | null {
    const key = `${source} ${metric} ${labelsKey(labels)}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    if (this.#series.size >= this.#limits.series) return null;
    const held = { name: { source, metric, labels }, state: emptyState(said), touched: false, idle: 0 };
    this.#series.set(key, held);
    return held;
  }

  #change({ name, state }: Held, said: Said, nowMs: number): Kept {
    if (said.kind === 'value' && state.kind === 'value')
      return { timeMs: said.timeMs ?? nowMs, ...name, value: said.value };
    if (said.kind === 'counter' && state.kind === 'counter') return addTo(state, 'sum', state.sum + said.add);
    if (said.kind === 'gauge' && state.kind === 'gauge')
      return addTo(state, 'value', said.isChange ? state.value + said.value : said.value);
    if (said.kind === 'timer' && state.kind === 'timer') {
      state.timings.add(said.value, said.weight);
      return 'held';
    }
    if (said.kind === 'set' && state.kind === 'set') return this.#addMember(state.members, said.member);
    return refuse(`it is a ${state.kind} already, and stays one`);
  }

  #addMember(members: Set<string>, member: string): Kept {
    if (members.has(member)) return 'held';
    if (this.#members >= this.#limits.members)
      return refuse(`all sets together have more than ${this.#limits.members} members`);
    this.#members += 1;
    members.add(member);
    return 'held';
  }
}

function emptyState({ kind }: Said): State {
  switch (kind) {
    case 'value':
      return { kind };
    case 'counter':
      return { kind, sum: 0 };
    case 'gauge':
      return { kind, value: 0 };
    case 'timer':
      return { kind, timings: new Timings() };
    case 'set':
      return { kind, members: new Set() };
  }
}

/** A sum can leave the range of a number although every value is in it. */
function addTo<Key extends string>(state: Record<Key, number>, key: Key, next: number): Kept {
  if (!Number.isFinite(next)) return refuse('its sum is larger than any number');
  state[key] = next;
  return 'held';
}

/** Ready for the next time: only a gauge keeps what it has. */
function samplesOf({ name, state }: Held, timeMs: number): Sample[] {
  const sample = (value: number, end = ''): Sample => ({
    timeMs,
    ...name,
    metric: `${name.metric}${end}`,
    value,
  });
  switch (state.kind) {
    case 'value':
      return [];
    case 'counter': {
      const { sum } = state;
      state.sum = 0;
      return [sample(sum)];
    }
    case 'gauge':
      return [sample(state.value)];
    case 'timer': {
      const figures = state.timings.figures().filter(([, value]) => Number.isFinite(value));
      state.timings = new Timings();
      return figures.map(([end, value]) => sample(value, `.${end}`));
    }
    case 'set': {
      const { size } = state.members;
      state.members = new Set();
      return [sample(size)];
    }
  }
}
