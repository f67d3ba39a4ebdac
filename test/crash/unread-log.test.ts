import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { testFolder } from "../support/test-folder.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of ONE_OF_EACH) {
  describe(`a log that nobody reads, on ${database.title}`, () => {
    const worlds = useWorlds(database);
    let folder: string;
    let pipe: number;

    beforeEach(() => {
      folder = testFolder("log");
      const path = join(folder, "log");
      execFileSync("mkfifo", [path]);
      pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    });

    afterEach(() => {
      closeSync(pipe);
      rmSync(folder, { recursive: true });
    });

    async function fillPipe() {
      const fill = async () => {
        for (;;) writeSync(pipe, "an earlier line\n");
      };
      await fill().catch((error: NodeJS.ErrnoException) => expect(error.code).to.equal("EAGAIN"));
    }

    it("keeps no service from starting, answering and stopping", async () => {
      const world = await worlds.create();
      await fillPipe();
      const service = await world.spawn({ LOG_LEVEL: "info" }, { logTo: pipe });
      // Each call that fails is a line.
      expect((await failureOf(service.api.get(1000n))).code).to.equal("NOT_FOUND");
      await service.api.ended(await service.api.create(0));
      service.signal("SIGTERM");
      expect(await service.exited()).to.equal(0);
    });
  });
}
