import { requireKnownModule } from '../config/known-modules.ts';
import { beginNamedForest } from '../detect/forest/named.ts';
import { MOST_HISTORY } from '../detect/lstm/train.ts';
import { EXIT } from '../errors.ts';
import type { DetectionSettings } from '../glossary/detection-settings.ts';
import type { Run } from '../glossary/run.ts';
import { usualValues } from '../judge/values.ts';
import { keepForest, keepLstm, lstmRequest } from '../models.ts';
import { openToShow } from '../reading.ts';
import { roundSignificant } from '../stats/round.ts';
import { prepareFolders } from '../store/folders.ts';
import { ModelFiles } from '../store/models.ts';
import type { Store } from '../store/store.ts';
import { trainInWorker } from '../training/train.ts';
import type { CliCommand, Context } from './command.ts';
import { detectionFor } from './detect-settings.ts';
import { NONE } from './format.ts';
import { Progress } from './progress.ts';
import { table, widthOf } from './table.ts';

/** What was made of one module's history. */
interface Trained {
  module: string;
  /** `ok` runs that it was made from. */
  runs: number;
  isolationForest: { observations: number; threshold: number } | null;
  lstmAutoencoder: { windows: number; loss: number; threshold: number } | null;
  /** Why there is no LSTM autoencoder; null where there is one. */
  without: string | null;
  files: string[];
}

/** Trains all models of the workspace now, from the history in the store, and keeps them in `data/models/`. */
export const train: CliCommand = async (context, args) => {
  const detection = await detectionFor(context, null);
  const store = await openToShow(context.root);
  try {
    for (const name of args) await requireKnownModule(context.root, store.moduleNames(), name);
    const modules = args.length > 0 ? [...new Set(args)] : store.moduleNames();
    const files = new ModelFiles(prepareFolders(context.root).data, Date.now);
    const trained: Trained[] = [];
    for (const module of modules) trained.push(await trainModule(context, store, files, module, detection));
    show(context, trained);
    return EXIT.done;
  } finally {
    store.close();
  }
};

async function trainModule(
  context: Context,
  store: Store,
  files: ModelFiles,
  module: string,
  detection: DetectionSettings,
): Promise<Trained> {
  const runs = store.runs(module, MOST_HISTORY).filter(({ outcome }) => outcome === 'ok');
  const trainedAt = new Date().toISOString();
  const forest = beginNamedForest(detection);
  for (const run of runs) forest.next(new Map(usualValues(run)));
  const kept = keepForest(files, module, forest, detection, trainedAt);
  const known = forest.trained();
  const lstm = await trainLstm(context, module, runs, detection.seed, trainedAt);
  return {
    module,
    runs: runs.length,
    isolationForest: known === null ? null : { observations: known.observations, threshold: known.threshold },
    lstmAutoencoder: lstm.model && {
      windows: lstm.model.windows,
      loss: lstm.model.loss,
      threshold: lstm.model.threshold,
    },
    without: lstm.without,
    files: [...kept, ...(lstm.model === null ? [] : keepLstm(files, module, lstm.model))],
  };
}

async function trainLstm(context: Context, module: string, runs: Run[], seed: number, trainedAt: string) {
  const progress = new Progress(context.stderr, () => performance.now());
  const result = await trainInWorker(lstmRequest(runs, seed, trainedAt), {
    holdsProcess: true,
    onEpoch: ({ epoch, of }) => progress.at(() => `${module}: LSTM autoencoder, epoch ${epoch} of ${of}`),
  });
  progress.end();
  if (result.status === 'trained') return { model: result.model, without: null };
  const without = result.status === 'failed' ? result.message : 'needs more than 200 runs that succeeded';
  return { model: null, without };
}

function show({ json, stdout }: Context, trained: readonly Trained[]): void {
  if (json) {
    stdout.write(`${JSON.stringify(trained, null, 2)}\n`);
    return;
  }
  if (trained.length === 0) {
    stdout.write('no module has run yet: there is nothing to train from\n');
    return;
  }
  const rows = trained.map(({ module, runs, isolationForest, lstmAutoencoder, without, files }) => [
    module,
    String(runs),
    isolationForest === null ? 'needs 5 runs and two metrics' : `${isolationForest.observations} runs`,
    lstmAutoencoder === null
      ? (without ?? NONE)
      : `${lstmAutoencoder.windows} windows, loss ${roundSignificant(lstmAutoencoder.loss, 3)}`,
    String(files.length),
  ]);
  const head = ['module', 'ok runs', 'isolation forest', 'LSTM autoencoder', 'files'];
  stdout.write(`${table([head, ...rows], 4, widthOf(stdout)).join('\n')}\n`);
  const where = trained.some(({ files }) => files.length > 0)
    ? 'kept in data/models/, as JSON and as ONNX'
    : 'nothing was kept';
  stdout.write(`\n${where}\n`);
}
