import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, get, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from '../helpers/until.ts';

const MODULES = fileURLToPath(new URL('../../modules', import.meta.url));

/** How a module ended, and what it said. */
interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** What it reported, by metric. */
  metrics: Record<string, number>;
}

type Environment = Record<string, string>;

function startModule(name: string, folder: string, env: Environment, modules: string) {
  return spawn(process.execPath, [join(modules, `${name}.ts`)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      WATCHKEEPER_DATA_DIR: join(folder, 'data'),
      WATCHKEEPER_METRICS: join(folder, `${name}.metrics`),
      ...env,
    },
  });
}

/** Runs a module to its end in a folder, as a supervisor would. */
export async function run(
  name: string,
  folder: string,
  env: Environment = {},
  modules = MODULES,
): Promise<Ended> {
  const child = startModule(name, folder, env, modules);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr, metrics: readMetrics(join(folder, `${name}.metrics`)) };
}

/** The last value of each metric in a metrics file. */
export function readMetrics(file: string): Record<string, number> {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map(line => JSON.parse(line)).map(({ metric, value }) => [metric, value]));
}

/** A market-feed on a free port. It stands still unless `env` says otherwise, and is stopped at the end of the scope. */
export async function startFeed(folder: string, env: Environment = {}) {
  const settings = { MARKET_FEED_PORT: '0', MARKET_FEED_DAY_SECONDS: '86400', ...env };
  const child = startModule('market-feed', folder, settings, MODULES);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const closed = once(child, 'close');
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    const [code] = await closed;
    return code;
  };
  const url = await until('the feed listens', () => {
    if (child.exitCode !== null) throw new Error(`the feed ended: ${said}`);
    return /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? null;
  });
  return { url, stop, said: () => said, [Symbol.asyncDispose]: async () => void (await stop()) };
}

/** The far side of the network: an exchange whose answers the test gives. */
export async function startExchange(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url, [Symbol.asyncDispose]: stop };
}

/** Status and JSON body of a GET request, on a connection that is closed after it. */
export async function getJson(url: string): Promise<{ status: number | undefined; body: unknown }> {
  const request = get(url, { agent: false });
  const [response] = await once(request, 'response');
  return { status: response.statusCode, body: JSON.parse(await text(response)) };
}
