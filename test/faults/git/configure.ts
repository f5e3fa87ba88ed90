import { readFileSync, writeFileSync } from 'node:fs';
import type { Workspace } from '../../helpers/workspace.ts';

/** Adds settings to a repository, all at once; what it gives takes them away again. */
export function configure({ path }: Workspace, settings: [name: string, value: string][]): () => void {
  const file = path('.git/config');
  const before = readFileSync(file, 'utf8');
  const lines = settings.map(([name, value]) => {
    const [section = '', ...rest] = name.split('.');
    const [variable = '', sub] = [rest.at(-1), rest.slice(0, -1).join('.')];
    return `[${section}${sub === '' ? '' : ` "${sub}"`}]\n\t${variable} = "${value.replace(/["\\]/g, '\\$&')}"\n`;
  });
  writeFileSync(file, before + lines.join(''));
  return () => writeFileSync(file, before);
}
