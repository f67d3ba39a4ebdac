import { createHmac, randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { bodyHasher, resetHasher } from "../../src/accept/body-hash.js";
import { hmacSha256 } from "../../src/accept/hmac-sha256.js";
import type { CreateRequest } from "../../src/requests/create-request.js";

describe("the hash of a create's body", () => {
  const key = randomBytes(32);

  it("is the HMAC-SHA256 that Node makes, whatever the text and the key", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      // Longer than the room at first; then short ones again.
      fc.string({ minLength: 1000, maxLength: 6000, unit: "binary" }),
    );
    const keys = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(keys, fc.array(texts), (bytes, all) => {
        const hmac = hmacSha256(Buffer.from(bytes));
        for (const text of all) {
          const expected = createHmac("sha256", bytes).update(text).digest("base64url");
          expect(hmac(text)).to.equal(expected);
        }
      }),
    );
  });

  it("is of the text that JSON.stringify writes, whatever the create", () => {
    const text = fc.string({ unit: "binary" });
    const name = <By>(...by: By[]) => fc.record({ by: fc.constantFrom(...by), value: text });
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const bodies = fc.record({
      command: fc.constantFrom<CreateRequest["command"]>(
        { type: "REAUTHORISE_ALL_SERVICES" },
        { type: "CANCEL_SERVICES", services: ["a", "b"] },
      ),
      subscription: name<CreateRequest["subscription"]["by"]>("id", "number"),
      smartcard: name<CreateRequest["smartcard"]["by"]>("id", "serial_number"),
      processImmediately: fc.boolean(),
      scheduledDate: maybe(fc.nat()),
      priority: fc.constantFrom<CreateRequest["priority"]>("REGULAR", "EXPRESS"),
      expireDate: maybe(fc.nat()),
      callerReference: maybe(text),
      onBehalfOf: maybe(text),
      reason: maybe(text),
      retryOf: maybe(text),
    });
    const hash = bodyHasher(key);
    fc.assert(
      fc.property(bodies, maybe(text), (body, pin) => {
        const expected = hmacSha256(key)(JSON.stringify([body, pin ?? null]));
        expect(hash({ ...CREATE, ...body }, pin)).to.equal(expected);
      }),
    );
  });

  it("stays what it is in databases that hold it", () => {
    const text =
      '[{"command":{"type":"SET_USER_PARAMETERS","pinOperation":"SET"},' +
      '"subscription":{"by":"number","value":"S-1"},"smartcard":{"by":"id","value":"c"},' +
      '"processImmediately":true,"scheduledDate":1,"priority":"EXPRESS","expireDate":2,' +
      '"callerReference":"a","onBehalfOf":"b","reason":"é","retryOf":"r"},"1234"]';
    const expected = createHmac("sha256", key).update(text).digest("base64url");
    expect(bodyHasher(key)(CREATE, "1234")).to.equal(expected);
  });

  it("stays what it is of resets too", () => {
    const text =
      '["RESET_SUBSCRIPTION",{"subscription":{"by":"number","value":"S-1"},"scheduledDate":1,' +
      '"priority":"EXPRESS","expireDate":2,"callerReference":"a","onBehalfOf":"b","reason":"é"}]';
    const expected = createHmac("sha256", key).update(text).digest("base64url");
    expect(resetHasher(key)(CREATE)).to.equal(expected);
  });

  it("leaves out who creates, under which request_id and how late, and nothing else", () => {
    const hash = bodyHasher(key);
    const whole = hash(CREATE, "1234");
    const late = [{ reason: "INVALID_REQUEST", description: "has passed" }] as const;
    const others = { requestId: "other", createdBy: "other", outdated: late };
    expect(hash({ ...CREATE, ...others }, "1234")).to.equal(whole);
    expect(hash(CREATE, undefined)).not.to.equal(whole);
    for (const name of Object.keys(CREATE)) {
      if (Object.hasOwn(others, name)) continue;
      expect(hash({ ...CREATE, [name]: {} }, "1234"), name).not.to.equal(whole);
    }
  });
});

const CREATE: CreateRequest = {
  command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
  subscription: { by: "number", value: "S-1" },
  smartcard: { by: "id", value: "c" },
  processImmediately: true,
  scheduledDate: 1,
  priority: "EXPRESS",
  expireDate: 2,
  requestId: "id",
  callerReference: "a",
  onBehalfOf: "b",
  reason: "é",
  retryOf: "r",
  createdBy: "admin",
  outdated: [],
};
