import { systemClock } from "../../src/requests/clock.js";
import { knexInventoryStore } from "../../src/store/knex/knex-inventory-store.js";
import { inventoryStoreConformance } from "../conformance/inventory-store.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

for (const { title, create } of DATABASES) {
  describe(`inventory store on ${title}`, () => {
    inventoryStoreConformance(async () => {
      const database = await openTestDatabase(await create());
      return {
        store: knexInventoryStore(database, systemClock),
        execute: (sql) => database.write("import", (tx) => tx.all(sql)),
        close: () => database.close(),
      };
    });
  });
}
