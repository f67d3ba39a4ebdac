import type { InstalledItem } from "../../../src/inventory/installed-item.js";
import { systemClock } from "../../../src/requests/clock.js";
import type { Database } from "../../../src/store/knex/database.js";
import { knexInventoryStore } from "../../../src/store/knex/knex-inventory-store.js";

/** The provider of every card, unless a test has others. */
export const PROVIDER = "nds-main";
/** A second provider, for tests of what is each one's own. */
export const OTHER_PROVIDER = "nds-other";

/** The services that every provider knows by code, unless a test has others. */
export const SERVICES = { SPORT: "0012", MOVIES: "0013", NEWS: "0014" };

export const CARDS = 24;
export const OTHER_CARDS = 4;

/** The number by which the CA system knows card `i`. */
export const caIdOf = (i: number): string => String(100_000_000_000 + i);

/**
 * Puts the inventory of all tests into a database: the place to change when inventory comes from
 * elsewhere. Subscription `sub-1` (number S-1) has `card-0`..., `other-0`... at the other provider,
 * a `box`, an `other-box` at the other provider, a `bare-box` and a card that is `bare` of a
 * provider; `sub-2` has the card `foreign` and the `foreign-box`; `sub-3` has nothing.
 */
export async function stockInventory(database: Database): Promise<void> {
  const inventory = knexInventoryStore(database, systemClock);
  const cards = Array.from({ length: CARDS }, (_, i) => card(`card-${i}`, PROVIDER, caIdOf(i)));
  const others = Array.from({ length: OTHER_CARDS }, (_, i) =>
    card(`other-${i}`, OTHER_PROVIDER, caIdOf(i)),
  );
  const box = { ...card("box", PROVIDER, caIdOf(0)), type: "SET_TOP_BOX" as const };
  const otherBox = { ...card("other-box", OTHER_PROVIDER, caIdOf(0)), type: box.type };
  const bareBox = { ...card("bare-box", PROVIDER, ""), type: box.type, ca: undefined };
  const bare = { ...card("bare", PROVIDER, ""), ca: undefined };
  const foreign = card("foreign", PROVIDER, caIdOf(CARDS));
  const foreignBox = { ...card("foreign-box", PROVIDER, caIdOf(1)), type: box.type };
  const outcomes = await inventory.upsert(
    [
      { id: "sub-1", number: "S-1", items: [...cards, ...others, box, otherBox, bareBox, bare] },
      { id: "sub-2", number: "S-2", items: [foreign, foreignBox] },
      { id: "sub-3", number: "S-3", items: [] },
    ],
    { detachUnlistedItems: false },
  );
  const refused = outcomes.filter((outcome) => outcome.kind === "refused");
  if (refused.length > 0) throw new Error(`inventory refused: ${JSON.stringify(refused)}`);
}

function card(id: string, provider: string, caId: string): InstalledItem {
  return {
    id,
    type: "SMARTCARD",
    serialNumber: `serial-${id}`,
    alternativeCode: `code-${id}`,
    ca: { provider, caId },
  };
}
