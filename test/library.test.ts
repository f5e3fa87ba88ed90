import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { failOnLeaks } from './helpers/leaks.ts';
import { command } from './helpers/supervisor.ts';
import { temporaryFolder, temporaryWorkspace } from './helpers/workspace.ts';

failOnLeaks();

const ROOT = join(import.meta.dirname, '..');

/** A folder of somebody who has installed the package: ours in `node_modules`, with what it needs beside it. */
function withPackage(t: TestContext): string {
  const folder = temporaryFolder(t);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'watchkeeper'), { recursive: true });
  for (const name of ['src', 'package.json', 'supervisor.ts'])
    cpSync(join(ROOT, name), join(modules, 'watchkeeper', name), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter(each => !each.startsWith('.')))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

const QUESTION = `
import { openWorkspace, WatchkeeperError } from 'watchkeeper';
const workspace = await openWorkspace(process.argv[2]);
let code = null;
try { workspace.forecast({ metric: 'nobody.runtimeSeconds' }); } catch (error) { code = error instanceof WatchkeeperError && error.code; }
console.log(JSON.stringify({
  modules: workspace.modules(),
  runs: workspace.runs('one').length,
  values: workspace.values('one.runtimeSeconds').length,
  verdicts: workspace.checkRegression({ module: 'one' }).checks.map(check => check.verdict),
  code,
}));
workspace.close();
`;

test('an installed package answers through its library what the commands answer', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': 'modules: { one: { command: "true" } }\n' });
  assert.equal((await command(t, workspace.root, ['once'])).code, 0);
  const folder = withPackage(t);
  writeFileSync(join(folder, 'ask.js'), QUESTION);
  const output = execFileSync(process.execPath, ['ask.js', workspace.root], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { verdicts, ...rest } = JSON.parse(output);
  assert.deepEqual(rest, { modules: ['one'], runs: 1, values: 1, code: 'usage' });
  assert.ok(verdicts.length >= 3 && verdicts.every((verdict: string) => verdict === 'too-few'), output);
});

test('a program on an older Node is told which one it needs', t => {
  const folder = temporaryFolder(t);
  const library = pathToFileURL(join(ROOT, 'src/library.mjs')).href;
  writeFileSync(
    join(folder, 'old.mjs'),
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
     await import('${library}').catch(error => console.log(error.message));`,
  );
  const told = execFileSync(process.execPath, [join(folder, 'old.mjs')], { encoding: 'utf8' });
  assert.match(told, /^watchkeeper: this is Node 20\.20\.2, and Node 24 is needed\. .*npx node PROGRAM/);
});

test('the types that are packed are those of the library, and fit a strict program', t => {
  const folder = withPackage(t);
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const types = join(folder, 'node_modules', 'watchkeeper', 'types');
  execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.types.json'), '--outDir', types]);
  writeFileSync(
    join(folder, 'ask.ts'),
    `import { openWorkspace, type RegressionAnswer, type TrendsAnswer } from 'watchkeeper';
     import type { Benched, BisectAnswer, BottlenecksAnswer, CompareQuestion, Finding, MetricReport, ReportData } from 'watchkeeper';
     const workspace = await openWorkspace('.');
     const answer: RegressionAnswer = workspace.checkRegression({ recent: { runs: 20 } });
     const question: CompareQuestion = { modules: ['a'], by: { label: 'model' } };
     const report: MetricReport = { metric: 'queue', value: 1 };
     export const answers: [TrendsAnswer, BottlenecksAnswer, Finding[], ReportData] = [
       workspace.trends({ of: 'a' }), workspace.bottlenecks(), await workspace.recommend(), await workspace.report(),
     ];
     await workspace.record(report);
     const benched: Benched = await workspace.bench({ module: 'a', runs: 5 }, { onRun: trial => console.log(trial.run.outcome) });
     const stop = AbortSignal.timeout(1000);
     const found: BisectAnswer | null = await workspace.bisect({ module: 'a', good: 'HEAD~3' }, { stop });
     for await (const piece of workspace.export({ format: 'csv' })) console.log(piece, benched.kept, found?.verdict);
     workspace.compare(question);
     // @ts-expect-error: a number
     export const text: string = answer.regressions;`,
  );
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'esnext', '--types', ''];
  execFileSync(process.execPath, [tsc, ...flags, 'ask.ts'], { cwd: folder });
});

test('a package holds what its entries name', () => {
  const { exports, bin, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const path of [exports['.'].default, exports['.'].types, bin.watchkeeper])
    assert.ok(files.includes(path.replace(/^\.\//, '').split('/')[0]), path);
  assert.ok(files.includes('stripped'), 'what own-types.mjs writes');
});
