import { setImmediate } from 'node:timers/promises';
import { didYouMean } from '../config/suggest.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import type { ExportSource, Format } from '../export/format.ts';
import { FORMATS } from '../export/formats.ts';
import { openToShowOrEmpty } from '../reading.ts';
import type { RunRange } from '../store/run-pages.ts';
import type { Store } from '../store/store.ts';
import type { CliCommand, Context } from './command.ts';
import { requireKnownModule } from './known-module.ts';
import { momentOption } from './moment.ts';
import { type OutputFile, openOutputFile } from './output-file.ts';
import { Progress } from './progress.ts';
import { taken } from './taken.ts';

interface Options {
  format?: string;
  output?: string;
  since?: string;
  until?: string;
  module?: string;
}

/** Runs that are read at once. */
const PAGE = 500;
/** How far back the newest value of a metric is looked for. */
const NEWEST_RUNS = 100;

/** Writes runs out for other programs, as a stream: memory does not depend on how many there are. */
export const exportRuns: CliCommand = async (context, _args, options) => {
  const { output, since, until, module } = options as Options;
  const format = formatOf(options as Options, context.json);
  const toFile = output !== undefined && !['-', '/dev/stdout'].includes(output);
  if (format.isBinary && !toFile && context.stdout.isTTY === true) throw notForTerminals(format);
  const nowMs = Date.now();
  const sinceMs = since === undefined ? undefined : momentOption('--since', since, nowMs);
  const untilMs = until === undefined ? undefined : momentOption('--until', until, nowMs);
  checkRange(format, sinceMs, untilMs);
  const store = await openToShowOrEmpty(context.root);
  try {
    if (module !== undefined) await requireKnownModule(context, store, module);
    const range = { sinceMs, untilMs, module, lastSeq: store.newestRun() };
    await written(context, format, sourceOf(store, range), toFile ? output : null);
    return EXIT.done;
  } finally {
    store.close();
  }
};

function formatOf({ format, output }: Options, json: boolean): Format {
  const formats: readonly Format[] = FORMATS;
  const name = format ?? (json ? 'json' : undefined);
  if (json && name !== 'json')
    throw new WatchkeeperError('usage', `--json is --format json: leave it out for ${name}`);
  const named = formats.find(each => each.name === name);
  if (named !== undefined) return named;
  if (name === undefined) {
    const ending = formats.find(each => each.endings.some(end => output?.toLowerCase().endsWith(end)));
    return ending ?? FORMATS[0];
  }
  const known = formats.map(each => each.name);
  throw new WatchkeeperError(
    'usage',
    `there is no format '${name}'${didYouMean(name, known)}: the formats are ${known.join(', ')}`,
  );
}

function notForTerminals({ name }: Format): WatchkeeperError {
  return new WatchkeeperError(
    'usage',
    `${name} is nothing for a terminal: name a file with --output, or send it through a pipe`,
  );
}

function checkRange(format: Format, sinceMs: number | undefined, untilMs: number | undefined): void {
  if (untilMs === undefined) return;
  if (format.isOfNow)
    throw new WatchkeeperError('usage', `${format.name} says how things stand now: leave --until out`);
  if (sinceMs !== undefined && sinceMs >= untilMs)
    throw new WatchkeeperError('usage', '--until must be later than --since');
}

interface CountedSource extends ExportSource {
  /** Of the runs that were read so far. */
  count(): number;
}

function sourceOf(store: Store, range: RunRange): CountedSource {
  const { module, sinceMs = Number.NEGATIVE_INFINITY } = range;
  let count = 0;
  return {
    *pages() {
      for (const page of store.runPages(range, PAGE)) {
        count += page.length;
        yield page;
      }
    },
    customMetrics: () => store.customMetrics(range),
    *modules() {
      for (const name of store.moduleNames()) {
        if (module !== undefined && module !== name) continue;
        const runs = store.runs(name, NEWEST_RUNS).filter(run => Date.parse(run.startedAt) >= sinceMs);
        const openIncidents = store.incidents({ open: true, module: name });
        yield { module: name, counts: store.counts(name), runs, openIncidents };
      }
    },
    count: () => count,
  };
}

/** @param path null: standard output */
async function written(
  context: Context,
  format: Format,
  source: CountedSource,
  path: string | null,
): Promise<void> {
  const render = await format.load();
  const file = path === null ? null : openOutputFile(path, context.root);
  const isShown = file === null && context.stdout.isTTY === true;
  const progress = new Progress(context.stderr, () => performance.now());
  try {
    for (const piece of render(source)) {
      await handedOn(context, file, piece);
      if (file === null && context.stdout.isGone === true) return;
      if (!isShown) progress.at(() => `${source.count()} runs`);
    }
    file?.finish();
  } finally {
    progress.end();
    file?.abandon();
  }
}

async function handedOn(
  { stdout }: Context,
  file: OutputFile | null,
  piece: string | Uint8Array,
): Promise<void> {
  if (file === null) stdout.write(piece);
  else file.write(piece);
  await setImmediate(); // for signals, and for a reader that went away
  if (file === null) await taken(stdout);
}
