import { expect } from "chai";
import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../src/gen/provisioning/v1/provisioning_service.js";
import { boxOf, itemOf, ProvisioningCalls, seconds } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { timestamp } from "../support/world/api.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const services = (codes: string[]) => itemOf("cancelServices", 0, { services: codes });
const period = (start: number | undefined, end: number) =>
  itemOf("authoriseServices", 0, {
    services: ["SPORT"],
    startDate: timestamp(start),
    endDate: timestamp(end),
  });
const message = (text: string, duration = 20, repeat?: number) =>
  itemOf("sendOnScreenMessage", 0, {
    text,
    duration: seconds(duration),
    repeatInterval: repeat === undefined ? undefined : seconds(repeat),
  });
const pair = (box: string) => itemOf("pairDevices", 0, boxOf(box));

/** What is asked, and the fields at fault. */
const INVALID: readonly (readonly [title: string, item: Item, ...fields: string[]])[] = [
  ["no services", services([]), "services"],
  ["a service twice", services(["SPORT", "NEWS", "SPORT"]), "services[2]"],
  ["a code that is none", services(["SPORT", "", " x"]), "services[1]", "services[2]"],
  ["a right that has ended", period(undefined, Date.now() - 1), "end_date"],
  ["a right that ends before it begins", period(Date.now() + 9e6, Date.now() + 8e6), "end_date"],
  ["no text", message(""), "text"],
  ["a text with control characters", message("a\nb"), "text"],
  ["a text that is far too long", message("x".repeat(2001)), "text"],
  ["a duration that is negative", message("x", -1), "duration"],
  ["a duration of more than a day", message("x", 86_401), "duration"],
  [
    "a duration that is no whole number",
    itemOf("displayFingerprint", 0, { duration: { seconds: 1n, nanos: 1 } }),
    "duration",
  ],
  ["no duration", itemOf("displayFingerprint", 0, { duration: undefined }), "duration"],
  ["an interval shorter than the showing", message("x", 20, 19), "repeat_interval"],
  ["no interval at all", message("x", 0, 0), "repeat_interval"],
  [
    "no box",
    itemOf("pairDevices", 0, { setTopBoxIdentifier: undefined }),
    "set_top_box_identifier",
  ],
  ["a box without a name", pair(""), "set_top_box_identifier.id"],
];

const REFUSED: readonly (readonly [
  title: string,
  item: Item,
  code: string,
  reason: string,
  ...about: string[],
])[] = [
  [
    "services without a CA id, each by its place",
    services(["SPORT", "GOLF", "CHESS"]),
    "FAILED_PRECONDITION",
    "SERVICE_NOT_MAPPED",
    "service/GOLF",
    "service/CHESS",
  ],
  ["a box that is not there", pair("nowhere"), "NOT_FOUND", "SET_TOP_BOX_NOT_FOUND"],
  ["a card for a box", pair("card-1"), "FAILED_PRECONDITION", "ITEM_NOT_A_SET_TOP_BOX"],
  [
    "a box of another subscription",
    pair("foreign-box"),
    "FAILED_PRECONDITION",
    "SET_TOP_BOX_NOT_OF_SUBSCRIPTION",
  ],
  [
    "a box without a provider",
    pair("bare-box"),
    "FAILED_PRECONDITION",
    "SET_TOP_BOX_WITHOUT_PROVIDER",
  ],
  [
    "a box of another provider",
    pair("other-box"),
    "FAILED_PRECONDITION",
    "SET_TOP_BOX_OF_OTHER_PROVIDER",
  ],
  [
    "a command that the protocol does not have",
    itemOf("getPairingStatus", 0, {}),
    "FAILED_PRECONDITION",
    "COMMAND_NOT_SUPPORTED",
  ],
];

for (const database of ONE_OF_EACH) {
  describe(`refusals of commands on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("name the fields of what is malformed", async () => {
      const { api, ...world } = await start();
      for (const [title, item, ...fields] of INVALID) {
        const failure = await failureOf(world.calls.send(item));
        expect(failure, title).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
        const named = failure.badRequest?.fieldViolations.map(({ field }) => field);
        expect(named, title).to.deep.equal(fields);
      }
      expect(await api.all()).to.deep.equal([]);
    });

    it("name what does not stand for anything, or does not fit", async () => {
      const { api, calls } = await start();
      for (const [title, item, code, reason, ...about] of REFUSED) {
        const failure = await failureOf(calls.send(item));
        expect(failure, title).to.include({ code, reason });
        if (about.length === 0) continue;
        const subjects = failure.preconditionFailure?.violations.map(({ subject }) => subject);
        expect(subjects, title).to.deep.equal(about);
        expect(failure.message, title).to.contain("services[1]: ").and.contain("services[2]: ");
      }
      expect(await api.all()).to.deep.equal([]);
    });

    it("are the status of an item in a batch, and hinder no other", async () => {
      const { api, calls } = await start();
      const all = [...INVALID.map(([, item]) => item), ...REFUSED.map(([, item]) => item)];
      const results = await calls.batchCreate([...all, services(["SPORT"])]);
      expect(results.map(({ outcome }) => outcome?.$case)).to.deep.equal([
        ...all.map(() => "status"),
        "created",
      ]);
      expect(await api.all()).to.have.length(1);
    });

    async function start() {
      const world = await worlds.start({ caUp: false });
      return { api: world.api, calls: new ProvisioningCalls(world) };
    }
  });
}
