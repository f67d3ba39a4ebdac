import fc from "fast-check";
import type { InstalledItem } from "../../src/inventory/installed-item.js";
import type { SubscriptionUpsert } from "../../src/inventory/subscription.js";

/** So few values that they are in use all the time. */
const name = fc.constantFrom("1", "2", "3", "4");

const item: fc.Arbitrary<InstalledItem> = fc.record({
  id: name,
  type: fc.constantFrom("SMARTCARD", "SET_TOP_BOX"),
  serialNumber: name,
  alternativeCode: fc.option(name, { nil: undefined }),
  ca: fc.option(fc.record({ provider: fc.constantFrom("p", "q"), caId: name }), {
    nil: undefined,
  }),
});

/** Items of one subscription, as the check of drafts lets them through: no value given twice. */
const items = fc.uniqueArray(item, {
  maxLength: 3,
  comparator: (a, b) =>
    a.id === b.id ||
    a.serialNumber === b.serialNumber ||
    (a.alternativeCode !== undefined && a.alternativeCode === b.alternativeCode) ||
    (a.ca !== undefined &&
      a.type === b.type &&
      a.ca.caId === b.ca?.caId &&
      a.ca.provider === b.ca.provider),
});

/** A history of sound upserts that keep getting in each other's way. */
export const anyUpserts: fc.Arbitrary<SubscriptionUpsert[]> = fc.array(
  fc.record({ id: name, number: name, items }),
  { minLength: 1, maxLength: 10 },
);
