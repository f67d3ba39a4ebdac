import { expect } from "chai";
import { ProvisioningRequest } from "../../src/gen/provisioning/v1/provisioning_request.js";
import {
  ProvisioningServiceService,
  ReauthoriseAllServicesResponse,
} from "../../src/gen/provisioning/v1/provisioning_service.js";
import { responseEncoder } from "../../src/rpc/response-encoder.js";

const { responseSerialize } = ProvisioningServiceService.reauthoriseAllServices;

function response(number: bigint, texts: string): ReauthoriseAllServicesResponse {
  return {
    provisioningRequest: ProvisioningRequest.fromPartial({
      id: texts,
      number,
      scheduledDate: { seconds: number, nanos: 1 },
      subscription: { id: texts, number: texts },
      parameters: { command: { $case: "reauthoriseAllServices", value: {} } },
      createdBy: texts,
    }),
    replayed: number % 2n === 0n,
  };
}

describe("the encoder of responses", () => {
  it("writes what the generated method writes, whatever it wrote before", () => {
    const encode = responseEncoder(ReauthoriseAllServicesResponse);
    const messages = [
      ReauthoriseAllServicesResponse.create(),
      response(1n, "short"),
      response(2n ** 62n, "ä🎬".repeat(5000)),
      response(-4n, "short again"),
      ReauthoriseAllServicesResponse.create(),
    ];
    const written = messages.map(encode);
    // Compared at the end: what is written later must not change what was handed out.
    expect(written).to.deep.equal(messages.map(responseSerialize));
  });

  it("asks for no memory of its own for a small message", () => {
    const encode = responseEncoder(ReauthoriseAllServicesResponse);
    expect(encode(response(1n, "short")).buffer.byteLength).to.equal(Buffer.poolSize);
  });

  it("is as good as new after a message that cannot be written", () => {
    const encode = responseEncoder(ReauthoriseAllServicesResponse);
    expect(() => encode(response(2n ** 64n, "too large"))).to.throw("too large");
    const message = response(3n, "next");
    expect(encode(message)).to.deep.equal(responseSerialize(message));
  });
});
