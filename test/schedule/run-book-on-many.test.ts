import { expect } from "chai";
import pino from "pino";
import { newId } from "../../src/accept/new-id.js";
import { systemClock } from "../../src/requests/clock.js";
import { RunBook } from "../../src/schedule/run-book.js";
import { knexRunStore } from "../../src/store/knex/knex-run-store.js";
import { POSTGRES } from "../conformance/store/instances.js";
import { completed } from "../conformance/store/results.js";
import { INSTANCE, present, setStage } from "../conformance/store/stage.js";
import { QUIET } from "./quiet-definition.js";

const NAME = QUIET.name;

describe("the run books of two instances whose notices are lost", () => {
  const stage = setStage(POSTGRES);

  /** The book of an instance that is connected to these providers. */
  function book(incarnation: string, ...connected: readonly string[]): RunBook {
    const made = new RunBook({
      store: knexRunStore(stage.database),
      incarnation: () => incarnation,
      wakeProviders: () => connected,
      announce: () => undefined,
      newId,
      clock: systemClock,
      log: pino({ level: "silent" }),
    });
    made.define([QUIET]);
    return made;
  }

  const states = () => stage.execute("SELECT state, selected, completed FROM runs");

  /** Both books, and what the sending one claims and finishes in its run for the provider. */
  function two() {
    const idle = book("instance-2");
    const sending = book(INSTANCE, "alpha");
    const send = async () => {
      const run = present(sending.runFor("alpha"));
      const [head] = await stage.claimHeads({ run });
      sending.claimed(run, "alpha", 1, true);
      await stage.apply(completed(present(head), { processId: run.id }));
      sending.settled(run.id, "alpha", false);
      await sending.stop();
    };
    return { idle, sending, send };
  }

  beforeEach(() =>
    stage.execute("UPDATE session_slots SET state = 'OPEN' WHERE owner IS NOT NULL"),
  );

  it("take part in the run of a tick that an instance without a session took", async () => {
    const { idle, sending, send } = two();
    await stage.storeOne({});
    await idle.tick(NAME, stage.now);
    await sending.tick(NAME, stage.now);
    await sending.follow();
    await send();
    expect(await states()).to.deep.equal([{ state: "COMPLETED", selected: 1, completed: 1 }]);
  });

  it("store no run of a tick for which nobody has anything to send", async () => {
    const { idle, sending } = two();
    await stage.storeOne({ scheduledDate: stage.now + 1000 });
    await idle.tick(NAME, stage.now);
    await sending.tick(NAME, stage.now);
    await idle.stop();
    await sending.stop();
    expect(await states()).to.deep.equal([]);
  });

  it("end a run that was started by hand when the one that can send has sent", async () => {
    const { idle, sending, send } = two();
    await stage.storeOne({});
    const started = await idle.start(NAME, QUIET);
    await idle.stop();
    expect(await states()).to.deep.equal([{ state: "ACTIVE", selected: 0, completed: 0 }]);
    await sending.follow();
    expect(sending.runFor("alpha")?.id).to.equal(started.id);
    await send();
    expect(await states()).to.deep.equal([{ state: "COMPLETED", selected: 1, completed: 1 }]);
    await idle.follow();
    await idle.stop();
    expect(idle.runFor("alpha")).to.equal(undefined);
  });

  it("end a run that the one with a session lets go of, its session being gone", async () => {
    const { idle } = two();
    await stage.storeOne({});
    await idle.start(NAME, QUIET);
    await idle.stop();
    await stage.execute("UPDATE session_slots SET state = 'CLOSED'");
    // The first look may have read what was before the end.
    await idle.follow();
    await idle.follow();
    await idle.stop();
    expect(await states()).to.deep.equal([{ state: "COMPLETED", selected: 0, completed: 0 }]);
  });
});
