import { expect } from "chai";
import {
  acceptedAnswer,
  type PullCalls,
  reasonsOf,
  rejectedAnswer,
} from "../support/pull-calls.js";
import { PULLED, usePulledWorlds } from "../support/pulled-worlds.js";
import { failureOf } from "../support/rpc-client.js";
import { present } from "../support/world/eventually.js";
import { OTHER_PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";

for (const database of ONE_OF_EACH) {
  describe(`Wrong calls for pulled providers on ${database.title}`, () => {
    const { start } = usePulledWorlds(database);

    it("get each wrong answer back by itself, with what is wrong with it", async () => {
      const { api, loop } = await start({ providers: [PULLED, { name: OTHER_PROVIDER }] });
      const [a] = await api.createInOrder(0, 0);
      const dialled = await api.create("other-0");
      await loop.claim();
      const known = present(a);
      const failures = await loop.send(
        rejectedAnswer(known, { errorCode: "" }),
        acceptedAnswer(known, { errorCode: "1", services: [""] }),
        acceptedAnswer(known, { identifier: undefined, result: "RESULT_UNSPECIFIED" as never }),
        acceptedAnswer({ number: 2n }),
        acceptedAnswer({ number: 99n }),
        acceptedAnswer(dialled),
        acceptedAnswer(known, { identifier: { $case: "id", value: known.id.toUpperCase() } }),
        rejectedAnswer(known),
      );
      expect(reasonsOf(failures)).to.deep.equal([
        [0, "INVALID_REQUEST"],
        [1, "INVALID_REQUEST"],
        [2, "INVALID_REQUEST"],
        [3, "STATE_NOT_ALLOWED"],
        [4, "PROVISIONING_REQUEST_NOT_FOUND"],
        [5, "PROVIDER_NOT_PULLED"],
        [7, "STATE_NOT_ALLOWED"],
      ]);
      const texts = failures.map(({ status }) => status?.message);
      expect(texts[0]).to.contain("error_code: is mandatory");
      expect(texts[1]).to.contain("error_code: cannot").and.to.contain("services[0]");
      expect(texts[2]).to.contain("identifier").and.to.contain("result");
      expect(failures[4]?.identifier).to.deep.equal({ $case: "number", value: 99n });
      expect((await api.get(known.number)).lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
    });

    it("refuse calls that cannot be meant, by their fields", async () => {
      const { loop } = await start({ providers: [PULLED, { name: OTHER_PROVIDER }] });
      const refusal = async (message: Parameters<PullCalls["claimPending"]>[0]) => {
        const { code, reason, message: text } = await failureOf(loop.claimPending(message));
        return [code, reason, text];
      };
      const lease = (seconds: bigint, nanos = 0) => ({ leaseDuration: { seconds, nanos } });
      for (const [message, field] of [
        [{ provider: "" }, "provider"],
        [{ numberOfResults: -1 }, "number_of_results"],
        [lease(0n, 999_999_999), "lease_duration"],
        [lease(3600n, 1_000_000), "lease_duration"],
        [lease(-5n), "lease_duration"],
        [lease(315_576_000_001n), "lease_duration"],
      ] as const) {
        const [code, reason, text] = await refusal(message);
        expect([code, reason]).to.deep.equal(["INVALID_ARGUMENT", "INVALID_REQUEST"]);
        expect(text).to.contain(field);
      }
      expect((await refusal({ provider: "nobody" })).slice(0, 2)).to.deep.equal([
        "NOT_FOUND",
        "PROVIDER_NOT_FOUND",
      ]);
      expect((await refusal({ provider: OTHER_PROVIDER })).slice(0, 2)).to.deep.equal([
        "FAILED_PRECONDITION",
        "PROVIDER_NOT_PULLED",
      ]);
      for (const count of [0, 1001]) {
        const answers = Array.from({ length: count }, () => acceptedAnswer({ number: 1n }));
        const failure = await failureOf(loop.send(...answers));
        expect([failure.code, failure.reason]).to.deep.equal([
          "INVALID_ARGUMENT",
          "INVALID_REQUEST",
        ]);
        expect(failure.message).to.contain("responses");
      }
    });
  });
}
