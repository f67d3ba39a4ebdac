import type { TestDatabase } from "../support/stores.js";
import { describeAccepting } from "./store/accepting.js";
import { describeCancelling } from "./store/cancelling.js";
import { describeFormerItems } from "./store/former-items.js";
import { describeImmediates } from "./store/immediates.js";
import { describeListing } from "./store/listing.js";
import { describeReplays } from "./store/replays.js";
import { describeSchedules } from "./store/schedules.js";
import { setStage } from "./store/stage.js";

/** Declares the tests that every request store must pass. */
export function describeRequestStore(database: TestDatabase): void {
  describe(`RequestStore conformance: ${database.title}`, () => {
    const stage = setStage(database);
    describeAccepting(stage);
    describeReplays(stage);
    describeSchedules(stage);
    describeImmediates(stage);
    describeCancelling(stage);
    describeListing(stage);
    describeFormerItems(stage);
  });
}
