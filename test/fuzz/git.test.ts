import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallResult, Git } from '../../src/git/call.ts';
import { filtersOff, readConfiguration } from '../../src/git/configuration.ts';
import { GitFailure } from '../../src/git/failure.ts';
import { readIndexEntries } from '../../src/git/index-entries.ts';
import { parseTree } from '../../src/git/tree.ts';
import { open } from '../git/support.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { temporaryWorkspace } from '../helpers/workspace.ts';
import { anyText } from './any-text.ts';
import { holds } from './property.ts';

failOnLeaks();

/** A git that always says the same. */
function saying(stdout: string): Git {
  const result: CallResult = { exitCode: 0, stdout, bytes: Buffer.from(stdout), stderr: '' };
  const converse = (): never => assert.fail('nobody speaks with it');
  return Object.assign(async () => result, { converse });
}

const PATHS = ['data/performance.json', 'data/status.json', 'data/anomalies.log'];
const ODD_PATH = fc.oneof(
  anyText(12).map(text => text.replaceAll('\0', '')),
  fc.constantFrom(
    'data/performance.json\n',
    '\tdata/status.json',
    'H 100644 0 0\tdata/status.json',
    '-z',
    ':(top)x',
    '"',
    'a\nb',
  ),
);

const RECORD = fc.record({
  tag: fc.constantFrom('H', 'h', 'S', 's', 'M', 'R', '?'),
  mode: fc.constantFrom('100644', '100755', '120000', '160000'),
  oid: fc.constantFrom('0'.repeat(40), 'a1'.repeat(20), 'ff'.repeat(32)),
  stage: fc.nat(3),
  path: fc.oneof(fc.constantFrom(...PATHS), ODD_PATH),
});

test('the entries of an index are found among files of any name', async t => {
  await holds(
    t,
    fc.uniqueArray(RECORD, { maxLength: 10, selector: ({ path }) => path }),
    async records => {
      const listing = records
        .map(({ tag, mode, oid, stage, path }) => `${tag} ${mode} ${oid} ${stage}\t${path}\0`)
        .join('');
      const entries = await readIndexEntries(saying(listing), 'index', PATHS);
      assert.deepEqual([...entries.keys()], PATHS);
      for (const path of PATHS) {
        const record = records.find(each => each.path === path);
        assert.equal(entries.get(path)?.entry, record === undefined ? null : `${record.mode} ${record.oid}`);
        assert.equal(entries.get(path)?.conflict, (record?.stage ?? 0) !== 0);
      }
    },
    { share: 0.5 },
  );
});

test('any other listing of an index is read as far as it goes', async t => {
  await holds(
    t,
    anyText(80),
    async listing => {
      assert.equal((await readIndexEntries(saying(listing), 'index', PATHS)).size, PATHS.length);
    },
    { share: 0.5 },
  );
});

const NAME = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 10 }).map(bytes => Buffer.from(bytes)),
    anyText(6).map(text => Buffer.from(text)),
  )
  .filter(bytes => bytes.length > 0 && !bytes.includes(0) && !bytes.includes(0x2f))
  .map(bytes => bytes.toString('latin1'));

test('a tree of files of any name is read byte for byte', async t => {
  const tree = fc.uniqueArray(
    fc.tuple(
      fc.constantFrom('100644', '40000', '120000'),
      NAME,
      fc.uint8Array({ minLength: 20, maxLength: 20 }),
    ),
    {
      maxLength: 8,
      selector: ([, name]) => name,
    },
  );
  await holds(t, tree, entries => {
    const body = Buffer.concat(
      entries.map(([mode, name, id]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), id])),
    );
    const expected = entries.map(([mode, name, id]) => [
      name,
      { mode, oid: Buffer.from(id).toString('hex') },
    ]);
    assert.deepEqual([...parseTree('sha1', body)], expected);
  });
});

test('any other bytes are no tree, and that is told', async t => {
  await holds(
    t,
    fc.tuple(fc.uint8Array({ maxLength: 100 }), fc.constantFrom('sha1' as const, 'sha256' as const)),
    ([bytes, format]) => {
      try {
        parseTree(format, Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof GitFailure, String(error));
      }
    },
  );
});

const SETTING = fc.tuple(
  fc.constantFrom('local', 'global', 'command', 'worktree', 'x'),
  fc.constantFrom('file:.git/config', 'file:/etc/gitconfig', 'file:a\nb', 'command line:', 'blob:x', ''),
  fc.oneof(
    fc.constantFrom(
      'filter.x.clean',
      'filter.a b.process',
      'filter.a=b.clean',
      'filter..clean',
      'core.bare',
      'include.path',
      'includeif.onbranch:x.path',
      '__proto__',
    ),
    anyText(8).map(text => text.replaceAll('\0', '').replaceAll('\n', '')),
  ),
  fc.option(
    fc.oneof(
      fc.constantFrom('', '~', '~/x', '%(prefix)/x', '../x', 'a\nb\n'),
      anyText(8).map(text => text.replaceAll('\0', '')),
    ),
  ),
);

test('settings of any names and values are read, and every filter is switched off or that is refused', async t => {
  const folders = { top: '/top', gitDir: '/top/.git', commonDir: '/top/.git' };
  await holds(
    t,
    fc.array(SETTING, { maxLength: 8 }),
    async settings => {
      const listing = settings
        .map(
          ([scope, origin, name, value]) =>
            `${scope}\0${origin}\0${value === null ? name : `${name}\n${value}`}\0`,
        )
        .join('');
      const configuration = await readConfiguration(saying(listing), folders);
      const own = settings.filter(([scope]) => scope !== 'command');
      assert.deepEqual(configuration.values, new Map(own.map(([, , name, value]) => [name, value])));
      if (own.some(([, , name]) => /^filter\..*=.*\./s.test(name)))
        assert.throws(() => filtersOff(configuration), GitFailure);
      else assert.equal(filtersOff(configuration).length % 3, 0);
    },
    { share: 0.5 },
  );
});

const FILE = fc.constantFrom(
  ...[
    'plain',
    '#x',
    '# branch.oid x',
    '1 .M',
    'a b',
    'ü',
    '"quoted"',
    '-dash',
    ':(top)x',
    'new\nline',
    'tab\tx',
    '\u001b[31m',
    'data2',
    'logsx',
    'deep/er/data/x',
  ],
);

test('a changed file of any name is seen, and what lies in data/ and logs/ is not', async t => {
  const workspace = temporaryWorkspace(t, { 'data/x': '1', 'watchkeeper.yaml': '' });
  await holds(
    t,
    fc.tuple(FILE, fc.constantFrom('committed', 'changed', 'staged')),
    async ([file, state]) => {
      workspace.write(file, String(performance.now()));
      workspace.git('--literal-pathspecs', 'add', '--force', '--', file);
      workspace.git('commit', '--quiet', '--allow-empty', '--message=x\n\nWatchkeeper-Iteration: 1\n more');
      workspace.write('data/x', String(performance.now()));
      if (state !== 'committed') workspace.write(file, `${performance.now()} again`);
      if (state === 'staged') workspace.git('--literal-pathspecs', 'add', '--force', '--', file);
      const repository = open(workspace);
      try {
        const head = workspace.git('rev-parse', '--short', 'HEAD').trim();
        assert.equal(await repository.revision(), state === 'committed' ? head : `${head}+`);
        assert.deepEqual(repository.warnings, []);
      } finally {
        await repository.close();
      }
      workspace.git('add', '--all');
      workspace.git('commit', '--quiet', '--allow-empty', '--message=y');
    },
    { share: 0.01 },
  );
});
