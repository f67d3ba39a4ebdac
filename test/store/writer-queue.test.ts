import { expect } from "chai";
import { WRITE_CLASSES, type WriteClass } from "../../src/store/knex/database.js";
import { WriterQueue } from "../../src/store/sqlite/writer-queue.js";
import { rejection } from "../secrets/rejection.js";

describe("the queue of the one writer", () => {
  /** Puts jobs in behind one under way, lets all of them run, and tells their turns. */
  async function turns(...waiting: WriteClass[]): Promise<string[]> {
    const queue = new WriterQueue();
    const order: string[] = [];
    let letGo = () => {};
    const first = queue.run("immediate", () => new Promise<void>((resolve) => (letGo = resolve)));
    const jobs = waiting.map((name) => queue.run(name, async () => void order.push(name)));
    letGo();
    await Promise.all([first, ...jobs]);
    return order;
  }

  it("hands on what the work returns", async () => {
    expect(await new WriterQueue().run("create", async () => 7)).to.equal(7);
  });

  it("runs one at a time", async () => {
    const queue = new WriterQueue();
    let running = 0;
    const work = async () => {
      running += 1;
      expect(running).to.equal(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all([1, 2, 3, 4].map(() => queue.run("create", work)));
  });

  it("goes by class, and within one by who came first", async () => {
    expect(await turns("import", "bulk", "create", "dispatch", "immediate")).to.deep.equal([
      "immediate",
      "dispatch",
      "create",
      "bulk",
      "import",
    ]);
    const queue = new WriterQueue();
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((i) => queue.run("create", async () => void order.push(i))));
    expect(order).to.deep.equal([1, 2, 3]);
  });

  it("goes on after work that failed, which fails for its caller only", async () => {
    const queue = new WriterQueue();
    const failing = queue.run("create", async () => {
      throw new Error("disk full");
    });
    const next = queue.run("create", async () => "done");
    const [first, second] = await Promise.allSettled([failing, next]);
    expect(first).to.deep.include({ status: "rejected" });
    expect(second).to.deep.equal({ status: "fulfilled", value: "done" });
    expect(await queue.run("import", async () => "again")).to.equal("again");
  });

  it("begins the next before it tells the caller of the last", async () => {
    const queue = new WriterQueue();
    const order: string[] = [];
    const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
    const first = queue.run("create", async () => "stored");
    const second = queue.run("create", async (begun) => {
      await nextTurn();
      order.push("begun");
      begun();
      await nextTurn();
      order.push("ended");
    });
    await Promise.all([
      first.then((result) => order.push(result)),
      second.then(() => order.push("told")),
    ]);
    expect(order).to.deep.equal(["begun", "stored", "ended", "told"]);
  });

  it("does not leave the caller of the last untold while the next waits for the file", async () => {
    const queue = new WriterQueue();
    const first = queue.run("create", async () => "stored");
    const second = queue.run("create", async (begun) => {
      await first;
      begun();
      return "stored too";
    });
    expect(await second).to.equal("stored too");
  });

  it("tells the caller of the last when the next fails to begin", async () => {
    const queue = new WriterQueue();
    const first = queue.run("create", async () => "stored");
    const second = queue.run("create", async () => {
      throw new Error("locked");
    });
    expect(await first).to.equal("stored");
    expect((await rejection(second)).message).to.equal("locked");
  });

  it("takes work that the work under way asks for", async () => {
    const queue = new WriterQueue();
    let inner: Promise<string> | undefined;
    await queue.run("create", async () => {
      inner = queue.run("immediate", async () => "inner");
    });
    expect(await inner).to.equal("inner");
  });

  it("gives every class its share when all are busy", async () => {
    const classes = [...WRITE_CLASSES];
    const order = await turns(...classes.flatMap((name) => Array<WriteClass>(200).fill(name)));
    const busy = order.slice(0, 320);
    const count = (name: WriteClass) => busy.filter((turn) => turn === name).length;
    expect(count("import")).to.be.within(18, 22);
    expect(count("bulk")).to.be.within(48, 58);
    expect(count("create")).to.be.within(48, 58);
    expect(count("dispatch")).to.be.within(70, 120);
    expect(count("immediate")).to.be.at.least(90);
  });

  it("lets no class wait for more turns than its patience and those of the others", async () => {
    const order = await turns(...Array<WriteClass>(100).fill("immediate"), "import");
    expect(order.indexOf("import")).to.equal(15);
  });
});
