import { ruleFor } from './config/rules.ts';
import { type Assessed, assess, type Past } from './detect/assess.ts';
import { ModuleDetection } from './detect/module.ts';
import { incidentIdOf } from './judge/incident-id.ts';
import type { Store } from './store/store.ts';
import type { Trainer } from './trainer.ts';
import type { AnomalyEvent, DetectionSettings, Run } from './types.ts';

/** How many runs of a module are gone through again when it is first seen: what the detectors know of the time before. */
const HISTORY = 400;

/** So many modules are remembered at a time, those that ran last: each takes some 200 kB for each of its metrics. */
const MOST_MODULES = 100;

type Records = Pick<Store, 'runs' | 'incidents'>;

/**
 * What the detectors have learned of each module, kept in memory and made again from the store: when a module is first seen, and
 * after a change of the settings.
 */
export class Detection {
  readonly #store: Records;
  readonly #trainer: Trainer | null;
  readonly #modules = new Map<string, ModuleDetection>();
  #settings: DetectionSettings | null = null;

  /** @param trainer null: no model is kept or trained */
  constructor(store: Records, trainer: Trainer | null) {
    this.#store = store;
    this.#trainer = trainer;
  }

  /** Adds to the rule's events what the detectors say of an `ok` run that is not yet in the store. */
  assess(run: Run, events: readonly AnomalyEvent[], settings: DetectionSettings): Assessed {
    if (settings !== this.#settings) this.#modules.clear();
    this.#settings = settings;
    const module = this.#module(run, settings);
    const verdicts = module.next(run);
    this.#trainer?.after(run.module, module, settings);
    const { events: assessed, changes } = assess(run, events, verdicts, this.#past(run, module, settings));
    return { events: assessed, changes: settings.changes ? changes : [] };
  }

  /** The one that ran last is the last one to be forgotten. */
  #module(run: Run, settings: DetectionSettings): ModuleDetection {
    const module = this.#modules.get(run.module) ?? this.#learned(run, settings);
    this.#modules.delete(run.module);
    this.#modules.set(run.module, module);
    const [oldest] = this.#modules.keys();
    if (this.#modules.size > MOST_MODULES && oldest !== undefined) this.#modules.delete(oldest);
    return module;
  }

  #learned(run: Run, settings: DetectionSettings): ModuleDetection {
    const module = new ModuleDetection(settings, metric => ruleFor(settings, run.module, metric));
    const past = this.#store
      .runs(run.module, HISTORY)
      .filter(({ id, outcome }) => outcome === 'ok' && id !== run.id);
    for (const each of past) module.next(each);
    this.#trainer?.begin(run.module, module, settings, past);
    return module;
  }

  #past(run: Run, module: ModuleDetection, settings: DetectionSettings): Past {
    return {
      since: (metric, beganAgo) => module.since(metric, beganAgo),
      isTold: (metric, beganAgo) => this.#isTold(run.module, metric, module.since(metric, beganAgo)?.time),
      rule: metric => ruleFor(settings, run.module, metric) ?? { ...settings, floor: 0 },
      idOf: metric => incidentIdOf(run.id, metric),
    };
  }

  /** Whether an incident of the metric was open at that time or later. */
  #isTold(module: string, metric: string, since: string | undefined): boolean {
    const filter = since === undefined ? { open: true } : { sinceMs: Date.parse(since) };
    return this.#store.incidents({ module, ...filter }).some(incident => incident.metric === metric);
  }
}
