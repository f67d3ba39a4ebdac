import { execFile } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { credentials, status } from "@grpc/grpc-js";
import { expect } from "chai";
import {
  type ServerReflectionResponse,
  ServerReflectionClient as V1Client,
} from "../../src/gen/grpc/reflection/v1/reflection.js";
import { ServerReflectionClient as V1AlphaClient } from "../../src/gen/grpc/reflection/v1alpha/reflection.js";
import { readDescriptorImage } from "../../src/rpc/reflection/descriptor-file.js";
import { createReflection } from "../../src/rpc/reflection/reflection.js";
import {
  ask,
  descriptors,
  errorCode,
  extension,
  fileNames,
  filename,
  numbersOf,
  type Served,
  serve,
  symbol,
  withStream,
} from "./reflection-client.js";

const HEALTH = "grpc.health.v1.Health";
const PROVISIONING = "provisioning.v1.ProvisioningService";

describe("reflection", () => {
  const image = readDescriptorImage();
  let served: Served;
  let small: Served | undefined;

  before(async () => {
    served = await serve(image, [PROVISIONING, HEALTH]);
  });
  afterEach(() => small?.stop());
  after(() => served.stop());

  const symbols = {
    "google.protobuf.Timestamp": "google/protobuf/timestamp.proto",
    "google.protobuf.Timestamp.seconds": "google/protobuf/timestamp.proto",
    "google.protobuf.Duration": "google/protobuf/duration.proto",
    "google.protobuf.Any": "google/protobuf/any.proto",
    "google.rpc.Status": "google/rpc/status.proto",
    "google.rpc.Code": "google/rpc/code.proto",
    "google.rpc.NOT_FOUND": "google/rpc/code.proto",
    "google.rpc.BadRequest": "google/rpc/error_details.proto",
    "google.rpc.BadRequest.FieldViolation": "google/rpc/error_details.proto",
    [HEALTH]: "grpc/health/v1/health.proto",
    "grpc.reflection.v1.ServerReflection": "grpc/reflection/v1/reflection.proto",
    [PROVISIONING]: "provisioning/v1/provisioning_service.proto",
    [`${PROVISIONING}.ReauthoriseAllServices`]: "provisioning/v1/provisioning_service.proto",
    "provisioning.v1.ProvisioningRequest.LifeCycleState":
      "provisioning/v1/provisioning_request.proto",
    "provisioning.v1.ProvisioningRequest.LIFE_CYCLE_STATE_PENDING":
      "provisioning/v1/provisioning_request.proto",
    "provisioning.v1.SmartcardIdentifier.identifier": "provisioning/v1/smartcard.proto",
  };

  for (const [version, Client] of [
    ["v1", V1Client],
    ["v1alpha", V1AlphaClient],
  ] as const) {
    it(`finds files by symbol and by name in ${version}`, () =>
      withStream(
        served.address,
        async (stream) => {
          for (const [name, file] of Object.entries(symbols)) {
            expect(fileNames(await ask(stream, symbol(name)))[0], name).to.equal(file);
            expect(fileNames(await ask(stream, filename(file)))[0], file).to.equal(file);
          }
        },
        Client,
      ));

    it(`lists what is served, and nothing else, in ${version}`, () =>
      withStream(
        served.address,
        async (stream) => {
          const answer = await ask(stream, { $case: "listServices", value: "*" }, "example.org");
          expect(answer).to.deep.equal({
            $case: "listServicesResponse",
            value: {
              service: [
                HEALTH,
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection",
                PROVISIONING,
              ].map((name) => ({ name })),
            },
          });
        },
        Client,
      ));
  }

  it("sends every file that is needed to understand the one asked for, once", () =>
    withStream(served.address, async (stream) => {
      const answer = await ask(stream, symbol("provisioning.v1.InventoryService"));
      expect(descriptors(answer).every((bytes) => Buffer.from(image).includes(bytes))).to.equal(
        true,
      );
      expect(fileNames(answer)).to.have.members([
        "provisioning/v1/inventory_service.proto",
        "provisioning/v1/subscription.proto",
        "provisioning/v1/installed_item.proto",
        "google/rpc/status.proto",
        "google/protobuf/any.proto",
        "google/protobuf/timestamp.proto",
      ]);
    }));

  it("answers what is unknown, empty or garbage with an error, and goes on", () =>
    withStream(served.address, async (stream) => {
      const unknown = ["", ".", "nowhere.Nothing", "provisioning.v1", "\u0000", "\ud800", "😀.x"];
      for (const name of unknown) {
        for (const asked of [symbol(name), filename(name), extension(name, 1), numbersOf(name)]) {
          expect(errorCode(await ask(stream, asked)), name).to.equal(status.NOT_FOUND);
        }
      }
      expect(errorCode(await ask(stream, numbersOf(PROVISIONING)))).to.equal(status.NOT_FOUND);
      expect(errorCode(await ask(stream))).to.equal(status.INVALID_ARGUMENT);
      expect(fileNames(await ask(stream, symbol(PROVISIONING)))).to.not.be.empty;
    }));

  it("answers bytes that are no request, or too many, with an error", async () => {
    const client = new V1Client(served.address, credentials.createInsecure());
    const raw = client.makeBidiStreamRequest(
      "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
      (bytes: Buffer) => bytes,
      V1Client.service.serverReflectionInfo.responseDeserialize,
    );
    const truncated = Buffer.from([0x22, 0x7f, 0x61]);
    const badUtf8 = Buffer.from([0x22, 0x02, 0xff, 0xfe]);
    const huge = Buffer.concat([
      Buffer.from([0x22, 0xa0, 0x8d, 0x06]),
      Buffer.alloc(100_000, 0x61),
    ]);
    for (const [bytes, code] of [
      [truncated, status.INVALID_ARGUMENT],
      [badUtf8, status.NOT_FOUND],
      [huge, status.INVALID_ARGUMENT],
      [Buffer.alloc(0), status.INVALID_ARGUMENT],
    ] as const) {
      const answered = once(raw, "data");
      raw.write(bytes);
      const [response]: ServerReflectionResponse[] = await answered;
      expect(errorCode(response?.messageResponse)).to.equal(code);
    }
    raw.on("error", () => {});
    raw.cancel();
    client.close();
  });

  it("ends a stream when the client does", () =>
    withStream(served.address, async (stream) => {
      stream.resume();
      const ended = once(stream, "status");
      stream.write({ host: "", messageRequest: symbol(PROVISIONING) });
      stream.end();
      expect((await ended)[0].code).to.equal(status.OK);
    }));

  it("answers a client that sends everything before it reads", () =>
    withStream(served.address, async (stream) => {
      for (let i = 0; i < 300; i += 1) {
        stream.write({ host: String(i), messageRequest: symbol(PROVISIONING) });
      }
      stream.end();
      const hosts: string[] = [];
      for await (const response of stream) hosts.push(response.validHost);
      expect(hosts).to.deep.equal(Array.from({ length: 300 }, (_, i) => String(i)));
    }));

  it("refuses to start with a service that the image lacks", () => {
    expect(() => createReflection(image, ["provisioning.v1.Nothing"])).to.throw(
      "provisioning.v1.Nothing",
    );
  });

  describe("of extensions", () => {
    const base = { name: "base.proto", package: "demo", messageType: [{ name: "Base" }] };
    const extending = {
      name: "extending.proto",
      package: "demo",
      dependency: ["base.proto"],
      extension: [
        { name: "far", number: 100, extendee: ".demo.Base", type: FieldDescriptorProto_Type.INT32 },
      ],
      messageType: [
        {
          name: "Holder",
          extension: [
            {
              name: "near",
              number: 7,
              extendee: ".demo.Base",
              type: FieldDescriptorProto_Type.INT32,
            },
          ],
        },
      ],
    };
    const encode = (file: object[]) =>
      toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));

    it("finds them by type and number, and by name", async () => {
      const ours = fromBinary(FileDescriptorSetSchema, image).file;
      small = await serve(encode([...ours, base, extending]), []);
      await withStream(small.address, async (stream) => {
        const files = ["extending.proto", "base.proto"];
        expect(fileNames(await ask(stream, extension("demo.Base", 100)))).to.deep.equal(files);
        expect(fileNames(await ask(stream, extension("demo.Base", 7)))).to.deep.equal(files);
        expect(fileNames(await ask(stream, symbol("demo.far")))).to.deep.equal(files);
        expect(fileNames(await ask(stream, symbol("demo.Holder.near")))).to.deep.equal(files);
        expect(errorCode(await ask(stream, extension("demo.Base", 8)))).to.equal(status.NOT_FOUND);
        expect(await ask(stream, numbersOf("demo.Base"))).to.deep.equal({
          $case: "allExtensionNumbersResponse",
          value: { baseTypeName: "demo.Base", extensionNumber: [7, 100] },
        });
        expect(await ask(stream, numbersOf("demo.Holder"))).to.deep.equal({
          $case: "allExtensionNumbersResponse",
          value: { baseTypeName: "demo.Holder", extensionNumber: [] },
        });
      });
    });

    it("refuses an image that lacks an import", () => {
      expect(() => createReflection(encode([extending]), [])).to.throw("base.proto");
    });
  });

  describe("through buf curl", () => {
    async function curl(...args: string[]): Promise<string> {
      const { stdout } = await promisify(execFile)("node_modules/.bin/buf", [
        "curl",
        "--protocol",
        "grpc",
        "--http2-prior-knowledge",
        ...args,
      ]);
      return stdout;
    }

    it("lists services and methods", async () => {
      const services = await curl("--list-services", `http://${served.address}`);
      expect(services.split("\n")).to.include.members([PROVISIONING, HEALTH]);
      const methods = await curl("--list-methods", `http://${served.address}`);
      expect(methods).to.include(`${PROVISIONING}/ReauthoriseAllServices`);
    });

    it("calls a method with nothing but reflection to go by", async () => {
      const health = await curl(`http://${served.address}/${HEALTH}/Check`, "-d", "{}");
      expect(JSON.parse(health)).to.deep.equal({ status: "SERVING" });
    });

    for (const version of ["grpc-v1", "grpc-v1alpha"]) {
      it(`resolves a method's messages over ${version}`, async () => {
        const url = `http://${served.address}/${PROVISIONING}/ReauthoriseAllServices`;
        const call = curl(
          "--reflect-protocol",
          version,
          "-d",
          '{"scheduled_date":"2030-01-01T00:00:00Z"}',
          url,
        );
        // The method is resolved and its request encoded; this server has no handler for it.
        const outcome: unknown = await call.catch((error: unknown) => error);
        expect(outcome).to.have.property("stderr").that.includes("unimplemented");
      });
    }
  });
});
