import type {
  MethodDefinition,
  ServiceDefinition,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ServiceError } from "../requests/service-error.js";
import { type ClientStreamHandler, clientStream } from "./client-stream.js";
import type { Edge } from "./edge.js";
import { UnaryCall, type UnaryHandler } from "./unary.js";
import type { UnaryMethods } from "./unary-methods.js";

type RequestOf<M> = M extends { requestDeserialize: (bytes: Buffer) => infer T } ? T : never;
type ResponseOf<M> = M extends { responseDeserialize: (bytes: Buffer) => infer T } ? T : never;

/** The handler that a method of a generated service needs; there is none yet that streams out. */
export type HandlerOf<M> = M extends { responseStream: true }
  ? never
  : M extends { requestStream: true }
    ? ClientStreamHandler<RequestOf<M>, ResponseOf<M>>
    : UnaryHandler<RequestOf<M>, ResponseOf<M>>;

/** One handler for each method of a generated service. */
export type Handlers<Service> = { readonly [Name in keyof Service]: HandlerOf<Service[Name]> };

/** A service as grpc-js takes it. */
export interface BoundService {
  /** Full name, such as `provisioning.v1.AuthService`. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

const bytesAsTheyAre = (bytes: Buffer): Buffer => bytes;

/**
 * Puts the edge around the handlers of a service. Those of methods with one request go to `unary`:
 * grpc-js is told of the method alone.
 */
export function bindHandlers<Service extends ServiceDefinition>(
  edge: Edge,
  unary: UnaryMethods,
  service: Service,
  handlers: Handlers<Service>,
): BoundService {
  const definition: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  const implementation: UntypedServiceImplementation = {};
  let name = "";
  for (const [key, method] of Object.entries(service)) {
    // The types of Handlers say that each method has the handler of its kind.
    const handler: unknown = handlers[key] ?? notThere;
    definition[key] = {
      ...method,
      requestDeserialize: bytesAsTheyAre,
      responseSerialize: bytesAsTheyAre,
    };
    if (method.requestStream) {
      const answer = handler as ClientStreamHandler<unknown, unknown>;
      implementation[key] = clientStream(edge, method, answer);
    } else {
      const answer = handler as UnaryHandler<unknown, unknown>;
      unary.add(method.path, (call) => new UnaryCall(edge, method, answer, call));
    }
    name = method.path.split("/")[1] ?? "";
  }
  return { name, definition, implementation };
}

async function notThere(): Promise<never> {
  throw ServiceError.of("METHOD_NOT_FOUND");
}
