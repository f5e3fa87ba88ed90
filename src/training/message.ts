import type { TrainedLstm } from '../detect/lstm/model.ts';
import type { Epoch } from '../detect/lstm/train.ts';

/** What the training thread says: after each epoch, and at the end. A null model: the history is too short for one. */
export type TrainingMessage = { epoch: Epoch } | { model: TrainedLstm | null };
