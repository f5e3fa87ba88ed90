import type { ColumnChange, RowVerdict } from '../detect/replay.ts';
import type { Row } from '../series/series.ts';

/** How `detect` shows what it finds: each point as it comes, and what there is to say in the end. */
export interface DetectView {
  point(index: number, row: Row, verdict: RowVerdict): void;
  end(changes: ColumnChange[], points: number, seconds: number): void;
}
