import type { Detector } from './detector.ts';
import { beginPointScore } from './point-score.ts';

/** How new a point is, at two scales and against the same time of earlier days: the score that ranks points of any series. */
export const newness: Detector = {
  name: 'newness',
  begin(settings) {
    const points = beginPointScore(settings);
    return {
      next({ values, timeMs }) {
        const { score, expected } = points.next(values[0] ?? null, timeMs);
        return { score, expected, shift: null };
      },
    };
  },
};
