import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { ScriptedHttpPeer } from "../adapters/profile/http/scripted-http-peer.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const PROFILE = fileURLToPath(
  new URL("../adapters/profile/made-up/counter-desk.yaml", import.meta.url),
);
const NOW = { processImmediately: true };
const COMPLETED = "LIFE_CYCLE_STATE_COMPLETED";
const WELCOME = '{"state":"welcome","token":"t-1","last":0}';
const DONE = '{"state":"done","receipt":"R-1"}';

for (const database of ONE_OF_EACH) {
  describe(`a provider with two sessions over HTTP, on ${database.title}`, () => {
    const worlds = useWorlds(database);
    let peer: ScriptedHttpPeer;
    beforeEach(async () => {
      peer = await ScriptedHttpPeer.listen();
    });
    afterEach(() => peer.stop());

    /** Answers everything that comes from now on. */
    const answerAll = async (): Promise<void> => {
      for (;;) (await peer.request()).answer(200, DONE);
    };

    it("is sent to by the one while the other awaits its last answers", async () => {
      const world = await worlds.create({
        providers: [
          {
            protocol: PROFILE,
            connection: {
              host: "127.0.0.1",
              port: peer.port,
              user: "desk",
              password: "pst",
              connections: 2,
              window: 5,
            },
          },
        ],
      });
      const api = await world.start();
      for (let session = 0; session < 2; session += 1) {
        (await peer.request()).answer(200, WELCOME);
      }
      await world.connected();
      // The first and the third go by one session, the second by the other.
      const slow = [api.create(0, NOW), api.create(1, NOW)];
      const unanswered = [await peer.request(), await peer.request()];
      const broken = api.create(2, NOW);
      (await peer.request()).cut();
      await broken;
      void answerAll();
      expect((await api.create(3, NOW)).lifeCycleState).to.equal(COMPLETED);
      for (const request of unanswered) request.answer(200, DONE);
      const states = (await Promise.all(slow)).map(({ lifeCycleState }) => lifeCycleState);
      expect(states).to.deep.equal([COMPLETED, COMPLETED]);
    });
  });
}
