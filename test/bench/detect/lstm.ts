/**
 * What the LSTM autoencoder costs, and what it sees that a z-score does not: `node test/bench/detect/lstm.ts`. Times are processor time of
 * this thread's process, so that a busy machine does not count.
 */
import { LSTM_SETTINGS, type TrainedLstm } from '../../../src/detect/lstm/model.ts';
import { train } from '../../../src/detect/lstm/train.ts';
import type { Row } from '../../../src/detect/lstm/windows.ts';
import { beginLstm } from '../../../src/detect/lstm-autoencoder.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function seconds(work: () => void): number {
  const before = process.cpuUsage().user;
  work();
  return (process.cpuUsage().user - before) / 1e6;
}

function trainedOn(history: readonly Row[]): TrainedLstm {
  const metrics = (history[0] ?? []).map((_, metric) => `metric${metric}`);
  const model = train({
    history,
    metrics,
    settings: LSTM_SETTINGS,
    seed: 1,
    trainedAt: '2026-01-01T00:00:00Z',
  });
  if (model === null) throw new Error('the history is too short');
  return model;
}

function scoresOf(model: TrainedLstm, rows: readonly Row[]): number[] {
  const lstm = beginLstm(model);
  return rows.map(values => lstm.next({ timeMs: null, values }).score ?? 0);
}

/** Metrics that follow one load, each with some noise of its own. */
function common(rows: number, metrics: number): Row[] {
  const random = seededRandom(1);
  return Array.from({ length: rows }, () => {
    const load = gaussian(random);
    return Array.from({ length: metrics }, (_, metric) => 10 * metric + load + 0.2 * gaussian(random));
  });
}

function costs(): void {
  say('metrics  windows  training of 20 epochs, s  a window, us');
  for (const [metrics, windows] of [
    [1, 1_000],
    [4, 186],
    [4, 1_000],
    [4, 1_250],
    [8, 1_250],
  ] as const) {
    const rows = common(windows + 15, metrics);
    let model: TrainedLstm | null = null;
    const training = seconds(() => {
      model = trainedOn(rows);
    });
    const scoring = model === null ? 0 : seconds(() => scoresOf(model as TrainedLstm, rows)) / rows.length;
    say(
      `${String(metrics).padStart(7)}${String(windows).padStart(9)}${training.toFixed(2).padStart(26)}${(scoring * 1e6).toFixed(0).padStart(14)}`,
    );
  }
}

const TRAINED = 400;
const CHANGES_AT = 600;
const LENGTH = 660;
const SEEDS = 5;

type Make = (index: number, changed: boolean, random: () => number) => number[];

/** Two draws of a load, the second one for metrics that no longer follow the first. */
const loads = (random: () => number): [number, number] => [gaussian(random), gaussian(random)];
const wave = (index: number): number => Math.sin((2 * Math.PI * index) / 24);

const CASES: Record<string, Make> = {
  'two metrics part': (_, changed, random) => {
    const [load, other] = loads(random);
    return [10 + load, 5 + 0.5 * (changed ? other : load) + 0.1 * gaussian(random)];
  },
  'two metrics part by half': (_, changed, random) => {
    const [load, other] = loads(random);
    const second = changed ? 0.5 * load + 0.87 * other : load;
    return [10 + load, 5 + 0.5 * second + 0.1 * gaussian(random)];
  },
  'a rhythm is 6 of 24 late': (index, changed, random) => [
    20 + wave(changed ? index - 6 : index) + 0.2 * gaussian(random),
  ],
  'a rhythm ends': (index, changed, random) => [20 + (changed ? 0 : wave(index)) + 0.2 * gaussian(random)],
  'shift of 30 %, CV 10 %': (_, changed, random) => [
    (changed ? 1.3 : 1) * Math.exp(0.1 * gaussian(random)),
    Math.exp(0.1 * gaussian(random)),
  ],
  'nothing, CV 30 %': (_, __, random) => loads(random).map(noise => Math.exp(0.3 * noise)),
  'nothing, two modes': (_, __, random) =>
    loads(random).map(noise => Math.exp(0.03 * noise) * (random() < 0.25 ? 1.18 : 1)),
};

/** The largest |z| of any metric against the 30 rows before, over 3, as a score. */
function zScores(rows: readonly Row[]): number[] {
  return rows.map((row, index) => {
    const before = rows.slice(Math.max(index - 30, 0), index);
    const ratios = row.map((value, metric) => {
      const values = before.map(each => each[metric] ?? 0);
      const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
      const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
      return Math.abs((value ?? 0) - mean) / Math.sqrt(variance) / 3;
    });
    const ratio = Math.max(...ratios);
    return index < 30 ? 0 : ratio / (1 + ratio);
  });
}

/** False episodes per 100 rows before the change; whether it was seen within 15 rows after. */
function outcome(scores: readonly number[]): { falseEpisodes: number; seen: number } {
  const alarms = scores.flatMap((score, index) => (score >= 0.5 && index >= TRAINED + 16 ? [index] : []));
  const before = alarms.filter(index => index < CHANGES_AT);
  const episodes = before.filter((index, at) => index - (before[at - 1] ?? Number.NEGATIVE_INFINITY) > 3);
  return {
    falseEpisodes: (100 * episodes.length) / (CHANGES_AT - TRAINED - 16),
    seen: alarms.some(index => index >= CHANGES_AT && index < CHANGES_AT + 15) ? 1 : 0,
  };
}

function uses(): void {
  say(
    `\nfalse episodes per 100 runs, and share seen within 15 runs (trained on ${TRAINED} runs, ${SEEDS} seeds)`,
  );
  say('                            autoencoder      z-score over 30');
  for (const [name, make] of Object.entries(CASES)) {
    const sums = { lstm: { falseEpisodes: 0, seen: 0 }, z: { falseEpisodes: 0, seen: 0 } };
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = seededRandom(seed);
      const rows = Array.from({ length: LENGTH }, (_, index) => make(index, index >= CHANGES_AT, random));
      add(sums.lstm, outcome(scoresOf(trainedOn(rows.slice(0, TRAINED)), rows)));
      add(sums.z, outcome(zScores(rows)));
    }
    say(`${name.padEnd(26)}${figures(sums.lstm)}     ${figures(sums.z)}`);
  }
}

function add(sum: { falseEpisodes: number; seen: number }, one: typeof sum): void {
  sum.falseEpisodes += one.falseEpisodes / SEEDS;
  sum.seen += one.seen / SEEDS;
}

function figures({ falseEpisodes, seen }: { falseEpisodes: number; seen: number }): string {
  return `${falseEpisodes.toFixed(2).padStart(7)}  ${seen.toFixed(2)}`;
}

costs();
uses();
