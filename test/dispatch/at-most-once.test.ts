import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "chai";
import { seededRandom } from "../../src/simulator/random.js";
import type { Database } from "../../src/store/knex/database.js";
import { knexRequestStore } from "../../src/store/knex/knex-request-store.js";
import { acceptance } from "../conformance/store/creates.js";
import { insertInventory, insertProviders } from "../conformance/store/seed.js";
import { takes } from "../support/provider-rules.js";
import { openTestDatabase, type TestDatabase } from "../support/stores.js";
import { ONE_OF_EACH, sqliteFile } from "../support/world/stocked-database.js";
import { type Arrival, ForgetfulCa } from "./forgetful-ca.js";
import { liveAndDie } from "./mortal-process.js";

const CARDS = 6;
const REQUESTS = 60;
/** Every third may be sent again; the others are mails. */
const isMail = (number: number) => number % 3 !== 0;

interface Ended {
  readonly number: number;
  readonly life_cycle_state: string;
  readonly error_code: string | null;
  readonly transaction_number: number | null;
}

for (const database of ONE_OF_EACH) {
  describe(`commands that must not be repeated, on ${database.title}`, function () {
    this.timeout(120_000);

    for (const seed of [1, 2, 3]) {
      it(`have one effect at most while processes die and the CA system forgets (${seed})`, async () => {
        const { arrivals, ended, deaths } = await play(database, seed);
        expect(faultsOf(arrivals, ended)).to.deep.equal([]);
        // What was tried was tried: processes died, answers were lost, commands came again.
        expect(deaths).to.be.above(2);
        expect(ended.map(({ error_code }) => error_code)).to.include("OUTCOME_UNKNOWN");
        expect(arrivals.length).to.be.above(REQUESTS);
      });
    }
  });
}

/** What was broken of: one effect at most, again only after BUSY or code 5, order in a lane. */
function faultsOf(arrivals: readonly Arrival[], ended: readonly Ended[]): string[] {
  const faults: string[] = [];
  for (const { number, life_cycle_state: state, error_code: code } of ended) {
    const own = arrivals.filter(({ request }) => request === number);
    const effects = own.filter(({ effect }) => effect).length;
    const told = `request ${number}: ${own.map(({ answer }) => answer)}, ${effects} effects, ${state} ${code}`;
    if (state === "COMPLETED" && effects === 0) faults.push(`without effect: ${told}`);
    if (!isMail(number)) continue;
    if (effects > 1) faults.push(`more than one effect: ${told}`);
    const repeated = own.slice(0, -1).filter(({ answer }) => !["busy", "used"].includes(answer));
    if (repeated.length > 0) faults.push(`sent again: ${told}`);
  }
  const transactions = ended.flatMap(({ transaction_number: number }) => number ?? []);
  if (new Set(transactions).size < transactions.length) faults.push("a transaction is shared");
  for (const caId of new Set(arrivals.map((arrival) => arrival.caId))) {
    const lane = arrivals.filter((arrival) => arrival.caId === caId).map(({ request }) => request);
    if (lane.some((number, i) => number < (lane[i - 1] ?? 0))) faults.push(`order: ${lane}`);
  }
  return faults;
}

/** Lets one process after the other work until each request has ended. */
async function play(source: TestDatabase, seed: number) {
  const target = await source.create();
  const database = await openTestDatabase(target);
  const random = seededRandom(seed);
  const ca = new ForgetfulCa(random);
  let deaths = 0;
  try {
    await storeMails(database);
    while (!(await liveAndDie(database, ca, random))) deaths += 1;
    const ended = await database.reader.all<Ended>(
      "SELECT number, life_cycle_state, error_code, transaction_number FROM outcomes",
    );
    expect(ended).to.have.length(REQUESTS);
    return { arrivals: ca.arrivals, ended, deaths };
  } finally {
    await database.close();
    if (target.url.startsWith("sqlite:")) {
      await rm(dirname(sqliteFile(target.url)), { recursive: true, force: true });
    }
  }
}

/** Changed once they are stored: each command is to tell the CA system its request's number. */
async function storeMails(database: Database): Promise<void> {
  await database.write("import", async (tx) => {
    await insertProviders(tx);
    await insertInventory(tx);
  });
  await knexRequestStore(database).accept(
    Array.from({ length: REQUESTS }, (_, i) => acceptance({ card: `card-${i % CARDS}` })),
    {
      rules: takes(["REAUTHORISE_ALL_SERVICES"]),
      claim: { incarnation: "", places: new Map() },
    },
  );
  await database.write("import", (tx) =>
    tx.all(`UPDATE requests SET parameters = '{"request":' || number || '}',
      type = CASE WHEN number % 3 = 0 THEN type ELSE 'SEND_MAIL' END`),
  );
}
