import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { htmlReport } from '../../../src/report/html/page.ts';
import { emptyReport, HOSTILE, hostileReport } from '../odd-reports.ts';
import { sampleReport } from '../sample.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
const count = (text: string, part: string): number => text.split(part).length - 1;

test('a week of ten modules and 17,000 runs is below 1 MB, and sixty modules are not much more', () => {
  const data = sampleReport();
  assert.ok(data.summary.runs > 17_000);
  assert.ok(Buffer.byteLength(htmlReport(data, sha256)) < 500_000);
  assert.ok(Buffer.byteLength(htmlReport(sampleReport({ modules: 60, days: 2 }), sha256)) < 1_500_000);
});

test('every module has its section, every metric its chart', () => {
  const data = sampleReport({ modules: 3 });
  const page = htmlReport(data, sha256);
  const metrics = data.system.length + data.modules.reduce((sum, { metrics }) => sum + metrics.length, 0);
  assert.equal(count(page, '<svg class="plot"'), metrics);
  assert.equal(count(page, '<section class="module"'), 3);
  for (const text of [
    'What stands out',
    'Recommendations',
    'Incidents',
    'Machine',
    '+19.0\u00a0% with 44314a6',
    'first seen with 44314a6',
    '<dd>18.4\u00a0GB<small>of 62.1\u00a0GB, at the end</small>',
  ])
    assert.ok(page.includes(text), text);
});

test('of many incidents the first are shown, more are folded away, and the rest is counted', () => {
  const data = sampleReport({ modules: 1 });
  const [incident] = data.incidents;
  assert.ok(incident !== undefined);
  const pageOf = (count: number): string =>
    htmlReport({ ...data, incidents: Array.from({ length: count }, () => incident) }, sha256);
  const rows = (page: string): number => count(page, '<td class="c-state status');
  assert.deepEqual([rows(pageOf(20)), rows(pageOf(101))], [20, 100]);
  assert.doesNotMatch(pageOf(20), /older incident/);
  assert.match(pageOf(21), /<summary>1 older incident<\/summary>/);
  assert.match(
    pageOf(101),
    /<summary>80 older incidents<\/summary>.*The next 80; 1 still older one left out/s,
  );
});

test('the policy lets nothing run but the one script, by its hash, and the page names no other place', () => {
  const page = htmlReport(sampleReport({ modules: 1 }), sha256);
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  assert.match(policy, /^default-src 'none';/);
  assert.ok(policy.includes(`script-src 'sha256-${sha256(script)}'`));
  assert.ok(policy.includes(`style-src 'sha256-${sha256(style)}'`));
  assert.equal(count(page, '<script'), 1);
  assert.doesNotMatch(
    page.replace('http://www.w3.org/2000/svg', ''),
    /https?:\/\/|\ssrc=|@import|url\(|\sstyle="|\son\w+="/,
  );
});

test('hostile texts are in it as texts alone', () => {
  const page = htmlReport(hostileReport(), sha256);
  assert.equal(count(page, '<script'), 1);
  assert.equal(count(page, '<img'), 0);
  assert.ok(!page.includes(HOSTILE));
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;'));
});

test('each part may be empty and says so', () => {
  const page = htmlReport(emptyReport(), sha256);
  for (const text of [
    'No run in this time',
    'Nothing has run',
    'No module has run',
    'No incident',
    'No setting',
  ])
    assert.ok(page.includes(text), text);
  const bare = sampleReport({ modules: 1 });
  const without = {
    ...bare,
    modules: bare.modules.map(module => ({ ...module, metrics: [], failures: [], revisions: [] })),
  };
  assert.ok(htmlReport(without, sha256).includes('No metrics in this time.'));
});

test('the same data give the same page', () => {
  const data = sampleReport({ modules: 2 });
  assert.equal(htmlReport(data, sha256), htmlReport(structuredClone(data), sha256));
});
