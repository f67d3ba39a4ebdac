import { Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import fc from "fast-check";
import { CommandType } from "../../src/gen/provisioning/v1/command.js";
import type { GetSubscriptionRequest } from "../../src/gen/provisioning/v1/inventory_service.js";
import { ListProvisioningRequestsRequest } from "../../src/gen/provisioning/v1/provisioning_service.js";
import { decodeRequest } from "../../src/rpc/decode-request.js";
import { type InventoryTestServer, startInventory } from "../support/inventory-server.js";
import { callRaw, failureOf } from "../support/rpc-client.js";

const GET = "/provisioning.v1.InventoryService/GetSubscription";

describe("malformed messages", () => {
  let server: InventoryTestServer;
  let handled: GetSubscriptionRequest[];

  before(async () => {
    server = await startInventory({
      async get(_, request) {
        handled.push(request);
      },
    });
  });
  beforeEach(() => {
    handled = [];
  });
  after(() => server.stop());

  const send = (bytes: number[], metadata?: Metadata) =>
    callRaw(server.address, GET, Uint8Array.from(bytes), metadata);
  const nested = (depth: number) => [...Array(depth).fill(0x7b), ...Array(depth).fill(0x7c)];

  const malformed: Record<string, number[]> = {
    "text that is not UTF-8": [0x0a, 0x04, 0x0a, 0x02, 0xc3, 0x28],
    "an overlong encoding": [0x0a, 0x04, 0x0a, 0x02, 0xc0, 0x80],
    "half of a surrogate pair": [0x0a, 0x05, 0x0a, 0x03, 0xed, 0xa0, 0x80],
    "a length beyond the end": [0x0a, 0x7f, 0x0a, 0x01, 0x41],
    "half a number": [0x0a],
    "a number without end": [0x0a, ...Array(20).fill(0xff)],
    "a field of an unknown kind": [0x0f, 0x01],
    "bytes behind a tag of 0": [0x00, 0x01, 0x02],
    "bytes behind the end of a group": [0x0c, 0x01],
    "groups within groups within groups": nested(1000),
  };
  for (const [title, bytes] of Object.entries(malformed)) {
    it(`are refused: ${title}`, async () => {
      const failure = await failureOf(send(bytes));
      expect(failure.code).to.equal("INVALID_ARGUMENT");
      expect(failure.reason).to.equal("MALFORMED_MESSAGE");
      expect(handled).to.deep.equal([]);
    });
  }

  it("are not looked at before the token", async () => {
    const failure = await failureOf(send([0x0a], new Metadata()));
    expect(failure.reason).to.equal("TOKEN_MISSING");
  });

  it("are not what an empty message, unknown fields and small groups are", async () => {
    await send([]);
    await send([0x7a, 0x01, 0x41, 0x70, 0x01]);
    await send(nested(3));
    expect(handled).to.have.length(3);
    expect(handled[0]).to.deep.equal({ subscriptionIdentifier: undefined });
  });

  it("are not what a text with a byte order mark is, which stays", async () => {
    await send([0x0a, 0x06, 0x0a, 0x04, 0xef, 0xbb, 0xbf, 0x41]);
    expect(handled[0]?.subscriptionIdentifier?.identifier?.value).to.equal("\u{FEFF}A");
  });

  it("are all that random bytes can be, if they are not messages", () => {
    const { decode } = ListProvisioningRequestsRequest;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeRequest((input: Buffer) => decode(input), Buffer.from(bytes));
        } catch (error) {
          expect(error).to.have.property("reason", "MALFORMED_MESSAGE");
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("are not what unknown values of an enum are, which validation refuses", () => {
    const { decode } = ListProvisioningRequestsRequest;
    const read = decodeRequest((bytes: Buffer) => decode(bytes), Buffer.from([0x20, 0x7f]));
    expect(read.types).to.deep.equal([CommandType.UNRECOGNIZED]);
  });
});
