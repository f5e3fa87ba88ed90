import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TWO_STEPS } from '../../helpers/steps.ts';
import { type Fault, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';

const COUNT = 100;

/** Names that look alike and are not ours: they stay. */
const THEIRS = ['.notes.tmp', 'performance.json.tmp', '.status.json.0123456789abcdeX.tmp'];

export const leftTemporaries: Fault = {
  id: 'crash/left-temporaries',
  group: 'crash',
  weight: 'medium',
  fault: 'a hundred temporary files of killed writers in data/, and as many reports of modules in data/runs/',
  promise: 'the next start removes them all, and nothing that only looks like them',
  quick: false,
  needs: [],
  async inject(context) {
    const line = pipeline(context, { yaml: TWO_STEPS });
    const witness = new Witness(line);
    const data = line.workspace.path('data');
    mkdirSync(join(data, 'runs'), { recursive: true });
    for (let index = 0; index < COUNT; index += 1) {
      const hex = Math.floor(context.random() * 2 ** 48)
        .toString(16)
        .padStart(16, '0');
      writeFileSync(
        join(data, `.${['performance.json', 'status.json', 'anomalies.log'][index % 3]}.${hex}.tmp`),
        '{"half',
      );
      const id = `01ARZ3NDEKTSV4RRFFQ${String(index).padStart(7, '0')}`;
      writeFileSync(join(data, 'runs', `${id}.jsonl`), '{"metric":"rows","value":1}\n');
    }
    for (const name of THEIRS) writeFileSync(join(data, name), 'theirs');
    const before = readdirSync(data).length + readdirSync(join(data, 'runs')).length;
    if (before < 2 * COUNT) return missed(`only ${before} files were there`);
    const { code, stdout, stderr } = await context.start(line.workspace.root, ['once', '--json']).ended;
    witness.hear(stdout);
    const problems = THEIRS.filter(name => !readdirSync(data).includes(name)).map(
      name => `${name} was removed`,
    );
    const { problems: found, counts } = await witness.verdict();
    problems.push(...found.filter(problem => !THEIRS.some(name => problem === `left: data/${name}`)));
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-300)}`);
    return outcome(problems, `${2 * COUNT} files were swept`, { faultsInjected: 2 * COUNT, ...counts });
  },
};
