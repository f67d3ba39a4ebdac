import { expect } from "chai";
import type { Lane } from "../../src/requests/lane.js";
import { LANE_RANK } from "../../src/requests/priority.js";
import { type Database, json } from "../../src/store/knex/database.js";
import { knexLaneStore } from "../../src/store/knex/knex-lane-store.js";
import type { LanePage } from "../../src/store/lane-store.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

/** More than a search looks at in one statement. */
const LANES = 12_000;
const HOUR_MS = 3_600_000;
const NOW = Date.now();

/** How a lane differs from one whose head is ready. */
interface Shape {
  readonly provider?: string;
  readonly wake_date?: number;
  readonly sequence_number?: number;
  readonly lane_rank?: number;
  readonly due_date?: number;
}

const BACKING_OFF: Shape = { wake_date: NOW + HOUR_MS, sequence_number: 1 };
const SCHEDULED: Shape = { wake_date: NOW + HOUR_MS, due_date: NOW + HOUR_MS };
const IMMEDIATE: Shape = { lane_rank: LANE_RANK.IMMEDIATE };

const caIdOf = (i: number): string => String(100_000 + i);

/** Lanes of one request each: `i` is its number, and tells its CA id. */
async function seed(database: Database, shapeOf: (i: number) => Shape): Promise<void> {
  const { rows } = database.dialect;
  const lanes = Array.from({ length: LANES }, (_, i) => ({
    number: i + 1,
    provider: "sending",
    ca_id: caIdOf(i),
    lane_rank: LANE_RANK.REGULAR,
    due_date: 0,
    ...shapeOf(i),
  }));
  const columns = {
    number: "bigint",
    provider: "text",
    ca_id: "text",
    lane_rank: "integer",
    due_date: "bigint",
    wake_date: "bigint",
    sequence_number: "bigint",
  } as const;
  const from = `FROM ${rows("x", columns)} WHERE true`;
  await database.write("create", async (tx) => {
    const insert = (into: string) => tx.all(`INSERT INTO ${into} ${from}`, [json(columns, lanes)]);
    await insert(`requests (number, id, type, provider, ca_id, subscription_id,
      subscription_number, item_id, serial_number, parameters, scheduled_date,
      process_immediately, priority, created_date, created_by)
      SELECT number, 'id-' || number, 'REAUTHORISE_ALL_SERVICES', provider, ca_id, 's', 's',
      'card-' || ca_id, 'serial', '{}', 0, false, 'REGULAR', 0, 'somebody'`);
    await insert(`waiting (number, provider, ca_id, order_date, due_date, lane_rank)
      SELECT number, provider, ca_id, 0, due_date, lane_rank`);
    await insert(`lanes (provider, ca_id, lane_rank, head, order_date, tail_date, wake_date,
      claim_number, sequence_number, attempts, tries, send_mark, since_date, depth)
      SELECT provider, ca_id, lane_rank, number, 0, 0, wake_date, 0, sequence_number, 0, 7, false,
        0, 1`);
  });
}

/** Providers that send, that are down, and that no run covers. */
async function seedProviders(database: Database): Promise<void> {
  await database.write("create", async (tx) => {
    for (const [name, state] of [
      ["down", "CLOSED"],
      ["sending", "OPEN"],
      ["uncovered", "OPEN"],
    ] as const) {
      await tx.all(
        `INSERT INTO providers (name, protocol, life_cycle_state, connection, limits,
           defined_in_file, version, created_date, updated_date)
         VALUES (?, 'nds', 'EFFECTIVE', '{}', '{}', true, 1, 0, 0)`,
        [name],
      );
      await tx.all(
        `INSERT INTO session_slots (provider, slot, epoch, state, last_error, changed_date)
         VALUES (?, 0, 1, ?, 'no route', 0)`,
        [name, state],
      );
    }
    await tx.all(
      `INSERT INTO run_definitions (name, cron, time_zone, providers, wake, life_cycle_state,
         defined_in_file, version, created_date, updated_date)
       VALUES ('default', '* * * * *', 'UTC', '["sending","down"]', true, 'EFFECTIVE', true, 1, 0, 0)`,
    );
  });
}

for (const source of DATABASES) {
  describe(`LaneStore: ${source.title}`, () => {
    let database: Database;

    beforeEach(async () => {
      database = await openTestDatabase(await source.create());
      await seedProviders(database);
    });

    afterEach(() => database.close());

    async function listAll(page: Partial<LanePage>): Promise<readonly Lane[]> {
      const lanes: Lane[] = [];
      let after: LanePage["after"];
      do {
        const found = await knexLaneStore(database).list({
          provider: undefined,
          blockedOnly: false,
          limit: 1000,
          ...page,
          after,
        });
        lanes.push(...found.lanes);
        after = found.next;
      } while (after !== undefined);
      return lanes;
    }

    const caIds = (lanes: readonly Lane[]) => lanes.map(({ smartcard }) => smartcard.caId);

    it("lists every lane once, in order", async () => {
      await seed(database, () => ({}));
      const all = Array.from({ length: LANES }, (_, i) => caIdOf(i));
      expect(caIds(await listAll({}))).to.deep.equal(all);
      expect(caIds(await listAll({ provider: "sending", limit: 700 }))).to.deep.equal(all);
      expect(await listAll({ blockedOnly: true })).to.deep.equal([]);
    });

    it("finds the few blocked lanes among many that await their turn", async () => {
      const blocked = [3, 4, 5, 4999, 5000, 9_999, LANES - 1];
      await seed(database, (i) => {
        if (blocked.includes(i)) return BACKING_OFF;
        return i % 2 === 0 ? SCHEDULED : {};
      });
      for (const limit of [1, 2, 3, 1000]) {
        const found = await listAll({ blockedOnly: true, limit });
        expect(caIds(found), `pages of ${limit}`).to.deep.equal(blocked.map(caIdOf));
      }
    });

    it("finds all of a provider that sends nothing, but for what is not due", async () => {
      await seed(database, (i) => ({ provider: "down", ...(i % 100 === 0 ? {} : SCHEDULED) }));
      const found = await listAll({ blockedOnly: true, provider: "down", limit: 50 });
      expect(found).to.have.lengthOf(LANES / 100);
      expect(found[0]).to.deep.include({
        waitingFor: "PROVIDER_UNAVAILABLE",
        lastError: "no route",
        depth: 1,
        headId: "id-1",
      });
    });

    it("tells lanes that need a run from those that hold something immediate", async () => {
      await seed(database, (i) => ({ provider: "uncovered", ...(i === 7 ? IMMEDIATE : {}) }));
      const found = await listAll({ blockedOnly: true });
      expect(found).to.have.lengthOf(LANES - 1);
      expect(new Set(found.map(({ waitingFor }) => waitingFor))).to.deep.equal(new Set(["RUN"]));
    });

    it("ends the pause of a head that was tried, and of nothing else", async () => {
      await seed(database, (i) => [BACKING_OFF, SCHEDULED, {}][i] ?? BACKING_OFF);
      const store = knexLaneStore(database);
      const ended = [1, 2, 3, LANES + 1].map((number) => store.endPause(number));
      expect(await Promise.all(ended)).to.deep.equal([true, false, false, false]);
      const lanes = await database.reader.all<{ wake_date: number; tries: number }>(
        "SELECT wake_date, tries FROM lanes WHERE head IN (1, 2, 4) ORDER BY head",
      );
      expect(lanes.map(({ wake_date }) => wake_date > NOW + HOUR_MS / 2)).to.deep.equal([
        false,
        true,
        true,
      ]);
      expect(lanes.map(({ tries }) => tries)).to.deep.equal([0, 7, 7]);
      expect(await store.endPause(1)).to.equal(false);
    });
  });
}
