import type { Assessed } from '../detect/assess.ts';
import type { Child, ChildSpec, Runner } from '../glossary/child.ts';
import type { Clock } from '../glossary/clock.ts';
import type { DetectionSettings, Rule } from '../glossary/detection-settings.ts';
import type { AnomalyEvent, ChangeEvent } from '../glossary/event.ts';
import type { ClosedIteration, IterationSummary } from '../glossary/iteration.ts';
import type { Incident, Judgement, ModuleState } from '../glossary/judgement.ts';
import type { Reporter } from '../glossary/reporter.ts';
import type { ReportedMetrics, Run, StartedRun } from '../glossary/run.ts';
import type { ModuleSettings, ServiceSettings, Settings } from '../glossary/settings.ts';

/** What the loop needs of the store. Each call is one transaction; what shows a run is durable when it returns. */
export interface History {
  startIteration(startedAt: string): number;
  finishIteration(iteration: number, end: { endedAt: string; message: string; status: string }): void;
  /** Nothing was run in it, and nothing will be: as if it had never been started. */
  dropIteration(iteration: number): void;
  /** Survives a killed process, not a power failure: after one of those nothing of the run is left to be ended. */
  beginRun(run: StartedRun): void;
  recordRun(run: Run, judgement: Judgement | null, changes?: ChangeEvent[]): void;
  /** Runs that were begun and never recorded. */
  abandonedRuns(): StartedRun[];
  /** Iterations that were started and never finished. */
  unfinishedIterations(): number[];
  /** What is recorded of such iterations; one without runs is left out. */
  recordedIn(iterations: ReadonlySet<number>): Pick<ClosedIteration, 'iteration' | 'runs' | 'events'>[];
  moduleState(module: string): ModuleState;
  incidents(filter: { open: true }): Incident[];
  /** Open ones that nothing judges any more: they are over without an event. */
  dropIncidents(incidents: readonly Incident[]): void;
  slot(module: string): number | null;
  setSlots(slots: Record<string, number>): void;
  /** Null where nothing was remembered under this key. */
  fact(key: string): unknown;
  setFact(key: string, value: unknown): void;
  /** Returns how many times the module has been missed by now. */
  addMiss(module: string): number;
}

/** What the loop needs of the services. */
interface ServiceKeeper {
  start(settings: ServiceSettings[]): void;
  update(settings: ServiceSettings[]): Promise<void>;
  /** The services that are not up when all are, or when the limit is over. */
  ready(limitMs: number): Promise<string[]>;
  stop(): Promise<void>;
  kill(): void;
}

/** One run made ready: what to start, and how to read afterwards what the module reported. */
export interface Launch {
  spec: ChildSpec;
  collect(): Promise<ReportedMetrics>;
}

/** What an iteration shares with the loop around it. */
export interface Surroundings {
  /** False where the module is still running in an earlier iteration (then the miss is counted). */
  enter(module: string): boolean;
  leave(module: string): void;
  /** Those that are open under the settings in effect, which may be later ones than the iteration's own. */
  openIncidents(): Incident[];
  /** A child is running; once the loop is stopping it ends each that it is told of. */
  onChild(module: string, child: Child): void;
  stopping(): boolean;
  /** Waits before a retry; returns early when the loop stops. */
  pause(ms: number): Promise<void>;
}

/** Everything at the edge, given to the loop by the one place that constructs it. */
export interface Ports {
  clock: Clock;
  newId(): string;
  history: History;
  runner: Runner;
  services: ServiceKeeper;
  reporter: Reporter;
  launch(module: ModuleSettings, run: StartedRun): Launch;
  revision(): Promise<string | null>;
  ruleFor(detection: DetectionSettings, module: string, metric: string): Rule | null;
  /** Adds to the rule's events what the detectors say. The same run may be given again, where it could not be recorded. */
  assess(run: Run, events: readonly AnomalyEvent[], detection: DetectionSettings): Assessed;
  /** Shows what the store holds and a killed supervisor could not show any more. */
  catchUp(settings: Settings): void;
  /** Notes the end of an iteration alone: a later one, which waits already, writes what there is to show. */
  note(closed: ClosedIteration): Promise<IterationSummary>;
  /** Writes the projections and the commit; a failure there is reported, never thrown. */
  publish(closed: ClosedIteration, settings: Settings): Promise<IterationSummary>;
}
