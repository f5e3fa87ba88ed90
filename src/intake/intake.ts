import type { Clock } from '../glossary/clock.ts';
import type { Sample, SampleSink } from '../glossary/sample.ts';
import { Complaints } from './complaints.ts';
import { HeldSeries } from './held.ts';
import { parseLine } from './line.ts';
import { LONGEST_LINE } from './lines.ts';
import { Listener, type ListenerLimits } from './listener.ts';
import type { KnownNames } from './report.ts';
import { SocketFile, type SocketFiles } from './socket-file.ts';

/** The name of the socket in `data/`. */
export const SOCKET_NAME = 'metrics.sock';

interface Limits extends ListenerLimits {
  series: number;
  /** Of all sets together, between two flushes. */
  setMembers: number;
}

/** What a flood may take of the supervisor. */
const LIMITS: Limits = {
  connections: 64,
  linesPerSecond: 10_000,
  idleMs: 300_000,
  series: 1_000,
  setMembers: 50_000,
};

/** A series of which nothing is reported for so long is forgotten. */
const FORGOTTEN_MS = 3_600_000;

export interface IntakeOptions {
  clock: Clock;
  sink: SampleSink;
  /** Where the socket is; absolute. */
  path: string;
  flushMs: number;
  files: SocketFiles;
  /** Modules and services by the settings in effect. */
  known(): KnownNames;
  warn(message: string): void;
  limits?: Partial<Limits>;
}

/**
 * Takes in what services and programs report, one metric a line, through a Unix socket. Whatever a client sends, it costs a bounded
 * share of time and memory, and no other client is hurt. Does not keep the process alive.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #listener: Listener;
  readonly #held: HeldSeries;
  readonly #badLines: Complaints;
  readonly #turnedAway: Complaints;
  readonly #mostSeries: number;
  #toldOfSeries = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: IntakeOptions) {
    const { clock, path, files, flushMs, warn } = options;
    const limits = { ...LIMITS, ...options.limits };
    const monotonic = (): number => clock.monotonic();
    this.#options = options;
    this.#mostSeries = limits.series;
    this.#held = new HeldSeries({
      series: limits.series,
      members: limits.setMembers,
      idleFlushes: Math.ceil(FORGOTTEN_MS / flushMs),
    });
    this.#badLines = new Complaints(monotonic, (count, last) => warn(badLinesMessage(count, last)));
    this.#turnedAway = new Complaints(monotonic, count => warn(turnedAwayMessage(count, limits.connections)));
    this.#listener = new Listener({
      file: new SocketFile(path, files),
      limits,
      monotonic,
      onLines: lines => this.#take(lines),
      onTurnedAway: () => this.#turnedAway.note(''),
      warn,
    });
  }

  /** Never throws: what is in the way of the socket is told, and tried again with each flush. */
  async start(): Promise<void> {
    await this.#listener.tend();
    this.#timer = setInterval(() => this.#flush(), this.#options.flushMs).unref();
  }

  /** Takes in what was sent before, gives on what is held, and removes the socket. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#listener.stop();
    this.#give(this.#held.flush(this.#options.clock.now()));
    this.#badLines.flush();
    this.#turnedAway.flush();
  }

  #flush(): void {
    this.#give(this.#held.flush(this.#options.clock.now()));
    this.#badLines.remind();
    this.#turnedAway.remind();
    void this.#listener.tend();
  }

  #give(samples: Sample[]): void {
    if (samples.length > 0) this.#options.sink.take(samples);
  }

  #take(lines: (Buffer | null)[]): void {
    const nowMs = this.#options.clock.now();
    const known = this.#options.known();
    this.#give(lines.flatMap(line => this.#samplesOf(line, known, nowMs)));
  }

  #samplesOf(line: Buffer | null, known: KnownNames, nowMs: number): Sample[] {
    if (line === null) return this.#refuse(`it has more than ${LONGEST_LINE} bytes`);
    const reports = parseLine(line, known, nowMs);
    if ('problem' in reports) return this.#refuse(reports.problem);
    return reports.flatMap(report => {
      const kept = this.#held.add(report, nowMs);
      if (kept === 'held') return [];
      if (kept === 'too many series') return this.#refuseSeries();
      return 'problem' in kept ? this.#refuse(kept.problem) : [kept];
    });
  }

  #refuse(problem: string): Sample[] {
    this.#badLines.note(problem);
    return [];
  }

  /** Told once: whoever has so many series has them again and again. */
  #refuseSeries(): Sample[] {
    if (!this.#toldOfSeries)
      this.#options.warn(
        `more than ${this.#mostSeries} series are reported to ${SOCKET_NAME}, and further ones are dropped: ` +
          'give no labels that are new each time, such as ids or times',
      );
    this.#toldOfSeries = true;
    return [];
  }
}

function badLinesMessage(count: number, last: string): string {
  const what = `${count} line(s) to ${SOCKET_NAME} are not taken (the last one: ${last})`;
  return `${what}; a line is {"metric":"NAME","value":NUMBER} or NAME:VALUE|TYPE`;
}

function turnedAwayMessage(count: number, open: number): string {
  const what = `${count} connection(s) to ${SOCKET_NAME} were turned away, because ${open} are open`;
  return `${what}: let a program keep one open, or close each when it has reported`;
}
