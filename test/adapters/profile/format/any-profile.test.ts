import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { loadProfile } from "../../../../src/adapters/profile/load-profile.js";
import { SHIPPED_NAMES, shippedFile } from "../../../../src/adapters/profile/shipped-profiles.js";
import { counterDeskText } from "../http/counter-desk.js";
import { profileText } from "../made-up/compiled.js";

const PROFILES = {
  ...Object.fromEntries(
    SHIPPED_NAMES.map((name) => [name, readFileSync(shippedFile(name), "utf8")]),
  ),
  semaphore: profileText("semaphore"),
  ledger: profileText("ledger"),
  "counter-desk": counterDeskText(),
};

/** The paths of everything in a value. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const inner = Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]));
  return path.length === 0 ? inner : [[...path], ...inner];
}

type Change =
  | { readonly kind: "remove" }
  | { readonly kind: "put"; readonly value: unknown }
  | { readonly kind: "copy"; readonly from: number };

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constant({ kind: "remove" } as const),
  fc.record({ kind: fc.constant("put" as const), value: fc.constantFrom(70_000, 2 ** 40) }),
  fc.record({
    kind: fc.constant("put" as const),
    value: fc.oneof(
      fc.constantFrom<unknown>(
        ...[
          0,
          1,
          -1,
          255,
          256,
          65_536,
          70_000,
          2 ** 40,
          "",
          "x",
          "{",
          "{pin}",
          "{ca_id}",
          "{correlation}",
        ],
        ...[
          "{now}",
          "u8",
          "u64",
          "text",
          "bcd",
          "length",
          "type",
          null,
          true,
          [],
          {},
          ["x"],
          "1..2",
        ],
      ),
      fc.jsonValue({ maxDepth: 2 }),
    ),
  }),
  fc.record({ kind: fc.constant("copy" as const), from: fc.nat() }),
);

function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], root);
}

/** The profile with something in it removed, replaced, or made a copy of something else in it. */
function changed(text: string, where: number, change: Change): string {
  const root: unknown = parse(text);
  const paths = pathsOf(root);
  const path = paths[where % paths.length] ?? [];
  const holder = at(root, path.slice(0, -1)) as Record<string, unknown>;
  const key = path.at(-1) ?? "";
  if (change.kind === "remove") delete holder[key];
  else if (change.kind === "put") holder[key] = change.value;
  else holder[key] = structuredClone(at(root, paths[change.from % paths.length] ?? []));
  return stringify(root);
}

describe("profile format: any profile", () => {
  for (const [name, text] of Object.entries(PROFILES)) {
    it(`is taken or has faults, and nothing else: ${name} changed`, () => {
      fc.assert(
        fc.property(fc.nat(), changes, (where, change) => {
          const { value, faults } = loadProfile("p.yaml", changed(text, where, change));
          expect(value === undefined).to.equal(faults !== undefined);
          for (const fault of faults ?? []) {
            expect(fault.where).to.match(/^p\.yaml:\d+$/);
            expect(fault.description).not.to.equal("");
          }
        }),
        { numRuns: 100 },
      );
    });
  }
});
