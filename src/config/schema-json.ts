import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { settingsSchema } from './schema.ts';

/**
 * The JSON Schema (draft 7, which editors read best) of `watchkeeper.yaml`, as kept in
 * `src/schemas/watchkeeper.schema.json`: what a person may write, with the meaning of every key.
 * Run as a program (`node src/config/schema-json.ts`), this file writes that one; format it afterwards.
 */
export function settingsJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-7' });
  return { $schema, title: 'watchkeeper.yaml', ...rest };
}

if (import.meta.main) {
  const file = new URL('../schemas/watchkeeper.schema.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
}
