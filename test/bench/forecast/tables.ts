import { MEMBERS } from '../../../src/forecast/members.ts';
import { ENSEMBLE } from '../../../src/forecast/trials.ts';
import type { Row, Table } from '../table.ts';
import { GIVEN, LEVELS, type Measured, meanOf, measured } from './measured.ts';
import type { BenchSeries } from './series.ts';

const MODELS = [...MEMBERS.map(({ name }) => name), ENSEMBLE];

/** Coverage is off from its level by so many points at most. */
const MOST_OFF = 3;
/** A command that forecasts has a second, its start included. */
const MOST_MS = 800;

/** Every model on every series: errors, coverage, time. */
export function forecastTables(all: readonly BenchSeries[], progress: (text: string) => void): Table[] {
  const results = all.map(series => {
    progress(`${series.set}: ${series.name}`);
    return measured(series, MODELS);
  });
  return [errorTable(results), coverageTable(results), timeTable(results)];
}

function errorTable(results: readonly Measured[]): Table {
  const sets = [...new Set(results.map(({ set }) => set))];
  const row = (name: string): Row => {
    const shareBetter = (than: string): number =>
      100 * meanOf(results.map(({ mase }) => ((mase.get(name) ?? 0) < (mase.get(than) ?? 0) ? 1 : 0)));
    const ratio = ratioTo('naive', name, results);
    const isGoal = name === ENSEMBLE || name === GIVEN;
    return {
      label: name,
      figures: [
        ...sets.map(set =>
          meanOf(results.filter(each => each.set === set).map(({ mase }) => mase.get(name) ?? 0)),
        ),
        ...[ratio, shareBetter('naive'), shareBetter('seasonal-naive')],
      ],
      goal: isGoal ? { text: 'below 0.9 of naive', met: ratio < 0.9 } : null,
    };
  };
  return {
    title: 'Errors: MASE by data set (mean over its series), and against the naive forecasts',
    subject: 'model',
    columns: [
      ...sets.map(name => ({ name, decimals: 2 })),
      { name: 'of naive', decimals: 3 },
      { name: '% beat naive', decimals: 0 },
      { name: '% beat seasonal', decimals: 0 },
    ],
    rows: [...MODELS, GIVEN].map(row),
    notes: [
      `${results.length} series, each forecast from 4 places of its later half; a day ahead, or 12 values (21 for sp500) where there are no times`,
      'of naive: geometric mean of the errors over those of "same as last time"; % beat: share of the series with a smaller error',
      'where a model has nothing to say (no season, too few values), "same as last time" stands in for it',
      'as given: the ensemble where it is clearly better than the naive ones in the past of the series, otherwise the better of these',
    ],
  };
}

function ratioTo(yardstick: string, name: string, results: readonly Measured[]): number {
  const logs = results.flatMap(({ mase }) => {
    const own = mase.get(name) ?? 0;
    const other = mase.get(yardstick) ?? 0;
    return own > 0 && other > 0 ? [Math.log(own / other)] : [];
  });
  return Math.exp(meanOf(logs));
}

function coverageTable(results: readonly Measured[]): Table {
  const row = (label: string, some: readonly Measured[]): Row => {
    const shares = LEVELS.map((_, index) => {
      const inside = some.reduce((sum, { within }) => sum + (within[index]?.inside ?? 0), 0);
      return (
        (100 * inside) /
        Math.max(
          1,
          some.reduce((sum, { within }) => sum + (within[index]?.of ?? 0), 0),
        )
      );
    });
    const met = shares.every((share, index) => Math.abs(share - 100 * (LEVELS[index] ?? 0)) <= MOST_OFF);
    const count = some.reduce((sum, { within }) => sum + (within[0]?.of ?? 0), 0);
    const goal = label === 'all' ? { text: `within ${MOST_OFF} points`, met } : null;
    return { label, figures: [...shares, count], goal };
  };
  const sets = [...new Set(results.map(({ set }) => set))];
  return {
    title: 'Coverage: how many values lie within their interval, %',
    subject: 'data set',
    columns: [
      ...LEVELS.map(level => ({ name: `${100 * level} %`, decimals: 1 })),
      { name: 'values', decimals: 0 },
    ],
    rows: [
      ...sets.map(set =>
        row(
          set,
          results.filter(each => each.set === set),
        ),
      ),
      row('all', results),
    ],
    notes: ['of the forecast as it is given; by value, so that long forecasts count more'],
  };
}

function timeTable(results: readonly Measured[]): Table {
  const all = results.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const [mean, most] = [meanOf(all), all.at(-1) ?? 0];
  return {
    title: 'Time for one forecast, with the trial of all models, ms of CPU time',
    subject: 'what',
    columns: [
      { name: 'mean', decimals: 0 },
      { name: '95 of 100', decimals: 0 },
      { name: 'most', decimals: 0 },
    ],
    rows: [
      {
        label: 'up to 2,000 values, up to 96 steps',
        figures: [mean, all[Math.floor(0.95 * all.length)] ?? 0, most],
        goal: { text: `below ${MOST_MS} ms`, met: most < MOST_MS },
      },
    ],
    notes: [],
  };
}
