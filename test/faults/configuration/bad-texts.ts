/** A configuration that must not be taken: what it is, its text, and what the error has to say. */
export interface BadText {
  what: string;
  text: string | Buffer;
  says: RegExp;
}

const GOOD = 'a: { command: "true" }';

function module(name: string): string {
  return `modules:\n  ${name}: { command: "true" }\n`;
}

const NAME = /watchkeeper\.yaml:2 modules.*(?:is not a good name: it must begin|cannot be a name)/;

/** Each alias stands for ten of the one before: 10^9 in the end. */
function billionLaughs(): string {
  const lines = Array.from({ length: 9 }, (_, index) => {
    const level = index + 1;
    return `l${level}: &l${level} [${Array.from({ length: 10 }, () => `*l${index}`).join(', ')}]`;
  });
  return `l0: &l0 ha\n${lines.join('\n')}\nmodules:\n  a: { command: "true", watch: *l9 }\n`;
}

export const BAD_TEXTS: BadText[] = [
  {
    what: 'the same module twice',
    text: `modules:\n  ${GOOD}\n  ${GOOD}\n`,
    says: /watchkeeper\.yaml:3 .*(?:twice|again|duplicate)/i,
  },
  {
    what: 'a module and a service of one name',
    text: `modules:\n  ${GOOD}\nservices:\n  ${GOOD}\n`,
    says: /watchkeeper\.yaml:4 services\.a/,
  },
  {
    what: 'a cycle',
    text: 'modules:\n  a: { command: "true", after: [b] }\n  b: { command: "true", after: [c] }\n  c: { command: "true", after: [a] }\n',
    says: /watchkeeper\.yaml:\d .*after.*a.*b.*c/,
  },
  {
    what: 'a module after itself',
    text: 'modules:\n  a: { command: "true", after: [a] }\n',
    says: /watchkeeper\.yaml:2 .*after/,
  },
  {
    what: 'an unknown key',
    text: 'modules:\n  a: { command: "true", timeuot: 3s }\n',
    says: /watchkeeper\.yaml:2 .*timeout/,
  },
  {
    what: 'an unknown name in after',
    text: 'modules:\n  a: { command: "true", after: [bb] }\n',
    says: /:2 modules\.a\.after/,
  },
  {
    what: 'a program outside by a relative path',
    text: 'modules:\n  a: { command: "true", cwd: ../../bin }\n',
    says: /watchkeeper\.yaml:2 modules\.a\.cwd/,
  },
  {
    what: 'an absolute folder outside',
    text: 'modules:\n  a: { command: "true", cwd: /etc }\n',
    says: /:2 modules\.a\.cwd/,
  },
  {
    what: 'a pattern that leads outside',
    text: 'modules:\n  a: { command: "true", watch: [../../*] }\n',
    says: /:2 modules\.a\.watch/,
  },
  { what: 'billion laughs', text: billionLaughs(), says: /watchkeeper\.yaml(?::\d+)?.* / },
  { what: 'an alias of itself', text: 'modules: &m\n  a: *m\n', says: /watchkeeper\.yaml/ },
  { what: '100 MB', text: Buffer.alloc(100_000_000, '# comment\n'), says: /larger than 1 MB/ },
  { what: '20,000 levels', text: `modules: ${'['.repeat(20_000)}`, says: /watchkeeper\.yaml/ },
  { what: 'no UTF-8', text: Buffer.from([0x6d, 0x0a, 0xff, 0xfe, 0x00]), says: /watchkeeper\.yaml:2.*UTF-8/ },
  { what: 'NUL bytes', text: Buffer.alloc(4_096), says: /watchkeeper\.yaml/ },
  { what: 'nothing', text: '', says: /watchkeeper\.yaml/ },
  { what: 'a list', text: '- a\n- b\n', says: /watchkeeper\.yaml/ },
  {
    what: 'two documents',
    text: `modules:\n  ${GOOD}\n---\nmodules:\n  ${GOOD}\n`,
    says: /watchkeeper\.yaml/,
  },
  {
    what: 'a bad schedule',
    text: 'modules:\n  a: { command: "true", schedule: "99 * * * *" }\n',
    says: /:2 modules\.a\.schedule.*cron/,
  },
  {
    what: 'a bad duration',
    text: 'modules:\n  a: { command: "true", timeout: 5 parsecs }\n',
    says: /:2 modules\.a\.timeout/,
  },
  {
    what: 'a name of mark-up',
    text: module('"<img onerror=alert(1)>"'),
    says: NAME,
  },
  { what: 'a name of the prototype', text: module('__proto__'), says: NAME },
  { what: 'a constructor', text: module('"constructor\\0"'), says: NAME },
  { what: 'a name of 300 characters', text: module('a'.repeat(300)), says: NAME },
  { what: 'a name with a newline', text: module('"a\\nb"'), says: NAME },
  { what: 'a name with an escape code', text: module('"a\\e[31mb"'), says: NAME },
];
