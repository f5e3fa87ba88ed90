import type { Assessment, LogEvent } from '../glossary/event.ts';

/**
 * Of the lines of an incident the first one in which the detectors were surest of it; null where they were asked of none. Its recovery
 * does not count: what they say there is of the way back.
 */
export function surestOf<Line extends Pick<LogEvent, 'event'> & Partial<Assessment>>(
  lines: readonly Line[],
): Line | null {
  let surest: Line | null = null;
  for (const line of lines) {
    const { event, confidence = -1 } = line;
    if (event !== 'recovered' && confidence > (surest?.confidence ?? -1)) surest = line;
  }
  return surest;
}
