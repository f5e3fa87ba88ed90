import type { Range } from '../glossary/history.ts';
import type { HistoryReader } from '../history-reader.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';

/**
 * All memory that the machine has, of what was used and what was available in the newest hour of a range.
 *
 * @returns MB; null where the one or the other is not known
 */
export function memoryTotalMb(reader: Pick<HistoryReader, 'rollups'>, range: Range): number | null {
  const newestOf = (metric: string): number | undefined =>
    reader.rollups(SYSTEM_SOURCE, metric, {}, 'hour', { ...range, newest: 1 })[0]?.mean;
  const [used, available] = [newestOf('memoryUsedMb'), newestOf('memoryAvailableMb')];
  return used === undefined || available === undefined ? null : used + available;
}
