import type { TestDatabase } from "../support/stores.js";
import { describeAnyOrder } from "./store/any-order.js";
import { describeApplying } from "./store/applying.js";
import { describeBudget } from "./store/budget.js";
import { describeClaiming } from "./store/claiming.js";
import { describeClaimsOfMany } from "./store/claims-of-many.js";
import { describeExpiring } from "./store/expiring.js";
import { describeFinishingLast } from "./store/finishing-last.js";
import { describeGoingOn } from "./store/going-on.js";
import { describeLateAnswers } from "./store/late-answers.js";
import { describeNumbering } from "./store/numbering.js";
import { describeProcesses } from "./store/processes.js";
import { setStage } from "./store/stage.js";

/** Declares the tests that every dispatch store must pass. */
export function describeDispatchStore(database: TestDatabase): void {
  describe(`DispatchStore conformance: ${database.title}`, () => {
    const stage = setStage(database);
    describeClaiming(stage);
    describeBudget(stage);
    describeClaimsOfMany(stage);
    describeApplying(stage);
    describeFinishingLast(stage);
    describeGoingOn(stage);
    describeLateAnswers(stage);
    describeNumbering(stage);
    describeExpiring(stage);
    describeProcesses(stage);
    describeAnyOrder(stage);
  });
}
