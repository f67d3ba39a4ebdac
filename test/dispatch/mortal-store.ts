import type { DispatchStore } from "../../src/store/dispatch-store.js";

/** Of so many calls one is the last that its process makes: before it, or before its answer. */
const DEADLY = 0.02;

/** A store as a process uses it that may die at any call: nothing is heard of it then. */
export function mortalStore(
  store: DispatchStore,
  process: { readonly alive: () => boolean; readonly die: () => void },
  random: () => number,
): DispatchStore {
  const never = () => new Promise<never>(() => undefined);
  return new Proxy(store, {
    get(target, name: keyof DispatchStore) {
      const call = target[name].bind(target) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        const dice = random();
        if (dice < DEADLY) process.die();
        if (!process.alive()) return never();
        const result = await call(...args);
        // What it did is in the database; nobody is there to hear of it.
        if (dice > 1 - DEADLY) process.die();
        return process.alive() ? result : never();
      };
    },
  });
}
