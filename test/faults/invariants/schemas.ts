import { assertValid } from '../../store/schemas.ts';

/** What a JSON Schema of the package finds wrong with a value: nothing, or one message. */
export function messageOfInvalid(schema: 'performance' | 'status' | 'anomalies', value: unknown): string[] {
  try {
    assertValid(schema, value);
    return [];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return [`${schema} does not fit its schema: ${text.replaceAll(/\s+/g, ' ').slice(0, 300)}`];
  }
}
