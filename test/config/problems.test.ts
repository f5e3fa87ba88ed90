import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblems, formatWarnings, pathText } from '../../src/config/problems.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { loaded, problems, told } from './given.ts';

test('all problems of a file come together, in the order of its lines', async t => {
  const found = await problems(
    t,
    `schedule: "61 * * * *"
timezone: Mars/Base
run-at-start: true
modules:
  collector:
    comand: node x
    schedule: every 10 minutes
    after: [colector]
  b: { command: "", after: [c] }
  c: { command: x, after: [b] }
services:
  b: {command: x}
detection:
  modules: { colector: { threshold: 40 } }`,
  );
  assert.deepEqual(
    found.map(({ line, path }) => `${line} ${path}`),
    [
      '1 schedule',
      '2 timezone',
      '3 run-at-start',
      '5 modules.collector.command',
      '6 modules.collector.comand',
      '7 modules.collector.schedule',
      '8 modules.collector.after[0]',
      '9 modules.b.after',
      '9 modules.b.command',
      '12 services.b',
      '14 detection.modules.colector',
    ].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
  );
});

const SCHEDULE =
  'must be a cron expression of 5 or 6 fields such as "*/5 * * * *", a nickname such as "@hourly", "every 30s" (from 1s to 366d), or none';
const DURATION = 'must be a duration with its unit, such as 500ms, 30s, 2m, 1h, 7d or 1m30s, from';
const GLOB = 'must be a glob inside of the workspace, such as "data/market/*.json" or "params.json"';
const NAME =
  'is not a good name: it must begin with a small letter and go on with small letters, digits and hyphens, at most 63 characters';
const SCALAR = 'must be text, a number, true or false';

/** One line of a file each, and all that is said of it. The first line is a good module. */
const SAID: [string, string, string[]][] = [
  [
    'an unknown key at the top',
    'runAtStrat: true',
    [
      'f:2 runAtStrat: "runAtStrat" is not known here (did you mean `runAtStart`?): the keys are schedule, timezone, runAtStart, modules, services, detection, history, git, stages, logs, system, intake',
    ],
  ],
  [
    'an unknown key that is near to nothing',
    'history: {size: 4}',
    ['f:2 history.size: "size" is not known here: the keys are runs, keep, samples'],
  ],
  [
    'a cron field out of its range',
    'schedule: "* 24 * * *"',
    [`f:2 schedule: ${SCHEDULE}; wrong here: the hour (0-23)`],
  ],
  [
    'a day that its month never has',
    'schedule: "0 0 30 2 *"',
    [`f:2 schedule: ${SCHEDULE}; wrong here: the day of the month (1-31, one that its month has)`],
  ],
  [
    'a time zone that nobody knows',
    'timezone: Mars/Base',
    ['f:2 timezone: must be the IANA name of a time zone, such as UTC or Europe/Berlin'],
  ],
  ['a switch that is no switch', 'runAtStart: "yes"', ['f:2 runAtStart: must be true or false']],
  ['modules that are no mapping', 'services: [a]', ['f:2 services: must be a mapping of names to services']],
  [
    'a percentage in quotes',
    'detection: {threshold: "25"}',
    ['f:2 detection.threshold: must be a number from 0 to 1000000'],
  ],
  [
    'a percentage below 0',
    'detection: {threshold: -1}',
    ['f:2 detection.threshold: must be a number from 0 to 1000000'],
  ],
  [
    'a number that is none',
    'detection: {threshold: .nan}',
    ['f:2 detection.threshold: must be a number from 0 to 1000000'],
  ],
  ['half a run', 'detection: {window: 2.5}', ['f:2 detection.window: must be a whole number from 1 to 1000']],
  [
    'a window of 0',
    'detection: {window: 0}',
    ['f:2 detection.window: must be a whole number from 1 to 1000'],
  ],
  [
    'rules for a module that is not there',
    'detection: {modules: {collectr: {}}}',
    [
      'f:2 detection.modules.collectr: there is no module "collectr" (did you mean `collector`?): rules are for names under `modules`',
    ],
  ],
  [
    'a wrong rule of a metric',
    'detection: {modules: {collector: {metrics: {rows: {judge: 0}}}}}',
    ['f:2 detection.modules.collector.metrics.rows.judge: must be true or false'],
  ],
  [
    'too long a history',
    'history: {runs: 10001}',
    ['f:2 history.runs: must be a whole number from 1 to 10000'],
  ],
  [
    'a kind of commit that is none',
    'git: {commitOn: [ok, good]}',
    ['f:2 git.commitOn[1]: must be one of ok, recovered, persisted, anomaly, error'],
  ],
  ['a duration without its unit', 'git: {okEvery: 5}', [`f:2 git.okEvery: ${DURATION} 0 to 3660d`]],
  [
    'a ref that is no branch',
    'git: {ref: main}',
    ['f:2 git.ref: must be `current`, or a whole branch ref such as refs/heads/watchkeeper'],
  ],
  [
    'a size without its unit',
    'logs: {maxSize: 1000000}',
    ['f:2 logs.maxSize: must be a size with its unit, such as 500kB, 10MB or 1GB, from 1kB to 100GB'],
  ],
  ['no stages', 'stages: []', ['f:2 stages: must have at least one stage']],
  [
    'stages that never end, or end at once',
    'stages: [{name: a}, {name: b, until: 2h}, {name: b, until: 1h}]',
    [
      'f:2 stages[0]: the last stage, and only that one, has no `until`',
      'f:2 stages[2].until: the last stage, and only that one, has no `until`',
      'f:2 stages[2].name: is given twice',
      'f:2 stages[2].until: must be later than the end of the stage before',
    ],
  ],
  ['a key without a value', 'git:', ['f:2 git: is empty: it must be a mapping such as { enabled: true }']],
  [
    'a key that is given twice',
    'git: {enabled: true}\ngit: {enabled: false}',
    ['f:3 git: is given twice, first on line 2: each name once'],
  ],
  [
    'a merge key',
    'git: {<<: {enabled: true}}',
    ['f:2 git["<<"]: merge keys are not supported: write the lines out, or use an alias for a whole value'],
  ],
  [
    'a service with the name of a module',
    'services: {collector: {command: x}}',
    ['f:2 services.collector: is the name of a module too: each name once, for both kinds'],
  ],
  [
    'a service without a command',
    'services: {a: {}}',
    [
      'f:2 services.a.command: is missing: it must be a command line such as `node modules/collector.ts`, or a list of a program and its arguments',
    ],
  ],
  [
    'a health check without an address',
    'services: {a: {command: x, health: {}}}',
    ['f:2 services.a.health.http: is missing: it must be a URL such as http://127.0.0.1:4010/health'],
  ],
  [
    'a health check of another kind',
    'services: {a: {command: x, health: {http: "ftp://h/"}}}',
    ['f:2 services.a.health.http: must be a URL such as http://127.0.0.1:4010/health'],
  ],
  [
    'delays that do not fit',
    'services: {a: {command: x, restartDelay: 2m}}',
    [
      'f:2 services.a.restartDelay: does not fit: restartDelay (1s unless given) must be at most maxRestartDelay (1m unless given)',
    ],
  ],
];

for (const [what, line, said] of SAID) {
  test(`${what} is told with its line and the accepted form`, async t => {
    assert.deepEqual(await told(t, `modules: {collector: {command: x}}\n${line}`), said);
  });
}

/** Keys of a module, in flow style, and all that is said of them. */
const SAID_OF_MODULES: [string, string, string[]][] = [
  ['an interval without a unit', 'schedule: every 30', [`.schedule: ${SCHEDULE}`]],
  [
    'an interval as other schedulers write it',
    'schedule: "@every 1h30m"',
    [`.schedule: ${SCHEDULE}; here it is written "every 90m", without the @`],
  ],
  [
    'an interval that is none, as others write it',
    'schedule: "@every SECRET"',
    [`.schedule: ${SCHEDULE}; here it is written "every 5m", without the @`],
  ],
  ['an interval below a second', 'schedule: every 500ms', [`.schedule: ${SCHEDULE}`]],
  ['four fields', 'schedule: "* * * *"', [`.schedule: ${SCHEDULE}`]],
  ['seven fields', 'schedule: "* * * * * * *"', [`.schedule: ${SCHEDULE}`]],
  [
    'a range that would never be written out',
    'schedule: "0-99999999999 * * * *"',
    [`.schedule: ${SCHEDULE}`],
  ],
  ['a nickname that means no time', 'schedule: "@reboot"', [`.schedule: ${SCHEDULE}`]],
  ['a timeout without its unit', 'timeout: 120', [`.timeout: ${DURATION} 1ms to 24d`]],
  ['a timeout of 0', 'timeout: 0s', [`.timeout: ${DURATION} 1ms to 24d`]],
  ['a timeout that no timer can wait', 'timeout: 25d', [`.timeout: ${DURATION} 1ms to 24d`]],
  ['a negative grace', 'killGrace: -1s', [`.killGrace: ${DURATION} 0 to 24d`]],
  ['retries without end', 'retries: 1000', ['.retries: must be a whole number from 0 to 100']],
  [
    'a text for a list',
    'after: collector',
    ['.after: must be a list of module names, such as [collector], at most 1000'],
  ],
  ['a name that cannot be one', 'after: [Big One]', ['.after[0]: must be the name of a module']],
  [
    'an unknown name',
    'after: [collectr]',
    [
      '.after[0]: there is no module "collectr" (did you mean `collector`?): name one that stands under `modules`',
    ],
  ],
  [
    'a service as an upstream',
    'after: [feed]',
    ['.after[0]: "feed" is a service, which is always kept running: name modules only'],
  ],
  ['itself as an upstream', 'after: [a]', ['.after: is a cycle: a after a; take one of them out']],
  [
    'a variable that no program can read',
    'env: {"1A": x}',
    [
      '.env: has a name that no variable can have: letters, digits, _, . and -, a letter or _ first, and `NAME: value` with a colon',
    ],
  ],
  [
    'a variable of the supervisor',
    'env: {WATCHKEEPER_RUN_ID: x}',
    ['.env.WATCHKEEPER_RUN_ID: is set by the supervisor itself: take a name without WATCHKEEPER_'],
  ],
  ['a variable without a value', 'env: {A: }', [`.env.A: is empty: it ${SCALAR}`]],
  ['a variable that is a list', 'env: {A: [x]}', [`.env.A: ${SCALAR}`]],
  [
    'a list of assignments',
    'env: [A=x]',
    ['.env: must be a mapping of variables to text, such as { PORT: "4010" }'],
  ],
  [
    'a wrong name to pass',
    'passEnv: ["A=b"]',
    ['.passEnv[0]: must be the name of an environment variable, such as HOME'],
  ],
  [
    'an empty working directory',
    'cwd: ""',
    ['.cwd: must be a folder inside of the workspace, such as "." or "modules"'],
  ],
  ['a NUL character', 'cwd: "a\\0b"', ['.cwd: holds a NUL character (\\0): no text here can']],
  ['an absolute glob', 'watch: [/etc/*]', [`.watch[0]: ${GLOB}: a path relative to it`]],
  [
    'a glob that climbs out',
    'watch: ["src/../../*"]',
    [`.watch[0]: ${GLOB}: it leaves the workspace with ".."`],
  ],
  [
    'a glob that climbs out in braces',
    'watch: ["{src,..}/*"]',
    [`.watch[0]: ${GLOB}: it leaves the workspace with ".."`],
  ],
  ['a glob for everything', 'watch: ["**"]', [`.watch[0]: ${GLOB}: it would watch the whole workspace`]],
  ['the workspace itself', 'watch: ["./"]', [`.watch[0]: ${GLOB}: it would watch the whole workspace`]],
  [
    'a glob in any folder',
    'watch: ["*/x.json"]',
    [`.watch[0]: ${GLOB}: it must begin with a folder that is named`],
  ],
  [
    'the data folder',
    'watch: [data]',
    [`.watch[0]: ${GLOB}: of data/ only what lies below a folder or file that is named`],
  ],
  [
    'all of the data folder',
    'watch: ["data/**/*.json"]',
    [`.watch[0]: ${GLOB}: of data/ only what lies below a folder or file that is named`],
  ],
  [
    'a file of the supervisor',
    'watch: [data/performance.json]',
    [`.watch[0]: ${GLOB}: the supervisor writes this file itself`],
  ],
  ['the logs', 'watch: ["logs/*.log"]', [`.watch[0]: ${GLOB}: logs/ and .git are never watched`]],
  ['the git folder', 'watch: ["sub/.git/*"]', [`.watch[0]: ${GLOB}: logs/ and .git are never watched`]],
];

for (const [what, keys, said] of SAID_OF_MODULES) {
  test(`${what} in a module is told with its line and the accepted form`, async t => {
    const file = `modules:\n  collector: {command: x}\n  a: {command: x, ${keys}}\nservices: {feed: {command: x}}`;
    assert.deepEqual(
      await told(t, file),
      said.map(text => `f:3 modules.a${text}`),
    );
  });
}

const SAID_OF_COMMANDS: [string, string, string[]][] = [
  ['an empty text', '""', ['is empty: it must name a program, such as `node modules/collector.ts`']],
  ['only spaces', '"  "', ['is empty: it must name a program, such as `node modules/collector.ts`']],
  ['an empty list', '[]', ['is empty: it must name a program, such as `node modules/collector.ts`']],
  ['an empty program', '["", x]', ['is empty: it must name a program, such as `node modules/collector.ts`']],
  [
    'spaces for a shell',
    '" ", shell: true',
    ['is empty: it must name a program, such as `node modules/collector.ts`'],
  ],
  ['a list for a shell', '[a, b], shell: true', ['must be one text where `shell: true` stands beside it']],
  [
    'a quote that stays open',
    '"echo \'x"',
    ['has a quote that is never closed: close it, or give a list of program and arguments'],
  ],
  ['a number', '5', []],
  [
    'a mapping',
    '{a: b}',
    ['must be a command line such as `node modules/collector.ts`, or a list of a program and its arguments'],
  ],
];

for (const [what, command, said] of SAID_OF_COMMANDS) {
  test(`${what} as a command is ${said.length === 0 ? 'taken as text' : 'refused'}`, async t => {
    assert.deepEqual(
      await told(t, `modules:\n  a: {command: ${command}}`),
      said.map(text => `f:2 modules.a.command: ${text}`),
    );
  });
}

for (const name of ['Big', '1a', 'a_b', 'a b', '-a', 'é', '""', '"<img>"', '"a\\nb"', `a${'b'.repeat(63)}`]) {
  test(`a module cannot be called ${name}`, async t => {
    const [problem, ...others] = await problems(t, `modules:\n  ${name}: {command: x}`);
    assert.deepEqual(others, []);
    assert.equal(problem?.message, NAME);
    assert.equal(problem?.line, 2);
    assert.match(problem?.path ?? '', /^[ -~]+$/, 'the path is fit for a terminal');
  });
}

test('nothing takes the name that the metrics of the machine have', async t => {
  const message = 'is how the metrics of the machine are named (system.cpuPercent): take another name';
  assert.deepEqual(await told(t, 'modules:\n  system: {command: x}'), [`f:2 modules.system: ${message}`]);
  assert.deepEqual(await told(t, 'services:\n  system: {command: x}'), [`f:2 services.system: ${message}`]);
});

test('words that every object carries are not taken for names', async t => {
  assert.deepEqual(await told(t, 'modules:\n  constructor: {command: x}\n  __proto__: {command: x}'), [
    'f:2 modules.constructor: is a reserved word: take another name',
    'f:3 modules.__proto__: cannot be a name: take another',
  ]);
  const [first] = await told(t, 'modules: {a: {command: x, after: [constructor]}}\nhasOwnProperty: 1');
  assert.match(first ?? '', /^f:1 modules\.a\.after\[0\]: there is no module "constructor"/);
});

test('the longest name is taken, and a hyphen in it', async t => {
  assert.deepEqual(await told(t, `modules: {a-1${'b'.repeat(60)}: {command: x}}`), []);
});

test('each knot of modules is told once, with a cycle in it by its names', async t => {
  const said = await told(
    t,
    `modules:
  first: {command: x}
  a: {command: x, after: [first, c]}
  b: {command: x, after: [a]}
  c: {command: x, after: [b, a]}
  behind: {command: x, after: [c]}
  p: {command: x, after: [q]}
  q: {command: x, after: [p]}`,
  );
  assert.deepEqual(said, [
    'f:3 modules.a.after: is a cycle: a after c after b after a; take one of them out',
    'f:7 modules.p.after: is a cycle: p after q after p; take one of them out',
  ]);
});

test('a working directory outside of the workspace is refused, also behind links', async t => {
  const outside = temporaryFolder(t);
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'inside'));
  symlinkSync(outside, join(root, 'out'));
  symlinkSync(join(outside, 'missing'), join(root, 'dangling'));
  symlinkSync('out/missing', join(root, 'two-links'));
  symlinkSync('inside', join(root, 'in'));
  symlinkSync('loop', join(root, 'loop'));
  writeFileSync(join(root, 'file'), '');
  const form = 'must be a folder inside of the workspace, such as "." or "modules"';
  const said = await told(
    t,
    `modules:
  up: {command: x, cwd: ..}
  absolute: {command: x, cwd: /}
  link: {command: x, cwd: out}
  below-link: {command: x, cwd: out/deeper/still}
  dangling: {command: x, cwd: dangling}
  loop: {command: x, cwd: loop}
  file: {command: x, cwd: file}
  two-links: {command: x, cwd: two-links/deeper}
  fine: {command: x, cwd: ${root}/in}
services:
  up-too: {command: x, cwd: inside/../../x}`,
    root,
  );
  assert.deepEqual(said, [
    `f:2 modules.up.cwd: ${form}: it leads out of the workspace`,
    `f:3 modules.absolute.cwd: ${form}: it leads out of the workspace`,
    `f:4 modules.link.cwd: ${form}: it leads out of the workspace`,
    `f:5 modules.below-link.cwd: ${form}: it leads out of the workspace`,
    `f:6 modules.dangling.cwd: ${form}: it leads out of the workspace`,
    `f:7 modules.loop.cwd: ${form}: it cannot be looked at (ELOOP)`,
    `f:8 modules.file.cwd: ${form}: it is not a folder`,
    `f:9 modules.two-links.cwd: ${form}: it leads out of the workspace`,
    `f:12 services.up-too.cwd: ${form}: it leads out of the workspace`,
  ]);
});

test('a workspace that is reached through a link has its folders inside of it', async t => {
  const root = temporaryFolder(t);
  const elsewhere = temporaryFolder(t);
  mkdirSync(join(root, 'modules'));
  symlinkSync(root, join(elsewhere, 'link'));
  assert.deepEqual(
    await told(t, 'modules: {a: {command: x, cwd: modules, watch: ["modules/*"]}}', join(elsewhere, 'link')),
    [],
  );
});

test('a watched folder behind a link is judged by where it leads', async t => {
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'data', 'market'), { recursive: true });
  symlinkSync('data', join(root, 'all'));
  symlinkSync('data/market', join(root, 'market'));
  symlinkSync('/', join(root, 'out'));
  const said = await told(t, 'modules: {a: {command: x, watch: ["market/*", "all/*", "out/*"]}}', root);
  assert.deepEqual(said, [
    `f:1 modules.a.watch[1]: ${GLOB}: of data/ only what lies below a folder or file that is named (a link leads there)`,
    'f:1 modules.a.watch[2]: its folder leads out of the workspace: name one inside of it',
  ]);
});

test('what may be watched is taken', async t => {
  const globs = [
    'data/market/*.json',
    'data/in.csv',
    'data/a/**',
    './src/**/*.ts',
    'params.json',
    '*.json',
    'database/*',
  ];
  assert.deepEqual(await told(t, `modules: {a: {command: x, watch: ${JSON.stringify(globs)}}}`), []);
});

test('what is no problem but looks like a slip is a warning', async t => {
  const result = await loaded(
    t,
    'modules:\n  a: {command: "cat x | sort"}\n  b: {command: x, cwd: later}\n  c: {command: "a && b", shell: true}',
  );
  assert.ok(result.ok);
  assert.deepEqual(result.warnings, [
    {
      path: 'modules.a.command',
      line: 2,
      message: 'holds |, which the program gets as an argument: `shell: true` asks for a shell',
    },
    { path: 'modules.b.cwd', line: 3, message: 'does not exist yet: runs fail until it does' },
  ]);
});

test('a file without anything to run is refused, so that an editor half way through saving stops nothing', async t => {
  for (const text of ['', '\n# nothing\n', '{}', 'modules: {}', 'runAtStart: true']) {
    const [problem] = await problems(t, text);
    assert.match(problem?.message ?? '', /^there is nothing to run: name at least one module/);
  }
  const [first] = await told(t, '- a\n- b');
  assert.match(first ?? '', /^f: must be a mapping such as/);
});

for (const [what, text, said] of [
  [
    'nothing',
    'modules:\n  # collector: {command: x}\n',
    'f:1 modules: is empty: it must be a mapping of names to modules, such as {collector: {command: node collector.ts}}',
  ],
  [
    'an empty mapping',
    'runAtStart: true\nmodules: {}\n',
    'f:2 modules: there is nothing to run: name at least one module, such as `modules: {collector: {command: node collector.ts}}`',
  ],
  [
    'a bracket that is not closed',
    'modules: {\n',
    'f:2: is not valid YAML: the indentation does not fit the lines around it, or a { or [ above is not closed',
  ],
] as const) {
  test(`${what} in the place of the modules is told as what it is`, async t => {
    assert.deepEqual(await told(t, text), [said]);
  });
}

test('hundreds of problems are cut, and it is said how many are left', async t => {
  const lines = Array.from({ length: 150 }, (_, index) => `key${index}: 1`);
  const found = await problems(t, `modules: {a: {command: x}}\n${lines.join('\n')}`);
  assert.equal(found.length, 101);
  assert.deepEqual(found.at(-1), {
    path: '',
    line: null,
    message: '50 more problems are not shown: mend these first',
  });
});

test('problems are written one a line, with as much of their place as is known', () => {
  assert.equal(
    formatProblems('watchkeeper.yaml', [
      { path: 'modules.a', line: 12, message: 'x' },
      { path: 'modules.a', line: null, message: 'y' },
      { path: '', line: 3, message: 'z' },
      { path: '', line: null, message: 'all' },
    ]),
    'watchkeeper.yaml:12 modules.a: x\nwatchkeeper.yaml modules.a: y\nwatchkeeper.yaml:3: z\nwatchkeeper.yaml: all',
  );
});

test('a warning says that it is one, on each of its lines', () => {
  assert.equal(
    formatWarnings('watchkeeper.yaml', [
      { path: 'modules.a', line: 12, message: 'x' },
      { path: '', line: null, message: 'all' },
    ]),
    'warning: watchkeeper.yaml:12 modules.a: x\nwarning: watchkeeper.yaml: all',
  );
});

test('a path is written as one would in code, strange keys in quotes and cut at an equals sign', () => {
  assert.equal(pathText(['modules', 'a-b', 'watch', 0]), 'modules.a-b.watch[0]');
  assert.equal(pathText(['<img>\n', '\u001b[1m']), '["<img>\\n"]["\\u001b[1m"]');
  assert.equal(pathText(['env', 'TOKEN=secret']), 'env["TOKEN=..."]');
  assert.equal(pathText([]), '');
});

test('a mapping that passes itself off as a class is refused like any other', async t => {
  const text = 'modules: { a: { command: { constructor: { name: {} } } } }\n';
  assert.deepEqual(await told(t, text), [
    'f:1 modules.a.command: must be a command line such as `node modules/collector.ts`, or a list of a program and its arguments',
  ]);
});
