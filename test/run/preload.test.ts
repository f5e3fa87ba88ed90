import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeOptionsWithPreload } from '../../src/run/preload.ts';
import { readReportedMetrics } from '../../src/run/reported.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { type NodeProgram, nodePrograms } from '../helpers/nodes.ts';
import { type RequestServer, startRequestServer } from '../helpers/request-server.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const CLIENT = fileURLToPath(new URL('../fixtures/clients/requests.mjs', import.meta.url));
const API_TOKEN = 'sesame';
/** Its name does not say that it is a secret. */
const HOOK = 'opensesame';

interface Played {
  stdout: string;
  stderr: string;
  exitCode: number | null;
  signal: string | null;
}

/** A scenario of the client, as it behaves in an environment. */
async function play(
  node: NodeProgram,
  scenario: string,
  url: string,
  env: Record<string, string>,
): Promise<Played> {
  const child = spawn(node.path, [CLIENT, scenario, url], {
    env: { PATH: process.env['PATH'] ?? '', API_TOKEN, HOOK, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    texts.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    texts.stderr += text;
  });
  return new Promise(resolve => {
    child.on('close', (exitCode, signal) => resolve({ ...texts, exitCode, signal }));
  });
}

interface Timed {
  endpoint: string;
  value: number;
  error: boolean;
}

function timedRequests(file: string): Timed[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return lines.map(line => {
    const { metric, value, labels, error = false } = JSON.parse(line);
    assert.equal(metric, 'apiLatencySeconds');
    return { endpoint: labels.endpoint, value, error };
  });
}

function words({ endpoint, error }: Timed): string {
  return error ? `${endpoint} failed` : endpoint;
}

for (const node of nodePrograms()) {
  describe(`a module on Node ${node.version}`, () => {
    let server: RequestServer;
    before(async () => {
      server = await startRequestServer();
    });
    after(() => server.close());

    /** Plays it with and without the timing: the same behaviour; returns what was timed. */
    async function timed(t: TestContext, scenario: string, url = server.url): Promise<Timed[]> {
      const file = join(temporaryFolder(t), 'metrics.jsonl');
      const plain = await play(node, scenario, url, {});
      const env = { NODE_OPTIONS: nodeOptionsWithPreload(undefined), WATCHKEEPER_METRICS: file };
      assert.deepEqual(await play(node, scenario, url, env), plain);
      return timedRequests(file);
    }

    test('has each answered request timed once, by method and path', async t => {
      const requests = await timed(t, 'answers');
      const first = ['GET /ok', 'GET /missing', 'GET /failing failed', 'DELETE /empty', 'POST /echo'];
      assert.deepEqual(requests.map(words).slice(0, 7), [...first, 'GET /ok', 'GET /failing failed']);
      assert.deepEqual(requests.map(words).slice(7).sort(), ['GET /one', 'GET /three', 'GET /two']);
      assert.ok(requests.every(({ value }) => value > 0 && value < 30));
    });

    test('has each hop of a redirect timed', async t => {
      assert.deepEqual((await timed(t, 'redirected')).map(words), ['GET /redirect', 'GET /ok']);
    });

    test('is timed to the last byte of an answer', async t => {
      const requests = await timed(t, 'slowly');
      assert.deepEqual(requests.map(words), ['GET /drip', 'GET /drip']);
      assert.ok(
        requests.every(({ value }) => value >= 0.095),
        JSON.stringify(requests),
      );
    });

    test('writes no secret', async t => {
      assert.deepEqual((await timed(t, 'secrets')).map(words), [
        'GET /bot/*/send',
        'GET /hooks/*/post',
        'GET /users/*/orders',
        'GET /ok/ok',
        'GET /ok',
      ]);
    });

    test('has requests without a full answer counted as failed', async t => {
      assert.deepEqual((await timed(t, 'failures')).map(words), [
        'GET /fetch failed',
        'GET /http failed',
        'GET /never failed',
        'GET /never failed',
        'GET /cut failed',
        'GET /cut failed',
      ]);
    });

    test('may leave the rest of an answer: that is timed to its headers', async t => {
      assert.deepEqual((await timed(t, 'givenUp')).map(words), [
        'GET /endless/cancelled',
        'GET /endless/aborted',
        'GET /endless/destroyed',
      ]);
    });

    test('has an answer that it never reads written when it exits, and an open question not at all', async t => {
      const requests = await timed(t, 'unread');
      assert.deepEqual(requests.map(words), ['GET /endless/fetch', 'GET /endless/http']);
    });

    for (const scenario of ['crashByFetch', 'crashByHttp']) {
      test(`dies as without the timing: ${scenario}`, async t => {
        assert.deepEqual((await timed(t, scenario)).map(words), ['GET /ok', 'GET /crash failed']);
      });
    }

    test('dies as without the timing where its own handler throws', async t => {
      assert.deepEqual((await timed(t, 'crashInAnswer')).map(words), ['GET /ok']);
    });

    test('does not notice an error that it would not notice without the timing', async t => {
      assert.deepEqual((await timed(t, 'crashByHttpAbort')).map(words), ['GET /cut failed']);
    });

    test('keeps what had ended when it is killed', async t => {
      assert.deepEqual((await timed(t, 'killed')).map(words), ['GET /ok', 'GET /ok']);
    });

    test('has the requests of its worker threads timed', async t => {
      const endpoints = (await timed(t, 'worker')).map(words);
      assert.deepEqual(endpoints, ['GET /main', 'GET /worker', 'GET /worker']);
    });

    test('has the requests of its own Node children timed', async t => {
      const endpoints = (await timed(t, 'tree')).map(words);
      assert.deepEqual(endpoints, ['GET /grandchild', 'GET /grandchild', 'GET /parent']);
    });

    test('may replace the clock, the file system and JSON', async t => {
      const [request] = await timed(t, 'tampering');
      assert.ok(request !== undefined && request.value > 0);
    });

    test('writes into the same file, and all of it is read', async t => {
      const file = join(temporaryFolder(t), 'metrics.jsonl');
      const env = { NODE_OPTIONS: nodeOptionsWithPreload(undefined), WATCHKEEPER_METRICS: file };
      await play(node, 'custom', server.url, env);
      const reported = await readReportedMetrics(file);
      assert.deepEqual(reported.custom, { rowsCollected: 1200 });
      assert.equal(reported.api?.count, 1);
      assert.equal(reported.badLines, 0);
    });

    test('runs on where its figures cannot be written', async t => {
      const folder = temporaryFolder(t);
      symlinkSync('/dev/full', join(folder, 'link'));
      for (const name of ['missing/metrics.jsonl', 'link', '.']) {
        const plain = await play(node, 'unwritable', server.url, {});
        const env = {
          NODE_OPTIONS: nodeOptionsWithPreload(undefined),
          WATCHKEEPER_METRICS: join(folder, name),
        };
        assert.deepEqual(await play(node, 'unwritable', server.url, env), plain);
      }
    });

    test('that makes many requests at a time has each on a line of its own', async t => {
      assert.equal((await timed(t, 'many')).length, 500);
    });

    test('has its https requests timed', async t => {
      const tls = selfSigned(t);
      if (tls === null) return t.skip('there is no openssl to make a certificate with');
      const secure = await startRequestServer(tls);
      const requests = await timed(t, 'secure', secure.url).finally(() => secure.close());
      assert.deepEqual(requests.map(words), ['GET /ok']);
    });
  });
}

function selfSigned(t: TestContext): { key: string; cert: string } | null {
  const folder = temporaryFolder(t);
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...names,
  ]);
  return made.status === 0 ? { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } : null;
}

test('the timing is added to the options that a child has', () => {
  const alone = nodeOptionsWithPreload(undefined);
  assert.match(alone, /^--require ".*preload\.cjs"$/);
  assert.equal(nodeOptionsWithPreload(''), alone);
  assert.equal(nodeOptionsWithPreload('--max-old-space-size=100'), `${alone} --max-old-space-size=100`);
});

test('a command under the permission model keeps its options as they are', () => {
  assert.equal(nodeOptionsWithPreload('--permission'), '--permission');
  assert.equal(nodeOptionsWithPreload(undefined, ['node', '--permission', 'module.js']), '');
  assert.equal(
    nodeOptionsWithPreload('--trace-warnings', ['node --experimental-permission x.js']),
    '--trace-warnings',
  );
});

test('the timing is found in a folder with spaces and quotes in its name', async t => {
  const folder = join(temporaryFolder(t), `it's a "strange" place`);
  mkdirSync(folder);
  cpSync(fileURLToPath(new URL('../../src', import.meta.url)), join(folder, 'src'), { recursive: true });
  const there = await import(pathToFileURL(join(folder, 'src', 'run', 'preload.ts')).href);
  const env = { NODE_OPTIONS: there.nodeOptionsWithPreload(undefined), WATCHKEEPER_METRICS: '/dev/null' };
  const loaded = 'Object.keys(require.cache).filter(name => name.endsWith("request-timing.cjs")).length';
  for (const { path } of nodePrograms()) {
    assert.equal(execFileSync(path, ['-p', loaded], { env, encoding: 'utf8' }), '1\n');
  }
});

test('without a file to write to, nothing is loaded', () => {
  const env = { NODE_OPTIONS: nodeOptionsWithPreload(undefined) };
  const loaded = 'Object.keys(require.cache).some(name => name.endsWith("request-timing.cjs"))';
  assert.equal(execFileSync(process.execPath, ['-p', loaded], { env, encoding: 'utf8' }), 'false\n');
});
