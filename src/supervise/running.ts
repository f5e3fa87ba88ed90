import type { Child } from '../glossary/child.ts';

interface Place {
  /** Null before the first attempt; between two attempts the one that has ended. */
  child: Child | null;
  left: PromiseWithResolvers<void>;
  /** The iteration that it runs in has ended its last run. */
  iterationOver: Promise<void>;
}

/** Who is running: one module never runs twice at the same time, and the stop finds every child. */
export class Running {
  readonly #places = new Map<string, Place>();

  has(module: string): boolean {
    return this.#places.has(module);
  }

  names(): string[] {
    return [...this.#places.keys()];
  }

  /** False where the module is running already. */
  enter(module: string, iterationOver: Promise<void>): boolean {
    if (this.has(module)) return false;
    this.#places.set(module, { child: null, left: Promise.withResolvers(), iterationOver });
    return true;
  }

  leave(module: string): void {
    const place = this.#places.get(module);
    this.#places.delete(module);
    place?.left.resolve();
  }

  /** A child of a module that has entered. */
  onChild(module: string, child: Child): void {
    const place = this.#places.get(module);
    if (place !== undefined) place.child = child;
  }

  /** Resolves when the module has left; now, where it is not running. */
  left(module: string): Promise<void> {
    return this.#places.get(module)?.left.promise ?? Promise.resolve();
  }

  /** Resolves when nothing that comes after the module in its iteration is running any more; now, where it is not running. */
  iterationOver(module: string): Promise<void> {
    return this.#places.get(module)?.iterationOver ?? Promise.resolve();
  }

  /** Ends every child, and resolves when they have ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.#places.values()].map(({ child }) => child?.stop()));
  }

  kill(): void {
    for (const { child } of this.#places.values()) child?.kill();
  }
}
