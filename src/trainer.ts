import { MOST_HISTORY } from './detect/lstm/train.ts';
import type { ModuleDetection } from './detect/module.ts';
import { messageOf } from './errors.ts';
import { keepForest, keepLstm, keptLstm, lstmRequest } from './models.ts';
import type { ModelFiles } from './store/models.ts';
import type { Store } from './store/store.ts';
import { trainInWorker } from './training/train.ts';
import type { Clock, DetectionSettings, Run } from './types.ts';

/** The LSTM autoencoder takes seconds to train: it is made anew this many times more seldom than the other models. */
const LSTM_SELDOM = 4;
const LSTM_LEAST = 200;

interface TrainerParts {
  store: Pick<Store, 'runs'>;
  files: ModelFiles;
  clock: Clock;
  warn(message: string): void;
}

/**
 * Keeps the models of modules fresh: each `modelUpdateInterval` runs the isolation forest is written down, and now and then the LSTM
 * autoencoder is trained, one at a time, in a thread that yields to the runs. What fails is told once and tried again later.
 */
export class Trainer {
  readonly #parts: TrainerParts;
  /** By module: how many runs it had learned from when its models were last made. */
  readonly #made = new Map<string, { forest: number; lstm: number }>();
  readonly #stop = new AbortController();
  #training: Promise<void> | null = null;
  #isTold = false;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
  }

  /** For a module that is first seen: its models as they were kept. */
  begin(name: string, module: ModuleDetection, settings: DetectionSettings): void {
    const lstm = settings.lstm ? keptLstm(this.#parts.files, name) : null;
    if (lstm !== null) module.use(lstm);
    const never = Number.NEGATIVE_INFINITY;
    this.#made.set(name, { forest: module.seen, lstm: lstm === null ? never : module.seen });
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
    if (!settings.lstm || !isDue || this.#training !== null) return;
    made.lstm = module.seen;
    this.#training = this.#train(name, module, settings).finally(() => {
      this.#training = null;
    });
  }

  /** Ends a training that is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#training;
  }

  #keep(name: string, module: ModuleDetection, settings: DetectionSettings): void {
    const trainedAt = new Date(this.#parts.clock.now()).toISOString();
    this.#telling(name, () => keepForest(this.#parts.files, name, module.forest, settings, trainedAt));
  }

  async #train(name: string, module: ModuleDetection, settings: DetectionSettings): Promise<void> {
    await new Promise(resolve => setImmediate(resolve)); // the run that it was due with is recorded first
    const runs = this.#history(name);
    if (runs === null) return;
    const trainedAt = new Date(this.#parts.clock.now()).toISOString();
    const request = lstmRequest(runs, settings.seed, trainedAt);
    const result = await trainInWorker(request, { signal: this.#stop.signal });
    if (result.status === 'failed') this.#tell(name, result.message);
    if (result.status !== 'trained') return;
    module.use(result.model);
    this.#telling(name, () => keepLstm(this.#parts.files, name, result.model));
  }

  #history(name: string): Run[] | null {
    return this.#telling(name, () =>
      this.#parts.store.runs(name, MOST_HISTORY).filter(({ outcome }) => outcome === 'ok'),
    );
  }

  /** A model is a convenience: what goes wrong with it must not end the loop. */
  #telling<Result>(name: string, action: () => Result): Result | null {
    try {
      const result = action();
      this.#isTold = false;
      return result;
    } catch (error) {
      this.#tell(name, messageOf(error));
      return null;
    }
  }

  #tell(name: string, problem: string): void {
    if (!this.#isTold)
      this.#parts.warn(`the models of ${name} could not be made anew, and will be later: ${problem}`);
    this.#isTold = true;
  }
}
