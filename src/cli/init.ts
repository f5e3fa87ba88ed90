import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import type { CliCommand, Context } from './command.ts';
import { nextSteps } from './next-steps.ts';
import { plain } from './plain.ts';
import { currentFolder, workspaceRoot } from './root.ts';

/** Where this Watchkeeper lies: its own workspace is the example that is handed out. */
const HERE = fileURLToPath(new URL('../..', import.meta.url));
/** The one package that the example's modules import. */
const LIBRARY = 'trading-signals';

export const init: CliCommand = async (context, args) => {
  if (args[0] === '')
    throw new WatchkeeperError(
      'usage',
      'the folder is empty: name one, or leave it out for the current folder',
    );
  const target = workspaceRoot(resolve(context.root, args[0] ?? '.'));
  const result = writeExample(target);
  if (context.json) context.stdout.write(`${JSON.stringify({ root: target, ...result }, null, 2)}\n`);
  else context.stdout.write(`${plain(report(context, target, result).join('\n'))}\n`);
  return EXIT.done;
};

interface Written {
  written: string[];
  kept: string[];
}

function writeExample(target: string): Written {
  const result: Written = { written: [], kept: [] };
  const note = (file: string, isNew: boolean): void => void (isNew ? result.written : result.kept).push(file);
  try {
    makeFolders(target);
    for (const file of ['watchkeeper.yaml', ...filesBelow('modules')])
      note(file, copyNew(join(HERE, file), join(target, file)));
    for (const [file, text] of generatedFiles()) note(file, writeNew(join(target, file), text));
    copyLibrary(target);
    return result;
  } catch (error) {
    throw new WatchkeeperError('file', `the example could not be written to ${target}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function generatedFiles(): [file: string, text: string][] {
  const { version } = JSON.parse(readFileSync(join(libraryFolder(), 'package.json'), 'utf8'));
  const packageJson = {
    name: 'pipeline',
    private: true,
    type: 'module',
    dependencies: { [LIBRARY]: version },
  };
  return [
    ['package.json', `${JSON.stringify(packageJson, null, 2)}\n`],
    ['.gitignore', 'node_modules/\n'],
  ];
}

/** The example runs at once, without an install: its only package is copied, and named in package.json for the next install. */
function copyLibrary(target: string): void {
  const to = join(target, 'node_modules', LIBRARY);
  if (!existsSync(to)) cpSync(libraryFolder(), to, { recursive: true });
}

function libraryFolder(): string {
  return join(dirname(fileURLToPath(import.meta.resolve(LIBRARY))), '..');
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(HERE, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(join(HERE, file)).isFile())
    .sort();
}

function copyNew(from: string, to: string): boolean {
  return unlessThere(to, () => copyFileSync(from, to, constants.COPYFILE_EXCL));
}

function writeNew(to: string, text: string): boolean {
  return unlessThere(to, () => writeFileSync(to, text, { flag: 'wx' }));
}

/** The first step by itself: below `/proc` it fails, and Node's `recursive` would try it for ever. */
function makeFolders(folder: string): void {
  let missing = null;
  for (let at = folder; !existsSync(at); at = dirname(at)) missing = at;
  if (missing === null) return;
  mkdirSync(missing);
  mkdirSync(folder, { recursive: true });
}

function unlessThere(to: string, write: () => void): boolean {
  try {
    makeFolders(dirname(to));
    write();
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function report(context: Context, target: string, { written, kept }: Written): string[] {
  const caller = { script: process.argv[1] ?? '', folder: currentFolder(), env: context.env };
  return [
    ...written.map(file => `  wrote ${file}`),
    ...kept.map(file => `  kept  ${file} (it was there already)`),
    '',
    'Next:',
    ...nextSteps(target, caller).map(step => `  ${step}`),
  ];
}
