import { Worker } from 'node:worker_threads';
import type { TrainedLstm } from '../detect/lstm/model.ts';
import { type Epoch, MOST_HISTORY, type TrainingRequest } from '../detect/lstm/train.ts';
import { messageOf } from '../errors.ts';
import type { TrainingMessage } from './message.ts';

/** How a training ended. `too-short`: the history is not longer than 200 runs, or has no metric or more than 8. */
export type TrainingResult =
  | { status: 'trained'; model: TrainedLstm }
  | { status: 'too-short' }
  | { status: 'cancelled' }
  | { status: 'failed'; message: string };

export interface TrainingOptions {
  /** Ends the thread, within some milliseconds, wherever it is. */
  signal?: AbortSignal;
  /** After each epoch. */
  onEpoch?: (epoch: Epoch) => void;
  /** Whether the process stays for the end of it. Default: false: a process that has nothing else to do ends, and the thread with it. */
  holdsProcess?: boolean;
}

/** Megabytes of the thread's heap; a training takes a few. */
const MOST_MEMORY = 256;

const WORKER = new URL('./worker.mjs', import.meta.url);

/**
 * Trains the LSTM autoencoder in a thread of its own, so that whoever asks can go on with other things. Resolves when the thread is
 * gone; never rejects.
 */
export async function trainInWorker(
  request: TrainingRequest,
  options: TrainingOptions = {},
): Promise<TrainingResult> {
  const { signal } = options;
  if (signal?.aborted === true) return { status: 'cancelled' };
  try {
    return await resultOf(startWorker(request), options);
  } catch (error) {
    return { status: 'failed', message: messageOf(error) };
  }
}

function startWorker(request: TrainingRequest): Worker {
  return new Worker(WORKER, {
    name: 'watchkeeper-training',
    workerData: { ...request, history: request.history.slice(-MOST_HISTORY) },
    // What this Node itself was started with may be a script or a watch mode.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
  });
}

/** Settled when the thread is gone, whatever it said before. */
async function resultOf(
  worker: Worker,
  { signal, onEpoch, holdsProcess = false }: TrainingOptions,
): Promise<TrainingResult> {
  let result: TrainingResult = { status: 'failed', message: 'the training thread ended without a result' };
  const cancel = (): void => {
    result = { status: 'cancelled' };
    void worker.terminate();
  };
  worker.on('message', (message: TrainingMessage) => {
    if ('epoch' in message) onEpoch?.(message.epoch);
    else
      result = message.model === null ? { status: 'too-short' } : { status: 'trained', model: message.model };
  });
  worker.on('error', error => {
    result = { status: 'failed', message: messageOf(error) };
  });
  signal?.addEventListener('abort', cancel, { once: true });
  if (!holdsProcess) worker.unref(); // after the listener for messages, which takes hold of the process again
  await new Promise(resolve => worker.once('exit', resolve));
  signal?.removeEventListener('abort', cancel);
  return result;
}
