import { once } from "node:events";
import { promisify } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { type ClientDuplexStream, credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { HealthImplementation } from "grpc-health-check";
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionClient as V1Client,
} from "../../src/gen/grpc/reflection/v1/reflection.js";
import type { ServerReflectionClient as V1AlphaClient } from "../../src/gen/grpc/reflection/v1alpha/reflection.js";
import { createReflection, type Reflection } from "../../src/rpc/reflection/reflection.js";
import { DEFAULT_STREAM_LIMITS } from "../../src/rpc/reflection/stream.js";

/** A reflection stream as its client holds it. */
export type Stream = ClientDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;
type Asked = NonNullable<ServerReflectionRequest["messageRequest"]>;
type Answer = ServerReflectionResponse["messageResponse"];

/** A server with reflection and a health service, on a free port. */
export interface Served {
  address: string;
  reflection: Reflection;
  stop(): void;
}

/** Starts a server that reflects `image` and lists `services`. */
export async function serve(
  image: Uint8Array,
  services: string[],
  limits = DEFAULT_STREAM_LIMITS,
): Promise<Served> {
  const server = new Server();
  const reflection = createReflection(image, services, limits);
  reflection.addTo(server);
  new HealthImplementation({ "": "SERVING" }).addToServer(server);
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
  return { address: `127.0.0.1:${port}`, reflection, stop: () => server.forceShutdown() };
}

/** Runs `use` with an open stream of one version; the stream and its client are closed after. */
export async function withStream<T>(
  address: string,
  use: (stream: Stream) => Promise<T>,
  Client: typeof V1Client | typeof V1AlphaClient = V1Client,
): Promise<T> {
  const client = new Client(address, credentials.createInsecure());
  const stream = client.serverReflectionInfo();
  try {
    return await use(stream);
  } finally {
    stream.on("error", () => {});
    stream.cancel();
    client.close();
  }
}

/** Sends one request and returns its answer. */
export async function ask(stream: Stream, messageRequest?: Asked, host = ""): Promise<Answer> {
  const answered = once(stream, "data");
  stream.write({ host, messageRequest });
  const [response]: ServerReflectionResponse[] = await answered;
  expect(response?.validHost).to.equal(host);
  return response?.messageResponse;
}

/** The serialised descriptors of an answer that must hold some. */
export function descriptors(answer: Answer): Buffer[] {
  if (answer?.$case !== "fileDescriptorResponse") throw new Error(JSON.stringify(answer));
  return answer.value.fileDescriptorProto;
}

/** The names of the files of an answer that must hold some. */
export function fileNames(answer: Answer): string[] {
  return descriptors(answer).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

/** The code of an answer that is an error. */
export function errorCode(answer: Answer): number | undefined {
  return answer?.$case === "errorResponse" ? answer.value.errorCode : undefined;
}

/** Asks for the file that declares a symbol. */
export const symbol = (value: string): Asked => ({ $case: "fileContainingSymbol", value });
/** Asks for a file by its name. */
export const filename = (value: string): Asked => ({ $case: "fileByFilename", value });
/** Asks for the numbers of a message's extensions. */
export const numbersOf = (value: string): Asked => ({ $case: "allExtensionNumbersOfType", value });
/** Asks for the file that declares an extension. */
export const extension = (containingType: string, extensionNumber: number): Asked => ({
  $case: "fileContainingExtension",
  value: { containingType, extensionNumber },
});
