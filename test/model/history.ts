import type { Run } from '../../src/glossary/run.ts';
import { parsed, runsOfPerformance, runText } from '../faults/invariants/files.ts';
import type { Disk } from './disk.ts';
import type { Mark } from './operations.ts';
import type { Recovered, Shown } from './recover.ts';
import { RECOVERY_MS } from './recover.ts';
import { BASELINE } from './session.ts';

/** A run that is recorded, or about to be. */
export interface Recorded {
  id: string;
  /** As `runText` gives it. */
  text: string;
  module: string;
  /** What it adds to the log; of a run from before the session nothing is said here. */
  lines: string[];
}

const FILES = { performance: 'performance.json', status: 'status.json', log: 'anomalies.log' } as const;

/** One content of a file that everybody could see; null: the file was not there. */
interface Version {
  text: string | null;
}

/**
 * What the world has seen of a session up to some moment: which runs it was told of, and what stood in the files while it ran.
 */
export class History {
  /** In the order in which they were recorded: those from before the session, then its own, the last ones perhaps only intended. */
  readonly runs: Recorded[];
  /** So many of them were acknowledged: they must be there, whatever happens. */
  acknowledged: number;
  /** Runs that began, or were about to. */
  readonly beginning = new Set<string>();
  /** Runs that began and survive a killed process. */
  readonly begun = new Set<string>();
  /** Begun before the session and never recorded. */
  readonly begunBefore: ReadonlySet<string>;
  readonly versions: Record<keyof Shown, Version[]> = { performance: [], status: [], log: [] };
  /** The newest version of each file that was shown on purpose, and must not be older after any crash. */
  readonly shown: Record<keyof Shown, number> = { performance: 0, status: 0, log: 0 };
  /** Runs that a file has named since the session began. */
  readonly named = new Set<string>();
  /** The lines of the log from before the session. */
  readonly linesBefore: string[];
  /** The last of them that is no news for a commit. */
  readonly committedBefore: number;
  /** Values of the samples: those from before the session, then its own, the last ones perhaps only intended. */
  readonly samples: number[];
  /** So many of them survive a killed process. */
  sampled: number;
  /** So many of them survive anything. */
  readonly samplesBefore: number;
  /** The means that were set or about to be; null: that there was none before. */
  readonly baselines: (number | null)[];
  /** Which of them was set last. */
  baseline = 0;
  readonly #contents = new Map<string, string>();

  /** @param undisturbed what the product makes of the workspace as it is before the session */
  constructor(undisturbed: Recovered) {
    this.runs = baseRuns(undisturbed);
    this.acknowledged = this.runs.length;
    this.samples = [...undisturbed.store.rollups.samples];
    this.sampled = this.samples.length;
    this.samplesBefore = this.samples.length;
    this.baselines = [undisturbed.store.baselines.get(BASELINE) ?? null];
    this.linesBefore = undisturbed.store.events.filter(isBefore);
    this.committedBefore = undisturbed.committed;
    const killed = [...undisturbed.store.runs].filter(([, { outcome }]) => outcome === 'killed');
    const known = new Set(this.runs.map(({ id }) => id));
    this.begunBefore = new Set(killed.map(([id]) => id).filter(id => !known.has(id)));
  }

  take(mark: Mark): void {
    if (mark.kind === 'beginning') this.beginning.add(mark.id);
    else if (mark.kind === 'begun') this.begun.add(mark.id);
    else if (mark.kind === 'intended') {
      const { id, module, text, lines } = mark;
      this.runs.push({ id, module, lines, text: runText(JSON.parse(text) as Run) });
    } else if (mark.kind === 'recorded') {
      this.acknowledged = Math.max(this.acknowledged, this.runs.findIndex(({ id }) => id === mark.id) + 1);
    } else if (mark.kind === 'sampling') this.samples.push(...mark.values);
    else if (mark.kind === 'sampled') this.sampled = this.samples.length;
    else if (mark.kind === 'setting') this.baselines.push(mark.mean);
    else if (mark.kind === 'set') this.baseline = this.baselines.length - 1;
    else for (const file of keysOf(FILES)) this.shown[file] = this.versions[file].length - 1;
  }

  /** Looks what stands in the files now; called after each operation. */
  look(disk: Disk): void {
    for (const file of keysOf(FILES)) {
      const live = disk.live(`data/${FILES[file]}`);
      const version = live?.version ?? 'missing';
      if (this.#contents.get(file) === version) continue;
      this.#contents.set(file, version);
      const text = live?.content().toString('utf8') ?? null;
      this.versions[file].push({ text });
      if (this.versions[file].length > 1) this.#note(file, text ?? '');
    }
  }

  #note(file: keyof Shown, text: string): void {
    if (file === 'performance') for (const id of runsOfPerformance(text).keys()) this.named.add(id);
    if (file === 'log') for (const id of runsOfLog(text)) this.named.add(id);
  }
}

export function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  return Object.keys(record) as Key[];
}

/** The runs that whole lines of the log name. */
function runsOfLog(text: string): string[] {
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);
  return lines.flatMap(line => parsed<{ run?: string }>(line)?.run ?? []);
}

/** What was there before the session; the runs that looking itself has added are none of it. */
function baseRuns({ store }: Recovered): Recorded[] {
  const before = [...store.runs].filter(([, { endedAt }]) => Date.parse(endedAt) < RECOVERY_MS);
  return before.map(([id, { text, module }]) => ({ id, text, module, lines: [] }));
}

function isBefore(line: string): boolean {
  return Date.parse(parsed<{ time: string }>(line)?.time ?? '') < RECOVERY_MS;
}
