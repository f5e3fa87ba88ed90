import { compareSamples, judgedTogether } from '../../../src/regression/compare-samples.ts';
import { tailChange } from '../../../src/regression/tail-change.ts';
import { welch } from '../../../src/stats/welch.ts';
import { phpSeries } from '../detect/series.ts';
import type { Row, Table } from '../table.ts';
import {
  dailyHistories,
  type History,
  histories,
  NOISES,
  type Noise,
  SIZES,
  type Size,
  slices,
  slowed,
} from './histories.ts';
import { RIVALS, type Rival, summary, withThreshold } from './rivals.ts';

type Progress = (text: string) => void;

const MOST_FALSE = 0.05;
const CHANGES = [5, 10, 25] as const;
const SEED = 1;

/** Percent of the histories in which an alarm is raised. */
function alarmPercent(all: readonly History[], isAlarm: Rival['isAlarm']): number {
  return (100 * all.filter(isAlarm).length) / Math.max(1, all.length);
}

function labelOf(noise: Noise, { reference, recent }: Size): string {
  return `${noise.name}, ${recent} against ${reference}`;
}

function goalOf(percent: number): Row['goal'] {
  return { text: 'at most 5', met: percent <= 100 * MOST_FALSE };
}

/** False alarms and power on simulated histories. */
export function simulatedTables(count: number, progress: Progress): Table[] {
  const falseRows: Row[] = [];
  const powerRows: Row[] = [];
  for (const noise of NOISES) {
    for (const size of SIZES) {
      const label = labelOf(noise, size);
      progress(label);
      const all = histories(noise, size, count, SEED + falseRows.length);
      const percents = RIVALS.map(({ isAlarm }) => alarmPercent(all, isAlarm));
      falseRows.push({ label, figures: percents, goal: goalOf(percents[0] ?? 100) });
      powerRows.push({ label, figures: powerOf(all), goal: null });
    }
  }
  return [falseTable(count, falseRows), powerTable(count, powerRows)];
}

/** Of the comparison and of the t-test that has a threshold, at each change. */
function powerOf(all: readonly History[]): number[] {
  return [RIVALS[0], RIVALS[2]].flatMap(rival =>
    CHANGES.map(percent =>
      rival === undefined ? Number.NaN : alarmPercent(all, each => rival.isAlarm(slowed(each, percent))),
    ),
  );
}

function falseTable(count: number, rows: Row[]): Table {
  return {
    title: `False alarms, percent of ${count} histories in which nothing changes`,
    subject: 'noise, runs',
    columns: RIVALS.map(({ name }) => ({ name, decimals: 1 })),
    rows,
    notes: [
      'an alarm says "worse"; "better" comes as often again',
      't-test: Welch, p < 0.05, and the mean higher by so much',
    ],
  };
}

function powerTable(count: number, rows: Row[]): Table {
  const columns = ['check-regression', 't-test and 5 %'].flatMap(name =>
    CHANGES.map(percent => ({ name: `${name}: +${percent} %`, decimals: 1 })),
  );
  return {
    title: `Power, percent of ${count} histories in which a change is seen`,
    subject: 'noise, runs',
    columns,
    rows,
    notes: ['where the t-test sees more of AR(1) noise it also raises more false alarms than it may'],
  };
}

const CHECK = { modules: 5, metrics: 4 };

/** Whoever checks many metrics at once: the chance of any false alarm in a check. */
export function familyTable(checks: number): Table {
  const perCheck = CHECK.modules * CHECK.metrics;
  const size = { reference: 50, recent: 20 } as const;
  const rows = NOISES.map((noise): Row => {
    const all = histories(noise, size, checks * perCheck, SEED + 1);
    let [ours, plain] = [0, 0];
    for (let check = 0; check < checks; check++) {
      const together = all.slice(check * perCheck, (check + 1) * perCheck);
      const judged = judgedTogether(
        together.map(({ reference, recent }) =>
          compareSamples(reference, recent, { metric: 'runtimeSeconds' }),
        ),
      );
      if (judged.some(({ verdict }) => verdict === 'worse')) ours++;
      if (together.some(isTTestAlarm)) plain++;
    }
    const percent = (100 * ours) / checks;
    return { label: noise.name, figures: [percent, (100 * plain) / checks], goal: goalOf(percent) };
  });
  return {
    title: `Any false alarm in a check of ${perCheck} metrics, percent of ${checks} checks`,
    subject: 'noise',
    columns: ['check-regression', 't-test'].map(name => ({ name, decimals: 1 })),
    rows,
    notes: ['20 runs against 50, each metric with noise of its own'],
  };
}

function isTTestAlarm({ reference, recent }: History): boolean {
  const test = welch(summary(reference), summary(recent), 0.05);
  return test !== null && test.p < 0.05 && test.difference > 0;
}

const RHYTHMS = [
  { variation: 0.03, amplitude: 0.1 },
  { variation: 0.1, amplitude: 0.1 },
  { variation: 0.1, amplitude: 0.3 },
];

/** The last hour against the day before, of runs with a rhythm that nobody has told of. */
export function rhythmTable(count: number): Table {
  const rows = RHYTHMS.map(({ variation, amplitude }, index): Row => {
    const all = dailyHistories(variation, amplitude, count, SEED + index);
    const percents = RIVALS.map(({ isAlarm }) => alarmPercent(all, isAlarm));
    const label = `CV ${100 * variation}, a day up and down by ${100 * amplitude} %`;
    return { label, figures: percents, goal: goalOf(percents[0] ?? 100) };
  });
  return {
    title: `A rhythm of the day: false alarms, percent of ${count} histories, 12 runs against 288`,
    subject: 'noise',
    columns: RIVALS.map(({ name }) => ({ name, decimals: 1 })),
    rows,
    notes: ['the hour is any hour of the day; a real change of less than the rhythm does not show either'],
  };
}

const TAIL_SIZES = [
  { reference: 200, recent: 100 },
  { reference: 500, recent: 500 },
] as const;

/** The p95 by itself: how often its interval is wrong, and whether it sees a tail that the whole does not show. */
export function tailTable(count: number): Table {
  const rows = NOISES.flatMap(noise =>
    TAIL_SIZES.map((size, index): Row => {
      const all = histories(noise, size, count, SEED + index);
      const found = all.map(({ reference, recent }) => tailChange(reference, recent));
      const shown = found.map(each => each?.intervalPercent ?? null).filter(each => each !== null);
      const wrong = shown.filter(({ low, high }) => low > 0 || high < 0).length;
      const slow = all.map(({ reference, recent }) => tailChange(reference, recent.map(tailed)));
      const seen = slow.filter(each => (each?.intervalPercent?.low ?? 0) > 0).length;
      const percents = [shown.length / count, wrong / Math.max(1, shown.length), seen / count];
      return { label: labelOf(noise, size), figures: percents.map(share => 100 * share), goal: null };
    }),
  );
  return {
    title: `The p95, percent of ${count} histories`,
    subject: 'noise, runs',
    columns: ['shown', 'wrong, of those', 'a tail is seen'].map(name => ({ name, decimals: 1 })),
    rows,
    notes: [
      'wrong: nothing has changed, and 0 is not in the 95 % interval',
      'the tail: every tenth of the recent runs takes twice as long',
    ],
  };
}

const tailed = (value: number, index: number): number => (index % 10 === 0 ? 2 * value : value);

const PHP_STEP = 5;
const PHP_SIZES = [
  { reference: 20, recent: 5 },
  { reference: 50, recent: 10 },
  { reference: 50, recent: 20 },
] as const;

/** On a real series in which no code changes, and with the recent runs made slower. */
export function phpTable(folder: string): Table {
  const rows = PHP_SIZES.flatMap(size => {
    const all = phpSlices(folder, size);
    return RIVALS.map(({ name, isAlarm }, index): Row => {
      const percent = alarmPercent(all, isAlarm);
      const found = [3, 5].map(change => alarmPercent(all, each => isAlarm(slowed(each, change))));
      return {
        label: `${name}, ${size.recent} against ${size.reference}, ${all.length} places`,
        figures: [percent, ...found],
        goal: index === 0 ? goalOf(percent) : null,
      };
    });
  });
  return {
    title: 'PHP, one fixed commit',
    subject: 'what, runs',
    columns: ['false alarms, %', '+3 % is seen, %', '+5 % is seen, %'].map(name => ({ name, decimals: 1 })),
    rows,
    notes: [
      `every ${PHP_STEP} runs of each series, cut where the machine changes; neighbouring places share runs`,
    ],
  };
}

/** Why the threshold is what it is. */
export function thresholdTable(folder: string | null, count: number): Table {
  const size = { reference: 50, recent: 20 } as const;
  const quiet = histories(NOISES[0], size, count, SEED);
  const alike = histories(NOISES[5], size, count, SEED);
  const php = folder === null ? null : phpSlices(folder, size);
  const rows = [0, 1, 2, 3, 5].map((percent): Row => {
    const isAlarm = withThreshold(percent);
    const figures = [
      alarmPercent(quiet, isAlarm),
      alarmPercent(alike, isAlarm),
      php === null ? null : alarmPercent(php, isAlarm),
      alarmPercent(
        quiet.map(each => slowed(each, 5)),
        isAlarm,
      ),
    ];
    return { label: `${percent} %`, figures, goal: null };
  });
  return {
    title: 'What the practical threshold does, 20 runs against 50',
    subject: 'threshold',
    columns: ['false, CV 3', 'false, AR(1) 0.6', 'false, PHP', '+5 % is seen at CV 3'].map(name => ({
      name,
      decimals: 1,
    })),
    rows,
    notes: ['the default is 3 %'],
  };
}

function phpSlices(folder: string, size: Size): History[] {
  return phpSeries(folder).flatMap(({ values }) => slices(values, size, PHP_STEP));
}
