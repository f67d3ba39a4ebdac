import { type ServiceError, status } from "@grpc/grpc-js";
import { expect } from "chai";
import { readDescriptorImage } from "../../src/rpc/reflection/descriptor-file.js";
import { DEFAULT_STREAM_LIMITS } from "../../src/rpc/reflection/stream.js";
import {
  ask,
  fileNames,
  type Served,
  type Stream,
  serve,
  symbol,
  withStream,
} from "./reflection-client.js";

const HEALTH = symbol("grpc.health.v1.Health");

function failureCode(stream: Stream): Promise<number> {
  return new Promise((resolve) => {
    stream.on("error", (error: ServiceError) => resolve(error.code));
    stream.resume();
  });
}

describe("a reflection stream", () => {
  let served: Served;
  afterEach(() => served.stop());

  it("ends after the last request allowed", async () => {
    served = await serve(readDescriptorImage(), [], { maxRequests: 2, idleMs: 60_000 });
    await withStream(served.address, async (stream) => {
      for (let i = 0; i < 2; i += 1) {
        expect(fileNames(await ask(stream, HEALTH))).to.have.length(1);
      }
      stream.write({ host: "", messageRequest: HEALTH });
      expect(await failureCode(stream)).to.equal(status.RESOURCE_EXHAUSTED);
    });
  });

  it("ends when nothing is asked for a while", async () => {
    served = await serve(readDescriptorImage(), [], { ...DEFAULT_STREAM_LIMITS, idleMs: 50 });
    await withStream(served.address, async (stream) => {
      expect(await failureCode(stream)).to.equal(status.DEADLINE_EXCEEDED);
    });
  });

  it("ends when the server stops", async () => {
    served = await serve(readDescriptorImage(), []);
    await withStream(served.address, async (stream) => {
      await ask(stream, HEALTH);
      served.reflection.close();
      expect(await failureCode(stream)).to.equal(status.UNAVAILABLE);
    });
  });
});
