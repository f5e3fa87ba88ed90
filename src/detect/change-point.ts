import { type Detector, scoreOf } from './detector.ts';
import { RunEvents } from './run-events.ts';

/**
 * Whether the level has changed for good, since when, and by how much: the shifts of `run-events.ts` alone.
 */
export const changePoint: Detector = {
  name: 'change-point',
  begin({ period }) {
    const events = new RunEvents(period);
    return {
      next({ values }) {
        const { event, kind, beganAgo, before, sizePercent, expected, shiftStrength } = events.next(
          values[0] ?? null,
        );
        const isShift =
          event && kind === 'shift' && beganAgo !== null && before !== null && sizePercent !== null;
        return {
          score: shiftStrength === null ? null : scoreOf(shiftStrength, 1),
          expected,
          shift: isShift
            ? { beganAgo, before, after: before + (Math.abs(before) * sizePercent) / 100 }
            : null,
        };
      },
    };
  },
};
