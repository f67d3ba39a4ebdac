import { expect } from "chai";
import { finishOf } from "../../../src/pull/finish-of.js";
import { answerText } from "../../../src/pull/wire-text.js";
import type { ProvisioningRequest } from "../../../src/requests/provisioning-request.js";
import type { Database } from "../../../src/store/knex/database.js";
import { knexPullStore } from "../../../src/store/knex/knex-pull-store.js";
import type {
  Answered,
  HandedOut,
  Leased,
  LeaseOptions,
  PullAnswer,
  PullStore,
} from "../../../src/store/pull-store.js";
import type { TestDatabase } from "../../support/stores.js";
import type { Create } from "./creates.js";
import { insertPulled } from "./seed.js";
import { type StoreStage, setStage } from "./stage.js";

export const CARDS = 12;
export const LEASE_MS = 60_000;

/** For answers that name no services. */
const NO_CATALOGUE = { get: () => undefined };
export const FINISH_OF = finishOf(NO_CATALOGUE);

/** Calls of a third party's loop, with what a test does not care for filled in. */
export class PullStage {
  readonly stage: StoreStage;
  #leases = 0;

  constructor(stage: StoreStage) {
    this.stage = stage;
  }

  get store(): PullStore {
    return knexPullStore(this.stage.database);
  }

  /** Creates for cards `pulled-0` and on; a card may be named more than once. */
  create(...cards: readonly (number | Create)[]): Promise<ProvisioningRequest[]> {
    return this.stage.store(
      ...cards.map((card) =>
        typeof card === "number" ? { card: `pulled-${card}` } : { card: "pulled-0", ...card },
      ),
    );
  }

  /** Makes at-most-once commands of stored requests. */
  async makeMails(...requests: readonly { readonly number: number }[]): Promise<void> {
    for (const { number } of requests) {
      await this.stage.execute(
        `UPDATE requests SET type = 'SEND_MAIL', parameters = '{"text":"hello"}' WHERE number = ?`,
        [number],
      );
    }
  }

  newLease(): string {
    this.#leases += 1;
    return `pull/loop/${this.#leases}`;
  }

  claim(options: Partial<LeaseOptions> = {}, store = this.store): Promise<Leased> {
    return store.claim({
      provider: "pulled",
      lease: this.newLease(),
      leaseMs: LEASE_MS,
      limit: 50,
      maxInFlight: 1000,
      pace: undefined,
      ...options,
    });
  }

  async handedOut(options: Partial<LeaseOptions> = {}): Promise<readonly HandedOut[]> {
    return leased(await this.claim(options)).handedOut;
  }

  /** Numbers of what is handed out. */
  async numbers(options: Partial<LeaseOptions> = {}): Promise<number[]> {
    return (await this.handedOut(options)).map(({ head }) => head.number);
  }

  answer(...answers: readonly PullAnswer[]): Promise<Answered[]> {
    return this.store.answer(answers, FINISH_OF);
  }

  /** What became of answers, in a word or with the reason of a refusal. */
  async answered(...answers: readonly PullAnswer[]): Promise<string[]> {
    return (await this.answer(...answers)).map(wordOf);
  }

  async expectNoLeases(): Promise<void> {
    expect(await this.stage.execute("SELECT * FROM pull_leases")).to.deep.equal([]);
  }
}

export function wordOf(answered: Answered): string {
  return answered.kind === "refused" ? answered.fault.reason : answered.kind;
}

export function leased(found: Leased): Extract<Leased, { kind: "leased" }> {
  if (found.kind !== "leased") throw new Error(`not leased: ${found.kind}`);
  return found;
}

type Outcome = PullAnswer["outcome"];

function answerWith(outcome: Outcome, number: number, more: Partial<PullAnswer> = {}): PullAnswer {
  const identifier = { by: "number", value: number } as const;
  const answer = { identifier, outcome, services: [], setTopBoxes: [], ...more };
  return { ...answer, text: answerText(answer) };
}

export function accepted(number: number, reference = `R-${number}`): PullAnswer {
  return answerWith({ kind: "accepted", reference }, number);
}

/** An accepted one with lists. */
export function acceptedWith(number: number, more: Partial<PullAnswer>): PullAnswer {
  return answerWith({ kind: "accepted", reference: "" }, number, more);
}

export function refused(number: number, code = "2", text = "no such card"): PullAnswer {
  return answerWith({ kind: "rejected", code, text }, number);
}

/** The stage of stores, with a provider that is pulled. */
export function setPullStage(source: TestDatabase): PullStage {
  const stage = setStage(source);
  const pull = new PullStage(stage);
  beforeEach(() => resetPulled(stage.database));
  return pull;
}

/** Adds what `StoreStage.reset` leaves out. */
export async function resetPulled(database: Database): Promise<void> {
  await database.write("import", (tx) => insertPulled(tx, CARDS));
}
