import { ruleFor } from './config/rules.ts';
import { type Assessed, assess, type Episode, type Past } from './detect/assess.ts';
import { ModuleDetection } from './detect/module.ts';
import type { DetectionSettings } from './glossary/detection-settings.ts';
import type { AnomalyEvent, ChangeEvent } from './glossary/event.ts';
import type { Run } from './glossary/run.ts';
import { incidentIdOf } from './judge/incident-id.ts';
import { keepDetection, keptDetection } from './kept-detection.ts';
import { roundedRun } from './rounding.ts';
import type { Store } from './store/store.ts';
import type { Trainer } from './trainer.ts';

/** How many runs of a module are gone through again where nothing was kept of what the detectors knew. */
const HISTORY = 400;

/** So many modules are remembered at a time, those that ran last: each takes some 150 kB for each of its metrics. */
const MOST_MODULES = 100;

/** After so many runs what a module's detectors know is kept anew: a start has to go through so many again at most. */
const KEPT_EVERY = 50;

/** As a limit. */
const ALL = -1;

/** What the detectors have seen begin so many runs ago at most is still news. */
const NEWS = 20;

type Records = Pick<
  Store,
  'goodRuns' | 'goodRunsAfter' | 'incidents' | 'changes' | 'fact' | 'setFact' | 'mends'
>;

interface Known {
  detection: ModuleDetection;
  /** How many runs it had learned from when it was last kept. */
  kept: number;
  /** What was seen in the runs before it was remembered, and has not been told. */
  untold: ChangeEvent[];
  /** The run with which that is told; null: the next one. */
  tellsWith: string | null;
}

/**
 * What the detectors have learned of each module: remembered, and kept in the store now and then. A module that is first seen (after a
 * start, a change of the settings, or many other modules) goes on from there through the runs since then. So each
 * change is told once, whatever is stopped or killed in between.
 */
export class Detection {
  readonly #store: Records;
  readonly #trainer: Trainer | null;
  readonly #modules = new Map<string, Known>();
  #settings: DetectionSettings | null = null;
  #mends = 0;

  /** @param trainer null: no model is kept or trained */
  constructor(store: Records, trainer: Trainer | null) {
    this.#store = store;
    this.#trainer = trainer;
  }

  /** Adds to the rule's events what the detectors say of an `ok` run that is not yet in the store. */
  assess(given: Run, events: readonly AnomalyEvent[], settings: DetectionSettings): Assessed {
    this.#forgetOutdated(settings);
    const run = roundedRun(given); // as it will be read again
    const known = this.#known(run, settings);
    const { detection } = known;
    this.#keep(run.module, known, KEPT_EVERY);
    const verdicts = detection.next(run);
    this.#trainer?.after(run.module, detection, settings);
    const { events: assessed, changes } = assess(run, events, verdicts, this.#past(run, detection, settings));
    return { events: assessed, changes: settings.changes ? [...untoldWith(known, run), ...changes] : [] };
  }

  /** After other settings, and after the store was mended: it may not hold any more what was told. */
  #forgetOutdated(settings: DetectionSettings): void {
    const mends = this.#store.mends();
    if (settings !== this.#settings || mends !== this.#mends) this.#modules.clear();
    this.#settings = settings;
    this.#mends = mends;
  }

  /** The one that ran last is the last one to be forgotten. */
  #known(run: Run, settings: DetectionSettings): Known {
    const known = this.#modules.get(run.module) ?? this.#learned(run, settings);
    this.#modules.delete(run.module);
    this.#modules.set(run.module, known);
    const [oldest] = this.#modules;
    if (this.#modules.size > MOST_MODULES && oldest !== undefined) {
      this.#keep(...oldest, 1);
      this.#modules.delete(oldest[0]);
    }
    return known;
  }

  /** Only with runs that are all in the store, as one that waits to be recorded may never be; and with what they told of those before. */
  #keep(module: string, known: Known, runs: number): void {
    if (known.tellsWith === null || known.detection.seen - known.kept < runs) return;
    const saved = known.detection.save();
    if (saved === null || this.#store.goodRunsAfter(module, saved.run)?.length !== 0) return;
    keepDetection(this.#store, module, saved);
    known.kept = known.detection.seen;
  }

  #learned(run: Run, settings: DetectionSettings): Known {
    const past = this.#store.goodRuns(run.module, HISTORY).filter(({ id }) => id !== run.id);
    const restored = this.#restored(run, settings, past);
    const detection = restored?.detection ?? newModule(run.module, settings);
    const since = restored?.since ?? past;
    // What was learned anew may differ from what somebody else learns anew later: it is kept as soon as it can be.
    const isToBeKept = restored === null && past.length >= KEPT_EVERY;
    const kept = isToBeKept ? Number.NEGATIVE_INFINITY : detection.seen;
    const untold = since.flatMap((each, at) => {
      const verdicts = detection.next(each);
      return at < since.length - NEWS ? [] : this.#changesIn(each, verdicts, detection, settings);
    });
    this.#trainer?.begin(run.module, detection, settings, past);
    return { detection, kept, untold, tellsWith: null };
  }

  /** As it was kept, with the runs since then that it has still to learn; null where that is not known. */
  #restored(
    { id, module }: Run,
    settings: DetectionSettings,
    past: readonly Run[],
  ): { detection: ModuleDetection; since: Run[] } | null {
    const saved = keptDetection(this.#store, module);
    const after = saved === null ? null : this.#store.goodRunsAfter(module, saved.run);
    if (saved === null || after === null) return null;
    const since = after.filter(run => run.id !== id);
    const detection = newModule(module, settings);
    const history = past.slice(0, Math.max(0, past.length - since.length));
    return detection.restore(saved, history) ? { detection, since } : null;
  }

  #changesIn(
    run: Run,
    verdicts: ReturnType<ModuleDetection['next']>,
    detection: ModuleDetection,
    settings: DetectionSettings,
  ): ChangeEvent[] {
    return assess(run, [], verdicts, this.#past(run, detection, settings)).changes;
  }

  #past(run: Run, detection: ModuleDetection, settings: DetectionSettings): Past {
    return {
      since: (metric, beganAgo) => detection.since(metric, beganAgo),
      isTold: episode =>
        this.#isTold(run.module, episode, detection.since(episode.metric, episode.beganAgo)?.time),
      rule: metric => ruleFor(settings, run.module, metric) ?? { ...settings, floor: 0 },
      idOf: metric => incidentIdOf(run.id, metric),
    };
  }

  /** Whether an incident of the metric was open at that time or later, or the log has a change of the same kind since then. */
  #isTold(module: string, { metric, kind, direction }: Episode, since: string | undefined): boolean {
    const filter = since === undefined ? { open: true } : { sinceMs: Date.parse(since) };
    if (this.#store.incidents({ module, ...filter }).some(incident => incident.metric === metric))
      return true;
    if (since === undefined) return false;
    const isIt = (change: ChangeEvent): boolean =>
      change.module === module &&
      change.metric === metric &&
      change.kind === kind &&
      change.direction === direction;
    return this.#store.changes(Date.parse(since), ALL).some(isIt);
  }
}

function newModule(module: string, settings: DetectionSettings): ModuleDetection {
  return new ModuleDetection(settings, metric => ruleFor(settings, module, metric));
}

/** Also when the run with which it is told is given again, because it could not be recorded. */
function untoldWith(known: Known, { id }: Run): ChangeEvent[] {
  known.tellsWith ??= id;
  return known.tellsWith === id ? known.untold : [];
}
