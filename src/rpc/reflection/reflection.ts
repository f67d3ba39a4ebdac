import {
  type Server,
  type ServerDuplexStream,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import {
  ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionService as V1,
} from "../../gen/grpc/reflection/v1/reflection.js";
import { ServerReflectionService as V1Alpha } from "../../gen/grpc/reflection/v1alpha/reflection.js";
import { answerReflection } from "./answer.js";
import { descriptorFiles } from "./descriptor-file.js";
import { DescriptorIndex } from "./descriptor-index.js";
import { DEFAULT_STREAM_LIMITS, type EndStream, serveStream } from "./stream.js";

/** Names are short; a larger request is answered like one that cannot be read. */
const MAX_REQUEST_BYTES = 4096;

const REFLECTION_SERVICES = [
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];

/** Tells gRPC clients what the server offers, so that they need no proto files. */
export interface Reflection {
  /** Registers both versions of the reflection service. */
  addTo(server: Server): void;
  /** Ends all open streams, which would otherwise hold up a graceful stop. */
  close(): void;
}

/**
 * Reflection over the files of a serialised `FileDescriptorSet`. Lists `services`, by full name,
 * and itself; throws when the image lacks one of them. Every symbol of the image can be resolved,
 * so that details in errors can be read too.
 */
export function createReflection(
  image: Uint8Array,
  services: readonly string[],
  limits = DEFAULT_STREAM_LIMITS,
): Reflection {
  const index = new DescriptorIndex(descriptorFiles(image));
  const listed = [...new Set([...services, ...REFLECTION_SERVICES])].sort();
  for (const name of listed) {
    if (!index.hasService(name)) throw new Error(`the descriptor image lacks service ${name}`);
  }

  const open = new Set<EndStream>();
  const serverReflectionInfo = (
    call: ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>,
  ) => {
    const end = serveStream(call, (request) => answerReflection(index, listed, request), limits);
    open.add(end);
    call.on("close", () => open.delete(end));
  };
  const implementation: UntypedServiceImplementation = { serverReflectionInfo };

  return {
    addTo(server) {
      // The two versions differ in nothing but their name.
      for (const version of [V1, V1Alpha]) {
        const { serverReflectionInfo: method } = version;
        server.addService(
          { serverReflectionInfo: { ...method, requestDeserialize: readRequest } },
          implementation,
        );
      }
    },
    close() {
      for (const end of open) end(status.UNAVAILABLE, "the server is stopping");
    },
  };
}

/** A request that cannot be read counts as an empty one, which is answered with an error. */
function readRequest(bytes: Buffer): ServerReflectionRequest {
  const unreadable: ServerReflectionRequest = { host: "", messageRequest: undefined };
  if (bytes.length > MAX_REQUEST_BYTES) return unreadable;
  try {
    return ServerReflectionRequest.decode(bytes);
  } catch {
    return unreadable;
  }
}
