import { MOST_HISTORY } from './detect/lstm/train.ts';
import type { ModuleDetection } from './detect/module.ts';
import { messageOf } from './errors.ts';
import type { Clock } from './glossary/clock.ts';
import type { DetectionSettings } from './glossary/detection-settings.ts';
import type { Run } from './glossary/run.ts';
import { forestKeptAt, keepForest, keepLstm, keptLstm, lstmRequest } from './models.ts';
import type { ModelFiles } from './store/models.ts';
import type { Store } from './store/store.ts';
import { trainInWorker } from './training/train.ts';

/** The LSTM autoencoder takes seconds to train: it is made anew this many times more seldom than the other models. */
const LSTM_SELDOM = 4;
const LSTM_LEAST = 200;

const FOREST = 'isolation forest';
const LSTM = 'LSTM autoencoder';

interface TrainerParts {
  store: Pick<Store, 'runs'>;
  files: ModelFiles;
  clock: Clock;
  warn(message: string): void;
  /** Whether this process goes on: one that ends with its iteration (`once`) would break every training off. */
  lasts: boolean;
}

/**
 * Keeps the models of modules fresh: each `modelUpdateInterval` runs the isolation forest is written down, and now and then the LSTM
 * autoencoder is trained, one at a time, in a thread that yields to the runs. What fails is told once, until it
 * succeeds, and tried again later.
 */
export class Trainer {
  readonly #parts: TrainerParts;
  /** By module: how many runs it had learned from when its models were last made. */
  readonly #made = new Map<string, { module: ModuleDetection; forest: number; lstm: number }>();
  readonly #stop = new AbortController();
  #training: Promise<void> | null = null;
  /** What has been told to fail, and has not succeeded since: a model of a module. */
  readonly #told = new Set<string>();

  constructor(parts: TrainerParts) {
    this.#parts = parts;
  }

  /**
   * For a module that is first seen: its models as they were kept.
   *
   * @param past the runs that it has learned from: those since a model was made count for the next one
   */
  begin(name: string, module: ModuleDetection, settings: DetectionSettings, past: readonly Run[]): void {
    const { files } = this.#parts;
    const kept = this.#trying(name, FOREST, () => ({
      lstm: settings.lstm ? keptLstm(files, name) : null,
      forestAt: forestKeptAt(files, name),
    }));
    const lstm = kept?.lstm ?? null;
    if (lstm !== null) module.use(lstm);
    const madeAt = (trainedAt: string | null): number =>
      trainedAt === null
        ? Number.NEGATIVE_INFINITY
        : module.seen - past.filter(({ endedAt }) => endedAt > trainedAt).length;
    this.#made.set(name, {
      module,
      forest: madeAt(kept?.forestAt ?? null),
      lstm: madeAt(lstm?.trainedAt ?? null),
    });
  }

  /** After a run: makes anew what is due, once the run itself has been dealt with. */
  after(name: string, module: ModuleDetection, settings: DetectionSettings): void {
    const made = this.#made.get(name);
    if (made === undefined || this.#stop.signal.aborted) return;
    if (module.seen - made.forest >= settings.modelUpdateInterval) {
      made.forest = module.seen;
      setImmediate(() => this.#keep(name, module, settings));
    }
    const lstmAge = module.seen - made.lstm;
    const isDue = module.seen > LSTM_LEAST && lstmAge >= LSTM_SELDOM * settings.modelUpdateInterval;
    if (!settings.lstm || !this.#parts.lasts || !isDue || this.#training !== null) return;
    made.lstm = module.seen;
    this.#training = this.#train(name, settings).finally(() => {
      this.#training = null;
    });
  }

  /** Ends a training that is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#training;
  }

  #keep(name: string, module: ModuleDetection, settings: DetectionSettings): void {
    if (this.#stop.signal.aborted) return; // the workspace may be somebody else's by now
    const trainedAt = new Date(this.#parts.clock.now()).toISOString();
    const keep = () => keepForest(this.#parts.files, name, module.forest, settings, trainedAt);
    if (this.#trying(name, FOREST, keep) !== null) this.#told.delete(`${FOREST} ${name}`);
  }

  async #train(name: string, settings: DetectionSettings): Promise<void> {
    await new Promise(resolve => setImmediate(resolve)); // the run that it was due with is recorded first
    const runs = this.#history(name);
    if (runs === null) return;
    const trainedAt = new Date(this.#parts.clock.now()).toISOString();
    const request = lstmRequest(runs, settings.seed, trainedAt);
    const result = await trainInWorker(request, { signal: this.#stop.signal });
    if (result.status === 'failed') this.#tell(name, LSTM, result.message);
    if (result.status !== 'trained') return;
    this.#made.get(name)?.module.use(result.model); // which may be another one than when it began
    const keep = () => keepLstm(this.#parts.files, name, result.model);
    if (this.#trying(name, LSTM, keep) !== null) this.#told.delete(`${LSTM} ${name}`);
  }

  #history(name: string): Run[] | null {
    return this.#trying(name, LSTM, () =>
      this.#parts.store.runs(name, MOST_HISTORY).filter(({ outcome }) => outcome === 'ok'),
    );
  }

  /** A model is a convenience: what goes wrong with it must not end the loop. */
  #trying<Result>(name: string, model: string, action: () => Result): Result | null {
    try {
      return action();
    } catch (error) {
      this.#tell(name, model, messageOf(error));
      return null;
    }
  }

  #tell(name: string, model: string, problem: string): void {
    const failure = `${model} ${name}`;
    if (!this.#told.has(failure))
      this.#parts.warn(`the models of ${name} could not be made anew, and will be later: ${problem}`);
    this.#told.add(failure);
  }
}
