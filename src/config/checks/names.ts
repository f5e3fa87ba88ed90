import { MODULE_NAME, SYSTEM_SOURCE } from '../../metric-name.ts';
import { commandsOf, type Draft, rawOf } from '../draft.ts';
import { NAME_FORM } from '../names.ts';
import { type Finding, quoted } from '../problems.ts';
import { didYouMean } from '../suggest.ts';

/** Names of modules and services are well-formed, and no two are the same. */
export function* names(draft: Draft): Generator<Finding> {
  for (const { path } of commandsOf(draft)) {
    const [, name] = path;
    if (!MODULE_NAME.test(name)) yield { path, message: `is not a good name: it ${NAME_FORM}` };
    // Its metrics would be taken together with those of the machine.
    if (name === SYSTEM_SOURCE)
      yield {
        path,
        message: 'is how the metrics of the machine are named (system.cpuPercent): take another name',
      };
    // A word that every JavaScript object carries: refused here, so that nothing behind us can trip over it.
    if (name === 'constructor') yield { path, message: 'is a reserved word: take another name' };
  }
  for (const name of draft.services.keys()) {
    if (!draft.modules.has(name)) continue;
    yield {
      path: ['services', name],
      message: 'is the name of a module too: each name once, for both kinds',
    };
  }
}

/** There is something to run: an empty file is a slip, or an editor that has not finished. */
export function* somethingToRun(draft: Draft): Generator<Finding> {
  if (draft.modules.size > 0 || draft.services.size > 0) return;
  const { modules, services } = draft.given;
  if (!isAbsentOrMapping(modules) || !isAbsentOrMapping(services)) return; // wrong in another way, and told so
  const message =
    'there is nothing to run: name at least one module, such as `modules: {collector: {command: node collector.ts}}`';
  const given = modules !== undefined ? 'modules' : 'services';
  yield { path: draft.given[given] === undefined ? [] : [given], message };
}

function isAbsentOrMapping(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

/** Rules are for modules that exist. */
export function* detectedModules(draft: Draft): Generator<Finding> {
  const modules = rawOf(rawOf(draft.given['detection'])['modules']);
  const known = [...draft.modules.keys()];
  for (const name of Object.keys(modules)) {
    if (draft.modules.has(name)) continue;
    const message = `there is no module ${quoted(name)}${didYouMean(name, known)}: rules are for names under \`modules\``;
    yield { path: ['detection', 'modules', name], message };
  }
}
