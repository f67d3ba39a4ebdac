import type { TestDatabase } from "../stores.js";
import { World, type WorldOptions } from "./world.js";

/** Makes worlds for the tests of the surrounding suite, and ends them after each. */
export function useWorlds(source: TestDatabase) {
  const worlds: World[] = [];

  afterEach(async function () {
    const failed = this.currentTest?.state === "failed";
    for (const world of worlds.splice(0)) {
      if (failed) process.stderr.write(world.story());
      await world.end();
    }
  });

  const create = async (options: WorldOptions = {}): Promise<World> => {
    const world = await World.create(source, options);
    worlds.push(world);
    return world;
  };

  return {
    /** A world without a service. */
    create,
    /** A world with a service in this process whose session with the CA system, if up, is open. */
    async start(options: WorldOptions = {}): Promise<World> {
      const world = await create(options);
      await world.start();
      if (options.caUp !== false) await world.connected();
      return world;
    },
  };
}
