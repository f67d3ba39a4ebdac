import { expect } from "chai";
import type { OpenedInventory } from "../../src/cli/import-subscriptions.js";
import { draftUpserter } from "../../src/inventory/upsert-drafts.js";
import { NDS_RULES } from "../inventory/ca-id-rules.js";
import { type InventoryService, startInventoryService } from "../inventory/inventory-service.js";
import { TEST_TOKEN } from "../support/rpc-server.js";
import { DATABASES } from "../support/stores.js";
import { type ImportFolder, importFolder } from "./import-command.js";

const HEADER =
  "subscription_id,subscription_number,item_id,item_type,serial_number,alternative_code,ca_id,provider";
const TOKEN = { PROVISIONING_TOKEN: TEST_TOKEN };

/** A line with a card whose values are all made of a number. */
function line(
  subscription: string,
  card: number,
  changes: { provider?: string; ca?: string } = {},
) {
  const { provider = "nds-main", ca = String(10_000_000 + card) } = changes;
  const item = `I-${card},SMARTCARD,SN-${card},,${ca},${provider}`;
  return `S-${subscription},N-${subscription},${item}`;
}

function csv(...lines: string[]): string {
  return [HEADER, ...lines, ""].join("\r\n");
}

/** The last line of what `--json` writes. */
function event(stdout: string): unknown {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

for (const target of DATABASES) {
  describe(`import-subscriptions on ${target.title}`, () => {
    let service: InventoryService;
    let folder: ImportFolder;
    beforeEach(async () => {
      service = await startInventoryService(target);
      folder = importFolder();
    });
    afterEach(async () => {
      folder.remove();
      await service.stop();
    });

    const direct = async (): Promise<OpenedInventory> => ({
      kind: "open",
      upsertDrafts: draftUpserter(service.store, NDS_RULES),
      close: async () => {},
    });
    const served = async (): Promise<OpenedInventory> => ({
      kind: "served",
      address: service.address,
    });
    const stored = async () => {
      const page = await service.store.list({ provider: undefined, after: undefined, limit: 1000 });
      return page.subscriptions.map(({ id, items }) => [id, ...items.map((item) => item.id)]);
    };

    for (const [way, open] of [
      ["directly", direct],
      ["through a service", served],
    ] as const) {
      it(`imports CSV ${way}, and finds it unchanged the second time`, async () => {
        const file = folder.write("a.csv", csv(line("a", 1), "S-b,N-b,,,,,,", line("c", 2)));
        const first = await folder.run([file, "--json"], open, TOKEN);
        expect(first.exitCode, first.stderr).to.equal(0);
        expect(event(first.stdout)).to.deep.equal({
          event: "imported",
          lines: 3,
          created: 3,
          updated: 0,
          unchanged: 0,
          rejected: 0,
          rejected_file: null,
        });
        expect(await stored()).to.deep.equal([["S-a", "I-1"], ["S-b"], ["S-c", "I-2"]]);
        const second = await folder.run([file], open, TOKEN);
        expect(second).to.include({
          exitCode: 0,
          stdout: "3 lines: 0 created, 0 updated, 3 unchanged, 0 rejected\n",
        });
        expect(folder.rejected("a.csv")).to.equal(undefined);
      });

      it(`puts refused lines into a file, imported ${way}`, async () => {
        const lines = [
          line("a", 1),
          line("b", 2, { provider: "nobody" }),
          line("c", 1, { ca: "" }),
          "S-d,N-a,,,,,,",
          'S-"e',
          ",N-f,I-9,TELEVISION,SN-1,,,",
          line("a", 1, { ca: "99999999" }),
        ];
        const file = folder.write("b.csv", csv(...lines));
        const run = await folder.run([file, "--json"], open, TOKEN);
        expect(run.exitCode, run.stderr).to.equal(3);
        expect(event(run.stdout)).to.deep.equal({
          event: "imported",
          lines: 7,
          created: 1,
          updated: 1,
          unchanged: 0,
          rejected: 5,
          rejected_file: `${file}.rejected`,
        });
        const rejected = folder.rejected("b.csv") ?? [];
        expect(rejected.map(({ line, field, reason }) => [line, field, reason])).to.deep.equal([
          [3, "provider", "PROVIDER_NOT_FOUND"],
          [4, "ca_id", "INVALID_REQUEST"],
          [5, "subscription_number", "VALUE_IN_USE"],
          [6, null, "INVALID_REQUEST"],
          [7, "subscription_id", "INVALID_REQUEST"],
        ]);
        expect(rejected.map(({ content }) => content)).to.deep.equal(lines.slice(1, 6));
        expect(rejected.at(-1)?.message).to.equal(
          "subscription_id: is mandatory; item_type: must be SMARTCARD or SET_TOP_BOX",
        );
      });

      it(`counts a line as created when its item is new, imported ${way}`, async () => {
        const file = folder.write(
          "c.csv",
          csv(
            line("a", 1),
            line("b", 2),
            line("a", 3),
            line("b", 1),
            line("c", 2),
            "S-a,N-z,,,,,,",
          ),
        );
        const run = await folder.run([file, "--json"], open, TOKEN);
        expect(event(run.stdout)).to.include({ lines: 6, created: 3, updated: 3 });
        expect(await stored()).to.deep.equal([
          ["S-a", "I-3"],
          ["S-b", "I-1"],
          ["S-c", "I-2"],
        ]);
      });

      it(`imports NDJSON ${way}`, async () => {
        const card = { id: "I-1", type: "TYPE_SMARTCARD", serialNumber: "SN-1" };
        const box = { id: "I-2", type: "TYPE_SET_TOP_BOX", serialNumber: "SN-2" };
        const file = folder.write(
          "a.ndjson",
          [
            { id: "S-a", number: "N-a", installedItems: [card, box] },
            { id: "S-b", number: "N-b", installedItems: [{ ...card, id: "I-3" }] },
          ]
            .map((each) => JSON.stringify(each))
            .join("\n"),
        );
        const run = await folder.run([file, "--json"], open, TOKEN);
        expect(run.exitCode, run.stderr).to.equal(3);
        expect(await stored()).to.deep.equal([["S-a", "I-1", "I-2"]]);
        expect(folder.rejected("a.ndjson")).to.have.length(1);
        expect(folder.rejected("a.ndjson")?.[0]).to.include({
          line: 2,
          field: "installed_items[0].serial_number",
          reason: "VALUE_IN_USE",
        });
      });
    }

    it("imports many thousand lines, those of one subscription apart", async () => {
      const lines = Array.from({ length: 6000 }, (_, n) => line(String(n % 2000), n));
      const run = await folder.run([folder.write("d.csv", csv(...lines)), "--json"], direct);
      expect(event(run.stdout)).to.include({ lines: 6000, created: 6000 });
      const { items } = (await service.store.get({ by: "id", value: "S-7" })) ?? { items: [] };
      expect(items.map(({ id }) => id)).to.deep.equal(["I-2007", "I-4007", "I-7"]);
    });

    it("removes what an earlier import of the file refused, when nothing is refused", async () => {
      const bad = folder.write("e.csv", csv("S-a,N-a,I-1,,,,,"));
      expect((await folder.run([bad], direct)).exitCode).to.equal(3);
      folder.write("e.csv", csv("S-a,N-a,,,,,,"));
      expect((await folder.run([bad], direct)).exitCode).to.equal(0);
      expect(folder.rejected("e.csv")).to.equal(undefined);
    });
  });
}
