import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleNow } from '../../src/export/format.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { aRun } from '../store/fixtures.ts';
import { type ReadFamily, readExposition } from './exposition.ts';
import { RUN, rendered, sourceOf } from './source.ts';

failOnLeaks();

const COUNTS = { successCount: 4, errorCount: 2, restartCount: 1 };

function now(part: Partial<ModuleNow> = {}): ModuleNow {
  return { module: 'collector', counts: COUNTS, runs: [aRun()], openIncidents: [], ...part };
}

async function textOf(...modules: ModuleNow[]): Promise<string> {
  return String(await rendered('prometheus', sourceOf([], 1, modules)));
}

async function exposed(...modules: ModuleNow[]): Promise<Map<string, ReadFamily>> {
  return readExposition(await textOf(...modules));
}

function valueIn(
  families: Map<string, ReadFamily>,
  name: string,
  labels: Record<string, string> = {},
): number | null {
  const isIt = (own: Record<string, string>): boolean =>
    Object.entries(labels).every(([label, value]) => own[label] === value);
  return families.get(name)?.samples.find(sample => isIt(sample.labels))?.value ?? null;
}

test('a metric has its help, its type, its unit and its module', async () => {
  assert.match(
    await textOf(now()),
    /^# HELP watchkeeper_run_runtime_seconds Time .*\n# TYPE watchkeeper_run_runtime_seconds gauge\nwatchkeeper_run_runtime_seconds\{module="collector"\} 0\.43\n/,
  );
});

test('figures are in base units: seconds, bytes, ratios', async () => {
  const families = await exposed(now({ runs: [aRun({ endedAt: '2026-11-20T12:00:00.440Z' })] }));
  const values = {
    ...{ watchkeeper_run_runtime_seconds: 0.43, watchkeeper_run_cpu_seconds: 0.306 },
    ...{ watchkeeper_run_cpu_ratio: 0.712, watchkeeper_run_memory_bytes: 62_100_000 },
    ...{ watchkeeper_run_api_latency_seconds: 0.063, watchkeeper_run_api_latency_p95_seconds: 0.08 },
    ...{ watchkeeper_run_api_latency_max_seconds: 0.09, watchkeeper_run_api_requests: 12 },
    ...{ watchkeeper_run_api_errors: 0, watchkeeper_last_run_success: 1, watchkeeper_incidents_open: 0 },
    ...{ watchkeeper_last_run_timestamp_seconds: 1_795_176_000.44, watchkeeper_retries_total: 1 },
    watchkeeper_last_success_timestamp_seconds: 1_795_176_000.44,
  };
  for (const [name, value] of Object.entries(values)) assert.equal(valueIn(families, name), value, name);
  assert.equal(valueIn(families, 'watchkeeper_run_custom', { metric: 'rowsCollected' }), 1200);
  assert.equal(valueIn(families, 'watchkeeper_runs_total', { result: 'ok' }), 4);
  assert.equal(valueIn(families, 'watchkeeper_runs_total', { result: 'failed' }), 2);
  assert.equal(families.size, Object.keys(values).length + 2);
});

test('what a run need not have is told where it has it: phases, throughput, disk, quality', async () => {
  const run = aRun({
    ...{ setupSeconds: 1.5, cleanupSeconds: 0.25, samplesPerSecond: 1200, contextSwitches: 321 },
    ...{ diskReadMb: 1.1, diskWrittenMb: 62.1, custom: { accuracy: 0.93, f1Score: 0.9, rows: 7 } },
  });
  const families = await exposed(now({ runs: [run] }));
  const values = {
    ...{ setup_seconds: 1.5, cleanup_seconds: 0.25, samples_per_second: 1200, context_switches: 321 },
    ...{ disk_read_bytes: 1_100_000, disk_written_bytes: 62_100_000 },
  };
  for (const [name, value] of Object.entries(values))
    assert.equal(valueIn(families, `watchkeeper_run_${name}`), value, name);
  const metricsOf = (name: string) => families.get(name)?.samples.map(({ labels }) => labels['metric']);
  assert.deepEqual(metricsOf('watchkeeper_run_quality'), ['accuracy', 'f1Score']);
  assert.equal(valueIn(families, 'watchkeeper_run_quality', { metric: 'accuracy' }), 0.93);
  assert.deepEqual(metricsOf('watchkeeper_run_custom'), ['rows'], 'each of them once');
  assert.equal(families.has('watchkeeper_run_labels_info'), false, 'it has no labels');
});

test('labels of the newest run that succeeded are those of an info metric, under names that Prometheus takes', async () => {
  const labels = { model: 'v3 "x"', job: 'nightly', 'a.b': '1', a_b: '2', a_b_2: '3' };
  const runs = [
    aRun({ labels: { model: 'v2' } }),
    aRun({ labels }),
    aRun({ outcome: 'error', labels: { model: 'v4' } }),
  ];
  const [info, ...more] = (await exposed(now({ runs }))).get('watchkeeper_run_labels_info')?.samples ?? [];
  assert.deepEqual(more, []);
  assert.deepEqual(info, {
    value: 1,
    labels: {
      ...{ module: 'collector', label_model: 'v3 "x"', label_job: 'nightly' },
      ...{ label_a_b: '1', label_a_b_2: '2', label_a_b_2_2: '3' },
    },
  });
});

test('each metric is the newest value of a run that succeeded; the newest run says whether it did', async () => {
  const runs = [
    aRun({ runtimeSeconds: 1, memoryMb: 10, custom: { a: 1, b: 1 }, endedAt: '2026-11-20T12:00:00.000Z' }),
    aRun({ runtimeSeconds: 2, memoryMb: null, custom: { a: 2 }, endedAt: '2026-11-20T12:01:00.000Z' }),
    aRun({ outcome: 'error', runtimeSeconds: 9, custom: { a: 9 }, endedAt: '2026-11-20T12:02:00.000Z' }),
    aRun({ outcome: 'skipped', runtimeSeconds: null, endedAt: '2026-11-20T12:03:00.000Z' }),
  ];
  const families = await exposed(now({ runs }));
  assert.equal(valueIn(families, 'watchkeeper_run_runtime_seconds'), 2);
  assert.equal(valueIn(families, 'watchkeeper_run_memory_bytes'), 10_000_000);
  assert.equal(valueIn(families, 'watchkeeper_run_custom', { metric: 'a' }), 2);
  assert.equal(valueIn(families, 'watchkeeper_run_custom', { metric: 'b' }), 1);
  assert.equal(valueIn(families, 'watchkeeper_last_run_success'), 0);
  const [last, success] = ['last_run', 'last_success'].map(name =>
    valueIn(families, `watchkeeper_${name}_timestamp_seconds`),
  );
  assert.equal((last ?? 0) - (success ?? 0), 60);
});

test('a module without runs has its counts and nothing else; no module is nothing at all', async () => {
  const families = await exposed(now({ runs: [] }));
  const names = ['watchkeeper_runs_total', 'watchkeeper_retries_total', 'watchkeeper_incidents_open'];
  assert.deepEqual([...families.keys()], names);
  assert.equal(await textOf(), '');
});

const familyOf = (metric: string): string =>
  ['accuracy', 'precision', 'recall', 'f1Score'].includes(metric)
    ? 'watchkeeper_run_quality'
    : 'watchkeeper_run_custom';

test('a strict reader takes what is made of any runs, and finds each custom metric again', async () => {
  const odd = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    {
      maxKeys: 3,
      noNullPrototype: true,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(RUN, { maxLength: 3 }), { maxLength: 3 }),
      odd,
      async (all, custom) => {
        const modules = all.map((runs, index) =>
          now({ module: `m-${index}`, runs: [...runs, aRun({ custom })] }),
        );
        const families = await exposed(...modules);
        for (const { module } of modules) {
          for (const [metric, value] of Object.entries(custom))
            assert.equal(valueIn(families, familyOf(metric), { module, metric }), value + 0);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('the strict reader finds what is wrong', () => {
  const good = '# HELP a_seconds x\n# TYPE a_seconds gauge\na_seconds{b="c"} 1\n';
  assert.equal(readExposition(good).get('a_seconds')?.samples[0]?.value, 1);
  const wrong = [
    good.slice(0, -1),
    good.replace('gauge', 'counter'),
    good.replaceAll('a_seconds', 'a_total'),
    good.replace('"c"', '"c"d"'),
    good.replace(' 1', ' 1 1700000000'),
    good.replace(' 1', ' NaN'),
    `${good}a_seconds{b="c"} 2\n`,
    `${good}${good}`,
    good.replace('\na_seconds{', '\na{'),
    good.split('\n').slice(1).join('\n'),
  ];
  for (const text of wrong) assert.throws(() => readExposition(text), assert.AssertionError, text);
});
