import type { Bucket } from './glossary/history.ts';

/** How long the roll-ups' buckets are. */
export const BUCKET_MS: Record<Bucket, number> = { hour: 3_600_000, day: 86_400_000 };
