import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownReport } from '../../../src/report/markdown/page.ts';
import { emptyReport, hostileReport, oddReport } from '../odd-reports.ts';
import { sampleReport } from '../sample.ts';

const lines = (text: string): string[] => text.split('\n');

test('the parts of a report come in their order', () => {
  const headings = lines(markdownReport(sampleReport({ modules: 2 }))).filter(line => line.startsWith('#'));
  assert.deepEqual(headings, [
    ...['# trading-pipeline', '## What stands out', '## Modules', '## Incidents', '## Machine'],
    ...['## Module by module', '### collector', '### signal-generator', '## Recommendations'],
  ]);
});

test('a metric has a line with its figures and its course', () => {
  const text = markdownReport(sampleReport({ modules: 1 }));
  assert.match(text, /\| +3\.1 GB of 8\.3 GB +\| +18\.4 GB of 62\.1 GB +\|$/m);
  assert.match(text, /^\| runtimeSeconds +\| +0\.45 s \| +0\.56 s \| .* \| [▁▂▃▄▅▆▇█·]{28} \|$/m);
  assert.match(
    text,
    /^- \*\*Change\*\* Runtime has changed by \+19\.0 %, .* first seen with 44314a6 "feat: keep every candle of the day" \(after 9fceb02\), 98 % sure$/m,
  );
  assert.match(text, /^ {3}- set `modules\.collector\.timeout: 10s # was 2m`$/m);
});

test('a course begins where the first value is', () => {
  const data = sampleReport({ modules: 1 });
  const text = markdownReport({ ...data, fromMs: data.fromMs - 10 * (data.toMs - data.fromMs) });
  assert.match(text, /^\| runtimeSeconds .* \| ·?[▁▂▃▄▅▆▇█]{27,28} \|$/m);
});

test('tables are aligned, and every row has as many cells as its head', () => {
  for (const data of [sampleReport({ modules: 3 }), oddReport(), hostileReport()]) {
    let cells = 0;
    for (const line of lines(markdownReport(data))) {
      const bars = line.startsWith('|') ? line.replace(/\\./g, '').split('|').length : 0;
      if (cells > 0 && bars > 0) assert.equal(bars, cells, line);
      cells = bars;
    }
  }
});

test('hostile texts stand for themselves: no tag, no link, no picture, no new line', () => {
  const evil = '<img src=x>|[a](http://b)![c](d)`e`\n# f **g** &lt; ~~h~~';
  const data = { ...sampleReport({ modules: 1 }), workspace: evil };
  assert.equal(
    lines(markdownReport(data))[0],
    '# \\<img src=x\\>\\|\\[a\\](http://b)!\\[c\\](d)\\`e\\` # f \\*\\*g\\*\\* \\&lt; \\~\\~h\\~\\~',
  );
});

test('a setting with backticks is code all the same', () => {
  const data = sampleReport({ modules: 1 });
  const [one] = data.recommendations;
  assert.ok(one !== undefined);
  const setting = { path: 'a', from: null, to: '`b` ``c``' };
  const text = markdownReport({ ...data, recommendations: [{ ...one, setting }] });
  assert.ok(text.includes('   - set ``` a: `b` ``c`` ```\n'));
});

test('an empty report says of each part that there is nothing', () => {
  const text = markdownReport(emptyReport());
  for (const words of [
    'No run in this time.',
    'Nothing has run.',
    'No module has run',
    'No setting',
    'No incident',
  ])
    assert.ok(text.includes(words), words);
});
