import type { TestDatabase } from "../support/stores.js";
import { describeAnswering } from "./store/answering.js";
import { describeAnyPulling } from "./store/any-pulling.js";
import { describeEndingLeases } from "./store/ending-leases.js";
import { describeLeasing } from "./store/leasing.js";
import { setPullStage } from "./store/pull-stage.js";

/** Declares the tests that every store of pulled providers must pass. */
export function describePullStore(database: TestDatabase): void {
  describe(`PullStore conformance: ${database.title}`, () => {
    const pull = setPullStage(database);
    describeLeasing(pull);
    describeAnswering(pull);
    describeEndingLeases(pull);
    describeAnyPulling(pull);
  });
}
