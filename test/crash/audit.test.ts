import { expect } from "chai";
import { CommandType } from "../../src/gen/provisioning/v1/command.js";
import {
  ProvisioningRequest,
  ProvisioningRequest_LifeCycleState as State,
} from "../../src/gen/provisioning/v1/provisioning_request.js";
import type { JournalEvent, JournalListener } from "../../src/simulator/journal.js";
import { createSimulator } from "../../src/simulator/simulator.js";
import { type AuditOptions, faultsOf } from "../support/crash/audit.js";
import type { Order } from "../support/crash/load.js";
import { reauthoriseItem } from "../support/provisioning-calls.js";
import { CaJournal } from "../support/world/ca-journal.js";

type Event = readonly [ev: JournalEvent, txn: number, card?: string];

const CARD = "c-1";

/** Of one card, one acknowledged before the next is submitted; transactions are their numbers. */
const order = (number: number): Order => ({
  item: reauthoriseItem(1),
  caId: CARD,
  number: BigInt(number),
  submitted: 2 * number,
  acknowledged: 2 * number + 1,
  submittedAt: number,
  dueAt: number,
});

const request = (
  number: number,
  fields: Partial<ProvisioningRequest> = {},
): ProvisioningRequest => ({
  ...ProvisioningRequest.fromPartial({
    number: BigInt(number),
    transactionNumber: BigInt(number),
    smartcard: { caId: CARD },
    lifeCycleState: State.LIFE_CYCLE_STATE_COMPLETED,
  }),
  ...fields,
});

const SENT_IN_ORDER: readonly Event[] = [
  ["arrival", 1],
  ["arrival", 1],
  ["effect", 1],
  ["arrival", 2],
  ["effect", 2],
];

function journalOf(events: readonly Event[]): CaJournal {
  let tell: JournalListener = () => undefined;
  const journal = new CaJournal({
    ...createSimulator(),
    onJournal: (listener) => {
      tell = listener;
      return () => undefined;
    },
  });
  for (const [ev, txn, card = CARD] of events) tell({ t: 0, ev, txn, card });
  return journal;
}

const audit = (
  events: readonly Event[],
  requests = [request(1), request(2)],
  options: AuditOptions = {},
) => faultsOf([order(1), order(2)], requests, journalOf(events), options);

describe("the audit of a crash test", () => {
  it("finds nothing when all is well, sent again before the next included", () => {
    expect(audit(SENT_IN_ORDER)).to.deep.equal([]);
  });

  it("finds what was sent after a later one of its card, before any memory", () => {
    expect(audit([...SENT_IN_ORDER, ["arrival", 1]])).to.deep.equal([
      "request 1 was sent after 2 of its card",
    ]);
  });

  it("finds what is lost, and what has not ended", () => {
    const pending = request(1, { lifeCycleState: State.LIFE_CYCLE_STATE_PENDING });
    expect(audit(SENT_IN_ORDER, [pending])).to.include.members([
      "request 1 is LIFE_CYCLE_STATE_PENDING",
      "request 2 is nowhere",
    ]);
  });

  it("finds a second effect, but not where the CA system forgets", () => {
    const twice: Event[] = [["effect", 1], ...SENT_IN_ORDER];
    expect(audit(twice)).to.deep.equal(["request 1 had 2 effects, on card c-1,c-1"]);
    expect(audit(twice, undefined, { forgetful: true })).to.deep.equal([]);
  });

  describe("of messages", () => {
    const message = (number: number, errorCode = "") =>
      request(number, {
        type: CommandType.COMMAND_TYPE_SEND_ON_SCREEN_MESSAGE,
        errorCode,
        lifeCycleState:
          errorCode === "" ? State.LIFE_CYCLE_STATE_COMPLETED : State.LIFE_CYCLE_STATE_REJECTED,
      });
    const rest: Event[] = [
      ["arrival", 2],
      ["effect", 2],
    ];
    const faults = (first: ProvisioningRequest, ...events: Event[]) =>
      audit([...events, ...rest], [first, request(2)]);

    it("lets one end without an effect that is known, sent again after BUSY only", () => {
      const arrived: Event = ["arrival", 1];
      expect(faults(message(1), arrived, ["busy", 1], arrived, ["effect", 1])).to.deep.equal([]);
      expect(faults(message(1, "OUTCOME_UNKNOWN"), arrived)).to.deep.equal([]);
      expect(faults(message(1, "OUTCOME_UNKNOWN"), arrived, ["effect", 1])).to.deep.equal([]);
      expect(faults(message(1, "ATTEMPTS_EXHAUSTED"), arrived)).to.deep.equal([]);
    });

    it("finds one that was sent twice, had two effects, or one that it denies", () => {
      const once: Event[] = [
        ["arrival", 1],
        ["effect", 1],
      ];
      expect(faults(message(1), ["arrival", 1], ...once)).to.deep.equal([
        "request 1 was sent again: arrival arrival",
      ]);
      expect(faults(message(1, "OUTCOME_UNKNOWN"), ...once, ["effect", 1])).to.have.length(1);
      expect(faults(message(1, "ATTEMPTS_EXHAUSTED"), ...once)).to.have.length(1);
      expect(faults(message(1), ["arrival", 1])).to.have.length(1);
      expect(faults(message(1, "EXPIRED"), ["arrival", 1])).to.include(
        "request 1 is LIFE_CYCLE_STATE_REJECTED EXPIRED",
      );
    });
  });

  it("finds an effect that is missing, on another card, or of a number that no request has", () => {
    for (const options of [{}, { forgetful: true }]) {
      expect(audit(SENT_IN_ORDER.slice(0, 4), undefined, options)).to.have.length(1);
      const astray: Event[] = [...SENT_IN_ORDER.slice(0, 4), ["effect", 2, "c-2"]];
      expect(audit(astray, undefined, options)).to.have.length(1);
      expect(audit([...SENT_IN_ORDER, ["effect", 3]], undefined, options)).to.have.length(1);
    }
  });

  it("finds a request that nobody was told of, and a number given twice", () => {
    expect(audit(SENT_IN_ORDER, [request(1), request(2), request(3)])).to.include(
      "request 3 was never acknowledged",
    );
    expect(audit(SENT_IN_ORDER, [request(1), request(2, { transactionNumber: 1n })])).to.include(
      "two requests share a transaction",
    );
  });
});
