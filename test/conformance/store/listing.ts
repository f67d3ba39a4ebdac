import { expect } from "chai";
import { LIFE_CYCLE_STATES } from "../../../src/requests/life-cycle.js";
import type { ProvisioningRequest } from "../../../src/requests/provisioning-request.js";
import type { RequestFilter, RequestPage } from "../../../src/store/request-store.js";
import type { Create } from "./creates.js";
import { completed, deferred, rejected } from "./results.js";
import { RUN, START, type StoreStage } from "./stage.js";

const PAGE: RequestPage = {
  filter: {},
  limit: 1000,
  after: undefined,
  oldestFirst: true,
  full: false,
};

/** Requests that differ in what a filter can narrow to; their place in the list is what tests name. */
const CREATES: readonly Create[] = [
  { callerReference: "ticket", requestId: "1", bodyHash: "x" },
  { card: "card-1", command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" } },
  { card: "foreign", subscription: { by: "id", value: "sub-2" }, createdBy: "desk" },
  { card: "beta-0", callerReference: "ticket", createdBy: "desk" },
];

const FILTERS: readonly [title: string, filter: RequestFilter, places: number[]][] = [
  ["nothing", {}, [0, 1, 2, 3]],
  ["a type", { types: ["SET_USER_PARAMETERS"] }, [1]],
  ["several types", { types: ["SET_USER_PARAMETERS", "REAUTHORISE_ALL_SERVICES"] }, [0, 1, 2, 3]],
  ["no types", { types: [] }, [0, 1, 2, 3]],
  ["a type named again and again", { types: Array(70_000).fill("SET_USER_PARAMETERS") }, [1]],
  ["a provider", { provider: "beta" }, [3]],
  ["a subscription id", { subscription: { by: "id", value: "sub-2" } }, [2]],
  ["a subscription number", { subscription: { by: "number", value: "S-1" } }, [0, 1, 3]],
  ["an unknown subscription", { subscription: { by: "number", value: "S-9" } }, []],
  ["a card id", { smartcard: { by: "id", value: "card-1" } }, [1]],
  ["a serial number", { smartcard: { by: "serial_number", value: "serial-beta-0" } }, [3]],
  ["an alternative code", { smartcard: { by: "alternative_code", value: "code-card-0" } }, [0]],
  ["an unknown card", { smartcard: { by: "id", value: "card-99" } }, []],
  ["a caller reference", { callerReference: "ticket" }, [0, 3]],
  ["a creator", { createdBy: "desk" }, [2, 3]],
  ["a first date of creation", { createdFrom: START + 2000 }, [2, 3]],
  ["a date of creation that is too late", { createdBefore: START + 2000 }, [0, 1]],
  ["both", { createdFrom: START + 1000, createdBefore: START + 3000 }, [1, 2]],
  ["all that is given together", { callerReference: "ticket", provider: "alpha" }, [0]],
];

/** Every set of states, with and without each of what goes through another table. */
function combinations(): RequestFilter[] {
  const sets = Array.from({ length: 2 ** LIFE_CYCLE_STATES.length }, (_, chosen) =>
    LIFE_CYCLE_STATES.filter((_, i) => Math.floor(chosen / 2 ** i) % 2 === 1),
  );
  const narrowed: RequestFilter[] = [
    {},
    { processId: RUN.id },
    { provider: "beta" },
    { callerReference: "ticket" },
    { processId: RUN.id, callerReference: "ticket" },
  ];
  return sets.flatMap((lifeCycleStates) =>
    narrowed.map((filter) => ({ ...filter, lifeCycleStates })),
  );
}

function isAskedFor(request: ProvisioningRequest, filter: RequestFilter): boolean {
  const states = filter.lifeCycleStates ?? [];
  if (states.length > 0 && !states.includes(request.lifeCycleState)) return false;
  return (["processId", "provider", "callerReference"] as const).every(
    (name) => filter[name] === undefined || filter[name] === request[name],
  );
}

export function describeListing(stage: StoreStage): void {
  const list = async (page: Partial<RequestPage> = {}) =>
    (await stage.requests.list({ ...PAGE, ...page })).map((request) => request.number);

  describe("listing", () => {
    for (const [title, filter, places] of FILTERS) {
      it(`narrows to ${title}`, async () => {
        const numbers: number[] = [];
        for (const create of CREATES) {
          numbers.push((await stage.storeOne(create)).number);
          await stage.pass(1000);
        }
        expect(await list({ filter })).to.deep.equal(places.map((place) => numbers[place]));
      });
    }

    it("goes through pages in both directions", async () => {
      const made = await stage.store(
        ...Array.from({ length: 7 }, (_, i) => ({ card: `card-${i % 2}` })),
      );
      const numbers = made.map((request) => request.number);
      for (const oldestFirst of [true, false]) {
        const seen: number[] = [];
        for (;;) {
          const page = await list({ oldestFirst, limit: 3, after: seen.at(-1) });
          seen.push(...page);
          if (page.length < 3) break;
        }
        expect(seen).to.deep.equal(oldestFirst ? numbers : numbers.toReversed());
      }
    });

    it("keeps its place while requests come and end", async () => {
      const [a, b, c] = (await stage.store({}, {}, {})).map((request) => request.number);
      expect(await list({ limit: 2, oldestFirst: false })).to.deep.equal([c, b]);
      await stage.store({});
      await stage.apply(completed(await stage.claimOne()));
      expect(await list({ limit: 2, oldestFirst: false, after: b })).to.deep.equal([a]);
    });

    it("tells each state apart", async () => {
      const cards = ["card-0", "card-1", "card-2", "card-3"];
      const made = await stage.store(
        ...cards.map((card) => ({ card })),
        { card: "card-0" },
        { card: "card-4", scheduledDate: START + 1000 },
        { card: "card-5" },
      );
      const numbers = made.map((request) => request.number);
      await stage.requests.cancel({ by: "number", value: numbers[6] ?? 0 }, "desk", undefined);
      const [sending, done, refused, retried] = await stage.claimHeads();
      if (!sending || !done || !refused || !retried) throw new Error("four heads are missing");
      await stage.apply(completed(done), rejected(refused), deferred(retried, 1000));
      const inState = async (...lifeCycleStates: RequestFilter["lifeCycleStates"] & object) =>
        (await list({ filter: { lifeCycleStates } })).map((number) => numbers.indexOf(number));
      expect(await inState("PROCESSING")).to.deep.equal([0]);
      expect(await inState("COMPLETED")).to.deep.equal([1]);
      expect(await inState("REJECTED")).to.deep.equal([2]);
      expect(await inState("PENDING")).to.deep.equal([3, 4, 5]);
      expect(await inState("CANCELLED")).to.deep.equal([6]);
      expect(await inState("PENDING", "PROCESSING")).to.deep.equal([0, 3, 4, 5]);
      expect(await inState("REJECTED", "CANCELLED")).to.deep.equal([2, 6]);
      expect(await inState("PENDING", "COMPLETED")).to.deep.equal([1, 3, 4, 5]);
      expect(await inState("PROCESSING", "CANCELLED")).to.deep.equal([0, 6]);
      expect(
        await inState("PENDING", "PROCESSING", "COMPLETED", "REJECTED", "CANCELLED"),
      ).to.have.lengthOf(7);
      expect(await inState()).to.have.lengthOf(7);
      const states = (await stage.requests.list(PAGE)).map((request) => request.lifeCycleState);
      expect(states).to.deep.equal([
        "PROCESSING",
        "COMPLETED",
        "REJECTED",
        "PENDING",
        "PENDING",
        "PENDING",
        "CANCELLED",
      ]);
    });

    it("finds what each request says of itself, whatever is asked together, in pages of any kind", async () => {
      const cards = ["card-0", "card-1", "card-2", "card-3", "beta-0"];
      await stage.store(...cards.map((card) => ({ card })));
      await stage.store(...cards.map((card) => ({ card, callerReference: "ticket" })));
      const last = (await stage.storeOne({ card: "card-4" })).number;
      await stage.requests.cancel({ by: "number", value: last }, "desk", undefined);
      const [, done, refused, retried] = await stage.claimHeads();
      if (!done || !refused || !retried) throw new Error("four heads are missing");
      await stage.apply(
        completed(done),
        rejected(refused, { processId: undefined }),
        deferred(retried, 1000),
      );
      const all = await stage.requests.list(PAGE);
      for (const filter of combinations()) {
        const expected = all.filter((request) => isAskedFor(request, filter));
        for (const oldestFirst of [true, false]) {
          const numbers = expected.map((request) => request.number);
          if (!oldestFirst) numbers.reverse();
          const asked = JSON.stringify({ filter, oldestFirst });
          expect(await list({ filter, oldestFirst }), asked).to.deep.equal(numbers);
          const [first, ...others] = numbers;
          const page = { filter, oldestFirst, limit: 2 };
          expect(await list({ ...page, after: first }), asked).to.deep.equal(others.slice(0, 2));
          expect(await list({ ...page, skip: 1 }), asked).to.deep.equal(others.slice(0, 2));
        }
      }
    });

    it("narrows to a run, what is being sent in it included, and to a reference", async () => {
      const made = await stage.store({}, { card: "card-1" }, { card: "card-2" }, {});
      const [a, b, c] = made.map((request) => request.number);
      const heads = await stage.claimHeads();
      const [first, second] = heads;
      if (!first || !second) throw new Error("two heads are missing");
      await stage.apply(
        completed(first, { referenceNumber: "CA-7" }),
        completed(second, { processId: undefined }),
      );
      expect(await list({ filter: { processId: RUN.id } })).to.deep.equal([a, c]);
      expect(await list({ filter: { referenceNumber: "CA-7" } })).to.deep.equal([a]);
      expect(await list({ filter: { referenceNumber: "CA-7", processId: RUN.id } })).to.deep.equal([
        a,
      ]);
      expect(await list({ filter: { referenceNumber: `R-${b}` } })).to.deep.equal([b]);
      expect(await list({ filter: { processId: "run-9" } })).to.deep.equal([]);
    });

    it("shows wire text in the full view only", async () => {
      await stage.store({});
      await stage.apply(completed(await stage.claimOne()));
      const texts = async (full: boolean) => {
        const [request] = await stage.requests.list({ ...PAGE, full });
        return [request?.request, request?.response];
      };
      expect(await texts(false)).to.deep.equal([undefined, undefined]);
      expect(await texts(true)).to.deep.equal(["sent", "answered"]);
    });

    it("shows each request as a single read does", async () => {
      await stage.store({}, {}, { card: "card-1", scheduledDate: START + 1000 });
      await stage.apply(deferred(await stage.claimOne(), 1000));
      for (const request of await stage.requests.list({ ...PAGE, full: true })) {
        expect(request).to.deep.equal(await stage.get(request.number));
      }
    });
  });
}
