import { expect } from "chai";
import {
  explainWait,
  type ProviderCondition,
  type WaitingFacts,
  type WaitingFor,
} from "../../src/requests/waiting-for.js";

const NOW = 1_800_000_000_000;
const READY: WaitingFacts = {
  now: NOW,
  dueDate: 0,
  isHead: true,
  processImmediately: false,
  wakeDate: undefined,
};
const WELL: ProviderCondition = {
  effective: true,
  pulled: false,
  connected: true,
  covered: true,
  lastError: undefined,
};

/** Each line adds one trouble to those below it: the first one there is explains the wait. */
const TROUBLES: readonly [
  WaitingFor,
  facts: Partial<WaitingFacts>,
  provider: Partial<ProviderCondition>,
][] = [
  ["SCHEDULED_DATE", { dueDate: NOW + 1 }, {}],
  ["EARLIER_REQUEST", { isHead: false }, {}],
  ["PROVIDER_NOT_EFFECTIVE", {}, { effective: false }],
  ["NEXT_ATTEMPT", { wakeDate: NOW + 1 }, {}],
  ["PROVIDER_UNAVAILABLE", {}, { connected: false }],
  ["CLAIM", {}, { pulled: true }],
  ["RUN", {}, { covered: false }],
];

describe("why a request waits", () => {
  for (const [place, [expected, facts, provider]] of TROUBLES.entries()) {
    it(`is ${expected}, by itself and before all that comes later`, () => {
      expect(explainWait({ ...READY, ...facts }, { ...WELL, ...provider })).to.equal(expected);
      const rest = TROUBLES.slice(place);
      const allFacts = Object.assign({}, READY, ...rest.map(([, more]) => more)) as WaitingFacts;
      const all = Object.assign({}, WELL, ...rest.map(([, , more]) => more)) as ProviderCondition;
      expect(explainWait(allFacts, all)).to.equal(expected);
    });
  }

  it("is CAPACITY when nothing else is in the way", () => {
    expect(explainWait(READY, WELL)).to.equal("CAPACITY");
  });

  it("is no date that has come", () => {
    expect(explainWait({ ...READY, dueDate: NOW, wakeDate: NOW }, WELL)).to.equal("CAPACITY");
  });

  it("is no run for an immediate request", () => {
    const immediate = { ...READY, processImmediately: true };
    expect(explainWait(immediate, { ...WELL, covered: false })).to.equal("CAPACITY");
  });
});
