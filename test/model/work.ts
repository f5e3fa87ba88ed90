import { openSync, writeSync } from 'node:fs';
import { scenarioNamed } from './scenarios.ts';

// node work.ts SCENARIO ROOT MARKS: the process that is recorded. Its marks are written to a file between its other calls.
const [name = '', root = '', marks = ''] = process.argv.slice(2);
const fd = openSync(marks, 'a');
await scenarioNamed(name).act(root, mark => void writeSync(fd, `${JSON.stringify(mark)}\n`));
