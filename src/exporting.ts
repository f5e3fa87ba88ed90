import { requireKnownModule } from './config/known-modules.ts';
import { didYouMean } from './config/suggest.ts';
import { WatchkeeperError } from './errors.ts';
import type { ExportRequest, ExportSource, Format } from './export/format.ts';
import { FORMATS } from './export/formats.ts';
import type { RunRange } from './history-reader.ts';
import type { Store } from './store/store.ts';

/** Runs that are read at once. */
const PAGE = 500;
/** How far back the newest value of a metric is looked for. */
const NEWEST_RUNS = 100;

/** @throws WatchkeeperError 'usage' where there is none of that name */
export function exportFormat(name: string): Format {
  const formats: readonly Format[] = FORMATS;
  const format = formats.find(each => each.name === name);
  if (format !== undefined) return format;
  const known = formats.map(each => each.name);
  throw new WatchkeeperError(
    'usage',
    `there is no format '${name}'${didYouMean(name, known)}: the formats are ${known.join(', ')}`,
  );
}

/**
 * What an export consists of, piece by piece: text, or bytes where the format is binary. Memory does not depend on how many runs there
 * are, and those that come meanwhile are not in it.
 *
 * @param onRuns is told how many runs have been read so far
 * @throws WatchkeeperError 'usage', before the first piece
 */
export async function exportPieces(
  root: string,
  store: Store,
  format: Format,
  { sinceMs, untilMs, module }: Omit<ExportRequest, 'format'>,
  onRuns: (count: number) => void = () => {},
): Promise<Iterable<string | Uint8Array>> {
  checkRange(format, sinceMs, untilMs);
  if (module !== undefined) await requireKnownModule(root, store.moduleNames(), module);
  const render = await format.load();
  return render(sourceOf(store, { sinceMs, untilMs, module, lastSeq: store.newestRun() }, onRuns));
}

function checkRange(format: Format, sinceMs: number | undefined, untilMs: number | undefined): void {
  if (untilMs === undefined) return;
  if (format.isOfNow)
    throw new WatchkeeperError('usage', `${format.name} says how things stand now: leave the end out`);
  if (sinceMs !== undefined && sinceMs >= untilMs)
    throw new WatchkeeperError('usage', 'the end must be later than the beginning');
}

function sourceOf(store: Store, range: RunRange, onRuns: (count: number) => void): ExportSource {
  const { module, sinceMs = Number.NEGATIVE_INFINITY } = range;
  let count = 0;
  return {
    *pages() {
      for (const page of store.runPages(range, PAGE)) {
        count += page.length;
        onRuns(count);
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
  };
}
