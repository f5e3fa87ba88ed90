import type { Assessment } from '../glossary/event.ts';

/** Of the lines of an incident the first one in which the detectors were surest of it; null where they were asked of none. */
export function surestOf<Line extends Partial<Assessment>>(lines: readonly Line[]): Line | null {
  let surest: Line | null = null;
  for (const line of lines)
    if (line.confidence !== undefined && line.confidence > (surest?.confidence ?? -1)) surest = line;
  return surest;
}
