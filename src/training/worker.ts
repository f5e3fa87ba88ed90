import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { train } from '../detect/lstm/train.ts';
import type { TrainingMessage } from './message.ts';

/** As `nice -n 10`: runs that are being measured go first. */
const NICER = 10;

const LOWEST_PRIORITY = 19;

// On Linux 0 is this thread; elsewhere it would be the whole process.
if (process.platform === 'linux') setPriority(0, Math.min(getPriority() + NICER, LOWEST_PRIORITY));

tell({ model: train(workerData, epoch => tell({ epoch })) });

function tell(message: TrainingMessage): void {
  parentPort?.postMessage(message);
}
