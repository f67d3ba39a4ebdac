import { ProvisioningCalls } from "./provisioning-calls.js";
import { PullCalls } from "./pull-calls.js";
import type { TestDatabase } from "./stores.js";
import type { WorldOptions } from "./world/world.js";
import { useWorlds } from "./world/worlds.js";

export const PULLED = { protocol: "pull" } as const;

/** Worlds with a pulled provider, and loops of third parties that are closed after each test. */
export function usePulledWorlds(source: TestDatabase) {
  const worlds = useWorlds(source);
  const loops: PullCalls[] = [];

  afterEach(() => {
    for (const loop of loops.splice(0)) loop.close();
  });

  const loopAt = (address: string): PullCalls => {
    const loop = new PullCalls(address);
    loops.push(loop);
    return loop;
  };

  return {
    loopAt,
    async start(options: WorldOptions = {}) {
      const world = await worlds.start({ providers: [PULLED], ...options });
      const calls = new ProvisioningCalls(world);
      return { world, api: world.api, calls, loop: loopAt(world.service.grpc) };
    },
  };
}
