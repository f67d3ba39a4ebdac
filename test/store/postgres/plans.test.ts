import { expect } from "chai";
import pg from "pg";
import type { Database } from "../../../src/store/knex/database.js";
import { knexDispatchStore } from "../../../src/store/knex/knex-dispatch-store.js";
import { knexPullStore } from "../../../src/store/knex/knex-pull-store.js";
import { knexRequestStore } from "../../../src/store/knex/knex-request-store.js";
import { knexRunStore } from "../../../src/store/knex/knex-run-store.js";
import { NamedStatements } from "../../../src/store/postgres/named-statements.js";
import { BY_KEY } from "../../../src/store/postgres/postgres-database.js";
import { acceptance, onCards } from "../../conformance/store/creates.js";
import { POSTGRES } from "../../conformance/store/instances.js";
import {
  accepted,
  FINISH_OF,
  leased,
  PullStage,
  refused,
  resetPulled,
  wordOf,
} from "../../conformance/store/pull-stage.js";
import { completed, deferred, rejected, released } from "../../conformance/store/results.js";
import { emptyTables } from "../../conformance/store/seed.js";
import { INSTANCE, MANY, present, RUN, StoreStage, stored } from "../../conformance/store/stage.js";
import { takes } from "../../support/provider-rules.js";

/** Tables that grow, and what an index scan of them must begin with to be one by key. */
const KEYS: Readonly<Record<string, RegExp>> = {
  requests: /\b(number|id|request_id) =/,
  outcomes: /\bnumber =/,
  waiting: /\b(number|ca_id) =|_date/,
  lanes: /\b(ca_id|given_up|held_by) =|wake_date|lane_rank/,
  subscriptions: /\b(id|number) =/,
  pull_leases: /\b(id|provider) =|expire_date/,
  installed_items: /\b(id|serial_number|alternative_code) =/,
};

/** Small indexes of what sleeps, of which the first entry is taken. */
const SLEEPERS = ["lanes_asleep", "waiting_ranked_due"];

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly PlanNode[];
}

function nodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodes)];
}

/** What a plan reads from end to end, of the tables that grow. */
function readsAll(plan: PlanNode): string[] {
  return nodes(plan).flatMap((node) => {
    const table = node["Relation Name"];
    const key = table === undefined ? undefined : KEYS[table];
    if (key === undefined || !node["Node Type"].endsWith("Scan")) return [];
    const index = node["Index Name"] ?? "";
    if (SLEEPERS.includes(index)) return [];
    const condition = node["Index Cond"] ?? "";
    // Found by its last column alone, an index is gone through from end to end.
    if (/^\(number = [^)]*\)*$/.test(condition) && !/_(pkey|number_key)$/.test(index)) {
      return [`${table} by its number in ${index}`];
    }
    if (key.test(condition)) return [];
    return [`${node["Node Type"]} of ${table} by ${node["Index Cond"] ?? "nothing"}`];
  });
}

/** Everything that short transactions do, once: creates, claims, all results, ends, take-overs. */
async function doEverything(stage: StoreStage, database: Database): Promise<void> {
  const requests = knexRequestStore(database);
  const dispatch = knexDispatchStore(database, undefined, MANY);
  const rules = takes(["REAUTHORISE_ALL_SERVICES"]);
  const places = new Map([
    ["alpha", { count: 5, maxInFlight: 1000, inHand: 0, pace: undefined, providerVersion: 1 }],
  ]);
  const context = { rules, claim: { incarnation: INSTANCE, places } };
  const accept = async (creates: Parameters<typeof acceptance>[0][]) =>
    (await requests.accept(creates.map(acceptance), context)).map(stored);
  const claim = async (limit = 100) =>
    (
      await dispatch.claim({
        provider: "alpha",
        providerVersion: 1,
        incarnation: INSTANCE,
        limit,
        maxInFlight: 1000,
        inHand: 0,
        ended: [],
        pace: undefined,
        run: RUN,
      })
    ).heads;
  await knexRunStore(database).startForOthers(RUN, INSTANCE);
  const now = stage.now;
  await accept([{ requestId: "a", bodyHash: "h" }, {}, { card: "card-1" }]);
  await requests.accept([acceptance({ requestId: "a", bodyHash: "h" })], context);
  await accept([{ card: "card-2", processImmediately: true }]);
  await accept([
    { card: "card-3", scheduledDate: now + 100, priority: "EXPRESS", expireDate: now + 900 },
    { card: "card-3", expireDate: now + 900 },
  ]);
  for (const head of await claim()) {
    await dispatch.markSending(INSTANCE, [head]);
    const renumbered = present(await dispatch.renumber(INSTANCE, head));
    await dispatch.apply(INSTANCE, [deferred(renumbered, 50)]);
    await stage.pass(-10);
    expect((await dispatch.recallSleepers(undefined)).recalled).to.be.above(0);
    await dispatch.reclaim(INSTANCE, "alpha", renumbered.transactionNumber);
  }
  await dispatch.releaseStrays(INSTANCE, "alpha", []);
  await stage.pass(200);
  const heads = await claim();
  expect(heads.length).to.be.above(2);
  await dispatch.finishLast(
    INSTANCE,
    heads.map((head) => completed(head)),
  );
  await dispatch.apply(
    INSTANCE,
    heads.map((head) => rejected(head)),
  );
  for (const head of await claim(1)) await dispatch.apply(INSTANCE, [released(head)]);
  const [open, next] = await accept([{}, {}]);
  for (const one of [next, open]) {
    await requests.cancel({ by: "id", value: present(one).request.id }, "desk", undefined);
  }
  await accept(onCards(2, { expireDate: now + 900 }));
  await stage.pass(1000);
  await dispatch.expire(100);
  await accept(onCards(2));
  await claim();
  await dispatch.pause("alpha", 50);
  await claim();
  await stage.pass(100);
  await accept(onCards(2 * MANY));
  await dispatch.releaseStrays(INSTANCE, "alpha", [present((await claim())[0]).caId]);
  expect(await claim()).to.have.lengthOf(2 * MANY - 1);
  await stage.pass(100_000);
  await dispatch.register("instance-2", "another", 1000);
  await dispatch.takeOver("instance-2");
}

/** Everything that loops do with requests of a pulled provider, once. */
async function pullEverything(stage: StoreStage, database: Database): Promise<void> {
  const store = knexPullStore(database);
  const pull = new PullStage(stage);
  await pull.create(0, 1, 2, 0);
  const [mail, ...others] = await pull.create(3, 4, 5);
  await pull.makeMails(present(mail));
  const { handedOut } = leased(await pull.claim({ limit: 5 }, store));
  const [first, second] = handedOut.map(({ request }) => request);
  const byId = {
    ...accepted(present(second).number),
    identifier: { by: "id" as const, value: present(second).id },
  };
  const answers = [accepted(present(first).number), byId, refused(present(others.at(-1)).number)];
  expect((await store.answer(answers, FINISH_OF)).map(wordOf)).to.deep.equal([
    "applied",
    "applied",
    "STATE_NOT_ALLOWED",
  ]);
  await stage.pass(100_000);
  expect(await store.endLeases()).to.deep.include({ leases: 1, unknown: [mail?.number] });
  await pull.claim({ pace: { ratePerSecond: 1000, burst: 10 } }, store);
}

describe("plans on PostgreSQL", () => {
  const stage = new StoreStage(POSTGRES);
  before(() => stage.open());
  after(() => stage.close());

  it("find rows by their keys, though they were made when all tables were empty", async () => {
    await stage.reset();
    await resetPulled(stage.database);
    const texts = new Set<string>();
    const watched: Database = {
      ...stage.database,
      write: (writeClass, work) =>
        stage.database.write(writeClass, (tx) =>
          work({
            dialect: tx.dialect,
            requestIds: tx.requestIds,
            all(sql, bindings) {
              texts.add(sql);
              return tx.all(sql, bindings);
            },
            run(sql, bindings) {
              texts.add(sql);
              tx.run(sql, bindings);
            },
            insert: (table, columns, rows) => tx.insert(table, columns, rows),
          }),
        ),
    };
    await doEverything(stage, watched);
    await pullEverything(stage, watched);
    expect(texts.size).to.be.above(40);
    await stage.database.write("import", emptyTables);
    const statements = new NamedStatements();
    const client = new pg.Client({
      connectionString: stage.url,
      options: BY_KEY.map((setting) => `-c ${setting}`).join(" "),
    });
    await client.connect();
    try {
      await client.query("VACUUM ANALYZE");
      const faults: string[] = [];
      for (const sql of texts) {
        const { text } = statements.unnamed(sql);
        const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`);
        const [{ Plan: plan }] = rows[0]["QUERY PLAN"];
        for (const fault of readsAll(plan)) faults.push(`${fault}: ${text}`);
      }
      expect(faults).to.deep.equal([]);
    } finally {
      await client.end();
    }
  });
});
