import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isDataFolder, nabSeries, phpSeries, tcpdSeries, tigerBeetle } from './series.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-series-'));
after(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), path.endsWith('.gz') ? gzipSync(text) : text);
}

const step = Array.from({ length: 60 }, (_, index) => (index >= 30 ? 5 : 0) + (index % 3));

put('nab/b/two.csv.gz', 'timestamp,value\n2014-04-01 00:00:00,1.5\n2014-04-01 00:05:00,2\n');
put('nab/a/one.csv.gz', 'timestamp,value\r\n2014-04-01 00:00:00,7\r\n');
put(
  'nab/windows.json',
  '{"b/two.csv":[["2014-04-01 00:00:00.000000","2014-04-01 00:05:00.000000"]],"a/one.csv":[]}',
);
put('tcpd.json', JSON.stringify({ step: { values: [...step, null], annotations: { 6: [30], 7: [] } } }));
put(
  'php_fixed_commit.csv.gz',
  'time,instance,test,mean_s\nd1,small,x,1\nd1,small,y,8\nd2,small,x,2\nd2,large,y,9\nd3,small,x,3\n',
);
put('tigerbeetle.json', '[26705.0, 26475.0]');

test('metrics come with their times and the places of the labelled windows', () => {
  assert.deepEqual(nabSeries(folder), [
    {
      group: 'b',
      name: 'two.csv',
      timesMs: [Date.UTC(2014, 3, 1), Date.UTC(2014, 3, 1, 0, 5)],
      values: [1.5, 2],
      windows: [[0, 1]],
    },
    { group: 'a', name: 'one.csv', timesMs: [Date.UTC(2014, 3, 1)], values: [7], windows: [] },
  ]);
});

test('a folder without the data sets is told from one with them', () => {
  assert.ok(isDataFolder(folder));
  assert.ok(!isDataFolder(join(folder, 'nab')));
  assert.ok(!isDataFolder(join(folder, 'missing')));
});

test('annotated series come with what each person marked', () => {
  assert.deepEqual(tcpdSeries(folder), [{ name: 'step', values: [...step, null], annotations: [[30], []] }]);
});

test('a daily benchmark is cut where the machine changes', () => {
  assert.deepEqual(phpSeries(folder), [
    { name: 'x on small', values: [1, 2, 3] },
    { name: 'y on small', values: [8] },
    { name: 'y on large', values: [9] },
  ]);
  assert.deepEqual(tigerBeetle(folder), [26705, 26475]);
});
