import { parseArgs } from 'node:util';
import { type Evidence, featuresOf } from '../../../src/detect/confidence.ts';
import { beginMetric } from '../../../src/detect/metric.ts';
import { RecentVotes } from '../../../src/detect/recent-votes.ts';
import { type RunEvent, RunEvents } from '../../../src/detect/run-events.ts';
import { beginZScore } from '../../../src/detect/z-score.ts';
import type { Kind } from '../../../src/glossary/event.ts';
import { solvePositive } from '../../../src/stats/cholesky.ts';
import { understood } from '../../helpers/script.ts';
import { DETECTION } from '../../supervise/played.ts';
import { formatTable } from '../table.ts';
import { calibrationTable } from './calibration.ts';
import { type Change, episodesOf, isRight } from './episodes.ts';
import { injected } from './php.ts';
import { isDataFolder, phpSeries } from './series.ts';
import { CASES, NOISES, syntheticSeries } from './synthetic.ts';

const USAGE = `node test/bench/detect/calibrate.ts [--data DIR]

Makes the coefficients of src/detect/confidence.ts again: a logistic regression of whether an episode is right on how strong its
surest alarm is and how the z-score votes, over synthetic series of other seeds than the benchmark uses, and over PHP's with shifts put in, where DIR holds them.
Then shows how well the confidence as it is now keeps its word. Which alarm of an episode is its surest one hangs on the coefficients:
put the new ones in and run it again until they stay. Takes half a minute.
`;

const RULE = { ...DETECTION, floor: 0 };
const FIRST_SEED = 101;
const SEEDS = 240;
const WITHIN = 15;
/** Keeps coefficients finite where a few strong episodes are all right. */
const RIDGE = 0.5;
const ROUNDS = 30;

const NAMES: Record<Kind, string> = {
  shift: '1, ln(strength), ln(values), the vote',
  spike: '1, ln(strength), the vote',
};

interface Example {
  kind: Kind;
  /** As in `featuresOf`. */
  features: number[];
  isRight: boolean;
}

main();

function main(): void {
  const asked = understood(USAGE, () => {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', default: false },
        data: { type: 'string', default: process.env['WATCHKEEPER_DETECT_DATA'] ?? '' },
      },
    });
    return values;
  });
  if (asked === null) return;
  const examples = [...syntheticExamples(), ...(isDataFolder(asked.data) ? phpExamples(asked.data) : [])];
  for (const kind of ['shift', 'spike'] as const) {
    const ofKind = examples.filter(example => example.kind === kind);
    const coefficients = Array.from(fitted(ofKind), each => each.toFixed(2));
    print(`${kind}: ${ofKind.length} episodes; coefficients of ${NAMES[kind]}: ${coefficients.join(', ')}\n`);
  }
  print(`\n${formatTable(calibrationTable(40)).join('\n')}\n`);
}

function syntheticExamples(): Example[] {
  return NOISES.flatMap(noise =>
    CASES.flatMap(what =>
      Array.from({ length: SEEDS }, (_, seed) => {
        const { values, changes } = syntheticSeries(noise, what, FIRST_SEED + seed);
        return examplesOf(values, changes);
      }).flat(),
    ),
  );
}

/** Up to where a shift must have been seen: what comes later may be a real change of the machine, which nobody has marked. */
function phpExamples(folder: string): Example[] {
  const series = phpSeries(folder).map(({ values }) => values);
  return injected(series, 5).flatMap(({ values, at }) =>
    examplesOf(values.slice(0, at + 1 + WITHIN), [{ at, within: WITHIN }]),
  );
}

/** One for each episode: its surest alarm, whose confidence is that of the episode. */
function examplesOf(values: readonly number[], changes: readonly Change[]): Example[] {
  const metric = beginMetric(DETECTION, RULE, 'events');
  const seen = evidenceIn(values);
  const alarms = values.flatMap((value, index) => {
    const { event, confidence } = metric.next(value, null);
    return event ? [{ index, confidence }] : [];
  });
  return episodesOf(alarms).map(episode => {
    const surest = alarms.find(
      ({ index, confidence }) =>
        index >= episode.first && index <= episode.last && confidence === episode.confidence,
    );
    const evidence = seen[surest?.index ?? episode.last];
    if (evidence === undefined) throw new Error('an alarm at no value');
    return { kind: evidence.kind, features: featuresOf(evidence), isRight: isRight(episode, changes) };
  });
}

/** At each value what speaks for a shift where one was seen, and for a spike where not. */
function evidenceIn(values: readonly number[]): Evidence[] {
  const detector = new RunEvents(null);
  const zScore = beginZScore(1);
  const votes = new RecentVotes();
  return values.map(value => {
    const event = detector.next(value);
    votes.push(zScore.next({ values: [value], timeMs: null }).score);
    return evidenceOf(event, votes);
  });
}

function evidenceOf(
  { kind, shiftStrength, spikeStrength, shiftValues }: RunEvent,
  votes: RecentVotes,
): Evidence {
  return kind === 'shift'
    ? { kind, strength: shiftStrength ?? 1, values: shiftValues, vote: votes.highest(shiftValues) }
    : { kind: 'spike', strength: spikeStrength ?? 1, values: 1, vote: votes.highest(1) };
}

/** Logistic regression by Newton's method: each round is a weighted least squares. */
function fitted(examples: readonly Example[]): Float64Array {
  const size = examples[0]?.features.length ?? 0;
  let coefficients = new Float64Array(size);
  for (let round = 0; round < ROUNDS; round += 1) {
    const matrix = new Float64Array(size * size);
    const right = coefficients.map(each => -RIDGE * each);
    for (let place = 0; place < size; place += 1) matrix[place * size + place] = RIDGE;
    for (const { features, isRight } of examples) addExample(matrix, right, features, isRight, coefficients);
    const step = solvePositive(matrix, right);
    coefficients = coefficients.map((each, place) => each + (step[place] ?? 0));
  }
  return coefficients;
}

function addExample(
  matrix: Float64Array,
  right: Float64Array,
  features: readonly number[],
  isRight: boolean,
  coefficients: Float64Array,
): void {
  const size = features.length;
  const logOdds = features.reduce((sum, feature, place) => sum + feature * (coefficients[place] ?? 0), 0);
  const chance = 1 / (1 + Math.exp(-logOdds));
  features.forEach((feature, row) => {
    right[row] = (right[row] ?? 0) + (Number(isRight) - chance) * feature;
    features.forEach((other, column) => {
      const at = row * size + column;
      matrix[at] = (matrix[at] ?? 0) + chance * (1 - chance) * feature * other;
    });
  });
}

function print(text: string): void {
  process.stdout.write(text);
}
