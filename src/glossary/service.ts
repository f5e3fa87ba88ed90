/** What is sampled of each service. */
export const SERVICE_METRICS = ['memoryMb', 'uptimeSeconds'] as const;

export type ServiceStatus = 'starting' | 'healthy' | 'running' | 'unhealthy' | 'waiting' | 'stopped';

export interface ServiceState {
  name: string;
  /** `healthy` and `unhealthy` by its health check, `running` without one, `waiting` before a restart. */
  status: ServiceStatus;
  pid: number | null;
  restartCount: number;
  startedAt: string | null;
  /** What went wrong last, in words; null where nothing did. */
  lastProblem: string | null;
}

/** What the present life of a service takes. */
export interface ServiceUse {
  name: string;
  /** Since it was started last, by a clock that cannot jump. */
  uptimeSeconds: number;
  memoryMb: number | null;
}
