import { createHash } from 'node:crypto';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { openToShow } from '../reading.ts';
import type { ReportData } from '../report/data.ts';
import { htmlReport } from '../report/html/page.ts';
import { jsonReport } from '../report/json.ts';
import { markdownReport } from '../report/markdown/page.ts';
import { reportOf } from '../reporting.ts';
import type { CliCommand, Context } from './command.ts';
import { momentOption } from './moment.ts';
import { openOutputFile } from './output-file.ts';
import { overSoon } from './over-soon.ts';
import { plain } from './plain.ts';
import { requireSettings } from './settings.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

const FORMATS: Record<string, (data: ReportData) => string> = {
  html: data => htmlReport(data, sha256),
  md: markdownReport,
  json: jsonReport,
};

/** One file that tells how the workspace went. */
export const report: CliCommand = async (context, _args, options) => {
  const { format, output, since } = options as { format?: string; output?: string; since?: string };
  const toFile = output !== undefined && output !== '-';
  const render = renderer(format ?? (context.json ? 'json' : formatFor(toFile ? output : 'report.md')));
  overSoon();
  const nowMs = Date.now();
  const sinceMs = since === undefined ? null : momentOption('--since', since, nowMs);
  const settings = await requireSettings(context);
  const store = await openToShow(context.root);
  try {
    const text = render(await reportOf(store, settings, sinceMs, nowMs));
    if (toFile) written(context, output, text);
    else context.stdout.write(text);
    return EXIT.done;
  } finally {
    store.close();
  }
};

function renderer(format: string): (data: ReportData) => string {
  const found = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (found !== undefined) return found;
  throw new WatchkeeperError('usage', `--format takes ${Object.keys(FORMATS).join(', ')}, not '${format}'`);
}

const ENDINGS = new Map([
  ['html', 'html'],
  ['htm', 'html'],
  ['md', 'md'],
  ['markdown', 'md'],
  ['json', 'json'],
]);

/** By the ending of the file. */
function formatFor(output: string): string {
  const known = ENDINGS.get(/\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase() ?? '');
  if (known !== undefined) return known;
  throw new WatchkeeperError(
    'usage',
    `'${output}' does not say what it is to be: end it in .html, .md or .json, or name a --format`,
  );
}

function written({ root, stderr }: Context, output: string, text: string): void {
  const file = openOutputFile(output, root);
  try {
    file.write(text);
    file.finish();
  } finally {
    file.abandon();
  }
  stderr.write(`${plain(output)} written\n`);
}
