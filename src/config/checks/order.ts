import { MODULE_NAME } from '../../metric-name.ts';
import { type Draft, textsOf } from '../draft.ts';
import { type Finding, quoted } from '../problems.ts';
import { didYouMean } from '../suggest.ts';

/** What `after` names is a module. */
export function* upstreams(draft: Draft): Generator<Finding> {
  const known = [...draft.modules.keys()];
  for (const [name, { after }] of draft.modules) {
    for (const [index, upstream] of textsOf(after)) {
      if (draft.modules.has(upstream) || !MODULE_NAME.test(upstream)) continue;
      yield { path: ['modules', name, 'after', index], message: unknownUpstream(draft, upstream, known) };
    }
  }
}

function unknownUpstream(draft: Draft, upstream: string, known: string[]): string {
  if (draft.services.has(upstream)) {
    return `${quoted(upstream)} is a service, which is always kept running: name modules only`;
  }
  return `there is no module ${quoted(upstream)}${didYouMean(upstream, known)}: name one that stands under \`modules\``;
}

const MOST_NAMED = 10;

/** No module comes, over others or at once, after itself. */
export function* cycles(draft: Draft): Generator<Finding> {
  for (const cycle of findCycles(upstreamsOf(draft))) {
    const [first = ''] = cycle;
    const left = cycle.length > MOST_NAMED ? ['...'] : [];
    const chain = [...cycle.slice(0, MOST_NAMED).map(shown), ...left, shown(first)].join(' after ');
    yield { path: ['modules', first, 'after'], message: `is a cycle: ${chain}; take one of them out` };
  }
}

function shown(name: string): string {
  return MODULE_NAME.test(name) ? name : quoted(name);
}

type Graph = ReadonlyMap<string, readonly string[]>;

function upstreamsOf(draft: Draft): Graph {
  const graph = [...draft.modules].map(([name, { after }]) => {
    const upstream = textsOf(after).map(([, text]) => text);
    return [name, [...new Set(upstream)].filter(other => draft.modules.has(other))] as const;
  });
  return new Map(graph);
}

/**
 * Cycles that share no member, each from its first member in the order of the graph; at least one for each knot. Linear in
 * the size of the graph, and without recursion: the file may be hostile.
 */
function findCycles(graph: Graph): string[][] {
  const knotted = withoutOrdered(graph);
  const position = new Map([...graph.keys()].map((name, index) => [name, index]));
  const seen = new Set<string>();
  const cycles: string[][] = [];
  for (const start of knotted) {
    const steps = new Map<string, number>();
    let at: string | undefined = start;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      steps.set(at, steps.size);
      at = graph.get(at)?.find(other => knotted.has(other));
    }
    // Ended in a member of an earlier walk: that one has named the cycle.
    const entry = at === undefined ? undefined : steps.get(at);
    if (entry !== undefined) cycles.push(fromFirst([...steps.keys()].slice(entry), position));
  }
  return cycles;
}

/** What is left when all that can be put into an order is taken away: cycles, and what comes after them. */
function withoutOrdered(graph: Graph): Set<string> {
  const downstream = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  for (const [name, upstream] of graph) {
    waiting.set(name, upstream.length);
    for (const other of upstream) {
      const known = downstream.get(other);
      if (known === undefined) downstream.set(other, [name]);
      else known.push(name);
    }
  }
  const ready = [...graph.keys()].filter(name => waiting.get(name) === 0);
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    waiting.delete(name);
    for (const other of downstream.get(name) ?? []) {
      const left = (waiting.get(other) ?? 0) - 1;
      waiting.set(other, left);
      if (left === 0) ready.push(other);
    }
  }
  return new Set(waiting.keys());
}

function fromFirst(cycle: string[], position: ReadonlyMap<string, number>): string[] {
  let first = 0;
  for (const [index, name] of cycle.entries()) {
    if ((position.get(name) ?? 0) < (position.get(cycle[first] ?? '') ?? 0)) first = index;
  }
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
