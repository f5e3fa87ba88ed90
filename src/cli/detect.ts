import { setFlagsFromString } from 'node:v8';
import { beginReplay, type Replay } from '../detect/replay.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { openSeries } from '../series/open.ts';
import type { Series } from '../series/series.ts';
import type { CliCommand, Context } from './command.ts';
import { jsonView } from './detect-json.ts';
import { detectionFor } from './detect-settings.ts';
import { tableView } from './detect-table.ts';
import type { DetectView } from './detect-view.ts';
import { countOption } from './duration.ts';
import { Progress } from './progress.ts';
import { taken } from './taken.ts';

interface Options {
  period?: string;
  config?: string;
  value?: string;
}

/** Replays a series through the detectors of the configuration, one point at a time and never looking ahead. */
export const detect: CliCommand = async (context, args, options) => {
  // Each value leaves some kB of garbage: a larger young generation than supervisor.ts gives to all commands costs less time.
  setFlagsFromString('--semi-space-growth-factor=4');
  // So little of it is ever kept that threads that help to collect it cost more than they take over.
  setFlagsFromString('--no-parallel-scavenge');
  const { period, config, value } = options as Options;
  const detection = await detectionFor(context, config ?? null);
  const settings = period === undefined ? detection : { ...detection, period: periodOption(period) };
  const values = value === undefined ? null : value.split(',').map(name => name.trim());
  const series = await openSeries(args[0] ?? '-', context.stdin, { values });
  const { columns } = series;
  const view = context.json
    ? jsonView(context.stdout, columns)
    : tableView(context.stdout, context.env, columns);
  await shown(context, series, beginReplay(settings, columns), view);
  return EXIT.done;
};

/** As `detection.period` in the configuration. */
function periodOption(text: string): number | null {
  if (text === 'auto') return null;
  const period = countOption('--period', text);
  if (period >= 2 && period <= 10_000) return period;
  throw new WatchkeeperError('usage', `--period takes auto or a whole number from 2 to 10000, not '${text}'`);
}

async function shown(context: Context, series: Series, replay: Replay, view: DetectView): Promise<void> {
  const progress = new Progress(context.stderr, () => performance.now());
  const beginMs = performance.now();
  let points = 0;
  try {
    for await (const batch of series.rows) {
      for (const row of batch) {
        view.point(points, row, replay.next(row.values, row.timeMs));
        points += 1;
      }
      progress.at(() => `${points} points`);
      await taken(context.stdout);
    }
  } finally {
    progress.end();
  }
  if (points === 0) throw new WatchkeeperError('usage', 'the series is empty: it has a heading and no rows');
  const changes = replay.changePoints();
  view.end(changes, points, (performance.now() - beginMs) / 1000);
}
