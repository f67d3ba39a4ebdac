import fc from "fast-check";

/** One thing that happens to the store; `pick` chooses among what there is at the time. */
export type Step =
  | {
      readonly kind: "accept";
      readonly creates: readonly {
        readonly card: number;
        readonly dueInMs: number | undefined;
        readonly expiresInMs: number | undefined;
        readonly urgency: "REGULAR" | "EXPRESS" | "IMMEDIATE";
      }[];
      readonly places: number;
    }
  | { readonly kind: "claim"; readonly limit: number }
  | {
      readonly kind: "apply";
      readonly pick: number;
      readonly result: "complete" | "reject" | "defer" | "release" | "stale";
      /** Finishes the way that is for the last of lanes, where it can. */
      readonly last: boolean;
      /** Lets the lane go on, where it can. */
      readonly goesOn: boolean;
      readonly delayMs: number;
    }
  | { readonly kind: "renumber"; readonly pick: number }
  | { readonly kind: "cancel"; readonly pick: number }
  | { readonly kind: "expire" }
  | { readonly kind: "clock"; readonly byMs: number };

export const CARDS = 3;

const ms = fc.integer({ min: 0, max: 300 });
const pick = fc.nat(50);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("accept" as const),
      creates: fc.array(
        fc.record({
          card: fc.nat(CARDS - 1),
          dueInMs: fc.option(fc.integer({ min: -100, max: 300 }), { nil: undefined, freq: 2 }),
          expiresInMs: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined, freq: 5 }),
          urgency: fc.constantFrom("REGULAR", "EXPRESS", "IMMEDIATE" as const),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      places: fc.nat(2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("claim" as const),
      limit: fc.constantFrom(1, 100, 100),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("apply" as const),
      pick,
      last: fc.boolean(),
      goesOn: fc.boolean(),
      result: fc.constantFrom(
        "complete",
        "complete",
        "reject",
        "defer",
        "release",
        "stale" as const,
      ),
      delayMs: ms,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("renumber" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("expire" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("clock" as const),
      byMs: fc.oneof(ms, ms, fc.integer({ min: -300, max: 0 })),
    }),
  },
);

export const anyWork: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 10, maxLength: 45 });
