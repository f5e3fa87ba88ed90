import type { DetectionSettings, Rule } from '../glossary/detection-settings.ts';
import type { ModuleState } from '../glossary/judgement.ts';
import { BASE_METRICS } from '../glossary/run.ts';
import type { Settings } from '../glossary/settings.ts';
import type { Store } from './store.ts';

type RuleFor = (detection: DetectionSettings, module: string, metric: string) => Rule | null;

/** Whether the modules of a workspace can be judged. A module is only looked at again when it has a new run. */
export class Baselines {
  readonly #store: Pick<Store, 'newestRuns' | 'moduleState' | 'mends'>;
  readonly #ruleFor: RuleFor;
  /** By module: the newest run when it was looked at, and what was seen. */
  readonly #seen = new Map<string, { newest: number; isFull: boolean }>();
  #settings: Settings | null = null;
  #mends = 0;

  constructor(store: Pick<Store, 'newestRuns' | 'moduleState' | 'mends'>, ruleFor: RuleFor) {
    this.#store = store;
    this.#ruleFor = ruleFor;
  }

  /** Whether every module that is judged at all has a full baseline. */
  areFull(settings: Settings): boolean {
    if (settings !== this.#settings || this.#mends !== this.#store.mends()) this.#seen.clear();
    this.#settings = settings;
    this.#mends = this.#store.mends();
    const runs = this.#store.newestRuns();
    return settings.modules.every(({ name }) => this.#isFull(name, runs.get(name) ?? 0, settings.detection));
  }

  #isFull(module: string, newest: number, detection: DetectionSettings): boolean {
    const seen = this.#seen.get(module);
    if (seen?.newest === newest) return seen.isFull;
    const state = this.#store.moduleState(module);
    const rules = (metric: string): Rule | null => this.#ruleFor(detection, module, metric);
    const isJudged = BASE_METRICS.some(metric => rules(metric) !== null) || Object.keys(state).length > 0;
    const isFull = !isJudged || hasFullBaseline(state, metric => rules(metric)?.window ?? detection.window);
    this.#seen.set(module, { newest, isFull });
    return isFull;
  }
}

/**
 * Whether a module's runs can be judged: one metric at least has as many values as its window wants, or an incident, which
 * nothing opens without a full baseline. One is enough: a metric that a module seldom reports must not hold the stage back.
 */
export function hasFullBaseline(state: ModuleState, windowOf: (metric: string) => number): boolean {
  return Object.entries(state).some(
    ([metric, { recent, incident }]) => incident !== null || recent.length >= windowOf(metric),
  );
}
