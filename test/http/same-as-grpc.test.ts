import { credentials, Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import fc from "fast-check";
import { ProvisioningRequest_Priority as Priority } from "../../src/gen/provisioning/v1/provisioning_request.js";
import {
  ProvisioningServiceClient,
  type ReauthoriseAllServicesRequest,
  type SetUserParametersRequest,
} from "../../src/gen/provisioning/v1/provisioning_service.js";
import type { Database } from "../../src/store/knex/database.js";
import { call, failureOf } from "../support/rpc-client.js";
import { REAUTHORISE, SET_USER_PARAMETERS, WebClient } from "../support/web-client.js";
import { timestamp } from "../support/world/api.js";
import { present } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** A create as a caller means it, to be said in the words of either edge. */
interface Meant {
  readonly subscription: { by: "id" | "number"; value: string } | undefined;
  readonly smartcard:
    | { by: "id" | "serial_number" | "alternative_code"; value: string }
    | undefined;
  readonly processImmediately: boolean;
  readonly scheduled: number | undefined;
  readonly expires: number | undefined;
  readonly express: boolean | undefined;
  readonly requestId: string;
  readonly callerReference: string;
  readonly onBehalfOf: string;
  readonly reason: string;
  readonly pin: { reset: boolean } | { set: string } | undefined | "none";
}

const DAY_MS = 24 * 3_600_000;

const oftenRight = <T>(right: fc.Arbitrary<T>, any: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: right, weight: 9 }, { arbitrary: any, weight: 1 });
const anyText = fc.string({ unit: "grapheme", maxLength: 140 });
const shortText = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
const named = <By extends string>(by: By, value: fc.Arbitrary<string>) =>
  fc.record({ by: fc.constant(by), value: oftenRight(value, anyText) });
/** Some hours from now at least: what lies between the two creates is no matter. */
const date = fc.option(
  fc
    .tuple(fc.integer({ min: 3_600_000, max: 20 * DAY_MS }), fc.constantFrom(1, 1, 1, -1, 400))
    .map(([ms, times]) => Date.now() + ms * times),
  { nil: undefined },
);

const meant: fc.Arbitrary<Meant> = fc.record({
  subscription: oftenRight<Meant["subscription"]>(
    fc.oneof(named("id", fc.constant("sub-1")), named("number", fc.constantFrom("S-1", "S-2"))),
    fc.constant(undefined),
  ),
  smartcard: oftenRight<Meant["smartcard"]>(
    fc.oneof(
      named("id", fc.constantFrom("card-1", "card-2", "box", "bare", "foreign", "other-0")),
      named("serial_number", fc.constant("serial-card-3")),
      named("alternative_code", fc.constant("code-card-4")),
    ),
    fc.constant(undefined),
  ),
  processImmediately: oftenRight(fc.constant(false), fc.constant(true)),
  scheduled: date,
  expires: oftenRight<number | undefined>(fc.constant(undefined), date),
  express: fc.constantFrom(undefined, true, false),
  requestId: oftenRight(fc.constant(""), fc.oneof(fc.uuid(), shortText)),
  callerReference: oftenRight(shortText, anyText),
  onBehalfOf: oftenRight(shortText, anyText),
  reason: oftenRight(shortText, anyText),
  pin: fc.oneof(
    { arbitrary: fc.constant("none" as const), weight: 5 },
    {
      arbitrary: fc.record({ set: oftenRight(fc.stringMatching(/^[0-9]{4}$/), shortText) }),
      weight: 3,
    },
    { arbitrary: fc.record({ reset: fc.boolean() }), weight: 2 },
    { arbitrary: fc.constant(undefined), weight: 1 },
  ),
});

function message(wanted: Meant): ReauthoriseAllServicesRequest {
  const { subscription, smartcard, requestId, callerReference, onBehalfOf, reason } = wanted;
  const cases = {
    id: "id",
    serial_number: "serialNumber",
    alternative_code: "alternativeCode",
  } as const;
  return {
    subscriptionIdentifier: subscription && {
      identifier: { $case: subscription.by, value: subscription.value },
    },
    smartcardIdentifier: smartcard && {
      identifier: { $case: cases[smartcard.by], value: smartcard.value },
    },
    processImmediately: wanted.processImmediately,
    scheduledDate: timestamp(wanted.scheduled),
    expireDate: timestamp(wanted.expires),
    priority:
      wanted.express === undefined
        ? Priority.PRIORITY_UNSPECIFIED
        : wanted.express
          ? Priority.PRIORITY_EXPRESS
          : Priority.PRIORITY_REGULAR,
    requestId,
    callerReference,
    onBehalfOf,
    reason,
  };
}

function parameters(wanted: Meant): object {
  const { subscription, smartcard, pin } = wanted;
  const iso = (ms: number | undefined) => ms && new Date(ms).toISOString();
  return {
    subscription_identifier: subscription && { [subscription.by]: subscription.value },
    smartcard_identifier: smartcard && { [smartcard.by]: smartcard.value },
    process_immediately: wanted.processImmediately,
    scheduled_date: iso(wanted.scheduled),
    expire_date: iso(wanted.expires),
    priority: wanted.express === undefined ? undefined : wanted.express ? "EXPRESS" : "REGULAR",
    request_id: wanted.requestId,
    caller_reference: wanted.callerReference,
    on_behalf_of: wanted.onBehalfOf,
    reason: wanted.reason,
    ...(typeof pin === "object" &&
      ("set" in pin ? { new_pin: pin.set } : { reset_pin: pin.reset })),
  };
}

/** What a create came to: the reason it was refused for, with the fields at fault, or its number. */
type Came = { reason: string | undefined; message: string } | { number: number };

for (const database of ONE_OF_EACH) {
  describe(`the web API and gRPC on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("store the same row for a create, or refuse it for the same reason", async () => {
      // Nothing is sent, so that rows are as they were stored.
      const world = await worlds.start({ caUp: false });
      const web = new WebClient(world.service.http);
      const client = new ProvisioningServiceClient(
        world.service.grpc,
        credentials.createInsecure(),
      );
      const metadata = new Metadata();
      const tables = await world.database();

      const overHttp = async (wanted: Meant): Promise<Came> => {
        const path = wanted.pin === "none" ? REAUTHORISE : SET_USER_PARAMETERS;
        const answer = await web.post(path, parameters(wanted));
        return answer.http === 200
          ? { number: Number(answer.data.number) }
          : { reason: answer.code, message: answer.message };
      };
      const overGrpc = async (wanted: Meant): Promise<Came> => {
        const sent =
          wanted.pin === "none"
            ? call(client, client.reauthoriseAllServices, message(wanted), { metadata })
            : call(client, client.setUserParameters, pinMessage(wanted), { metadata });
        try {
          return { number: Number(present((await sent).provisioningRequest).number) };
        } catch (error) {
          const { reason, message: text } = await failureOf(Promise.reject(error));
          return { reason, message: text };
        }
      };

      const seen = new Map<string, number>();
      try {
        await fc.assert(
          fc.asyncProperty(meant, async (wanted) => {
            const http = await overHttp(wanted);
            // Another principal's create: the same request_id would be answered with the first.
            const grpc = await overGrpc({ ...wanted, requestId: changed(wanted.requestId) });
            if ("reason" in http || "reason" in grpc) expect(http).to.deep.equal(grpc);
            else {
              const rows = await Promise.all([http, grpc].map(({ number }) => row(tables, number)));
              expect(rows[0]).to.deep.equal(rows[1]);
            }
            const kind = "reason" in http ? String(http.reason) : "stored";
            seen.set(kind, (seen.get(kind) ?? 0) + 1);
          }),
          { numRuns: 300 },
        );
      } finally {
        client.close();
      }
      // The generator reaches what it is for.
      expect([...seen.keys()]).to.include.members(["stored", "INVALID_REQUEST"]);
      expect(seen.size).to.be.at.least(5);
    });
  });
}

function pinMessage(wanted: Meant): SetUserParametersRequest {
  const { pin } = wanted;
  const change =
    typeof pin !== "object"
      ? undefined
      : "set" in pin
        ? ({ $case: "newPin", value: pin.set } as const)
        : ({ $case: "resetPin", value: pin.reset } as const);
  return { ...message(wanted), pin: change };
}

/** Another UUID for a UUID; what is none stays. */
function changed(requestId: string): string {
  return /^[0-9a-f-]{36}$/.test(requestId)
    ? requestId.replace(/.$/, (last) => (last === "0" ? "1" : "0"))
    : requestId;
}

/** What the tables hold of a request, without what differs between any two. */
async function row({ reader }: Database, number: number): Promise<object> {
  const [request] = await reader.all<Record<string, unknown>>(
    "SELECT * FROM requests WHERE number = ?",
    [number],
  );
  const [waiting] = await reader.all<Record<string, unknown>>(
    "SELECT * FROM waiting WHERE number = ?",
    [number],
  );
  const { id, number: _1, created_date, request_id, body_hash, ...stored } = present(request);
  const { number: _2, order_date, pin, ...open } = present(waiting);
  const now = Number(created_date);
  return {
    ...stored,
    // Now, when none was given.
    scheduled_date: Number(stored.scheduled_date) === now ? "now" : stored.scheduled_date,
    has_request_id: request_id !== null,
    has_body_hash: body_hash !== null,
    has_pin: pin !== null,
    has_id: id !== null,
    has_order: order_date !== null,
    ...Object.fromEntries(
      Object.entries(open).map(([name, value]) => [
        `waiting_${name}`,
        Number(value) === now ? "now" : value,
      ]),
    ),
  };
}
