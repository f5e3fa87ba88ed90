import type { Settings } from '../glossary/settings.ts';

/** What one line reports of one series. */
export interface Report {
  source: string;
  metric: string;
  labels: Record<string, string>;
  said: Said;
}

export type Said =
  /** A value of its own; without a time it is of now. */
  | { kind: 'value'; value: number; timeMs: number | null }
  /** So many more. */
  | { kind: 'counter'; add: number }
  /** A level, or a change of it. */
  | { kind: 'gauge'; value: number; isChange: boolean }
  /** One of many durations or sizes; `weight`: it stands for so many. */
  | { kind: 'timer'; value: number; weight: number }
  /** A member of a set of which only the size counts. */
  | { kind: 'set'; member: string };

/** Why a line is not taken: an end for the sentence "the line is not understood: ...". Never holds what the line held. */
export interface Refusal {
  problem: string;
}

export function refuse(problem: string): Refusal {
  return { problem };
}

/** Names of what runs in the workspace. */
export interface KnownNames {
  modules: ReadonlySet<string>;
  services: ReadonlySet<string>;
  /** The services whose memory and uptime are sampled: all of them or, where that is switched off, none. */
  sampled: ReadonlySet<string>;
}

type Configured = Pick<Settings, 'modules' | 'services'> & { system: Pick<Settings['system'], 'enabled'> };

export function knownNames({ modules, services, system }: Configured): KnownNames {
  const names = (commands: readonly { name: string }[]): Set<string> =>
    new Set(commands.map(({ name }) => name));
  return {
    modules: names(modules),
    services: names(services),
    sampled: names(system.enabled ? services : []),
  };
}
