import { setImmediate } from 'node:timers/promises';
import { EXIT, WatchkeeperError } from '../errors.ts';
import type { Format } from '../export/format.ts';
import { FORMATS } from '../export/formats.ts';
import { exportFormat, exportPieces } from '../exporting.ts';
import { openToShowOrEmpty } from '../reading.ts';
import type { CliCommand, Context } from './command.ts';
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

/** Writes runs out for other programs, as a stream. */
export const exportRuns: CliCommand = async (context, _args, options) => {
  const { output, since, until, module } = options as Options;
  const format = formatOf(options as Options, context.json);
  const toFile = output !== undefined && !['-', '/dev/stdout'].includes(output);
  if (format.isBinary && !toFile && context.stdout.isTTY === true) throw notForTerminals(format);
  const nowMs = Date.now();
  const sinceMs = since === undefined ? undefined : momentOption('--since', since, nowMs);
  const untilMs = until === undefined ? undefined : momentOption('--until', until, nowMs);
  const store = await openToShowOrEmpty(context.root);
  const progress = new Progress(context.stderr, () => performance.now());
  const isShown = !toFile && context.stdout.isTTY === true;
  const onRuns = (count: number): void => (isShown ? undefined : progress.at(() => `${count} runs`));
  try {
    const pieces = await exportPieces(context.root, store, format, { sinceMs, untilMs, module }, onRuns);
    await written(context, pieces, toFile ? output : null);
    return EXIT.done;
  } finally {
    progress.end();
    store.close();
  }
};

function formatOf({ format, output }: Options, json: boolean): Format {
  const name = format ?? (json ? 'json' : undefined);
  if (json && name !== 'json')
    throw new WatchkeeperError('usage', `--json is --format json: leave it out for ${name}`);
  if (name !== undefined) return exportFormat(name);
  const formats: readonly Format[] = FORMATS;
  const ending = formats.find(each => each.endings.some(end => output?.toLowerCase().endsWith(end)));
  return ending ?? FORMATS[0];
}

function notForTerminals({ name }: Format): WatchkeeperError {
  return new WatchkeeperError(
    'usage',
    `${name} is nothing for a terminal: name a file with --output, or send it through a pipe`,
  );
}

/** @param path null: standard output */
async function written(
  context: Context,
  pieces: Iterable<string | Uint8Array>,
  path: string | null,
): Promise<void> {
  const file = path === null ? null : openOutputFile(path, context.root);
  try {
    for (const piece of pieces) {
      await handedOn(context, file, piece);
      if (file === null && context.stdout.isGone === true) return;
    }
    file?.finish();
  } finally {
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
