import type { BinaryReader } from "@bufbuild/protobuf/wire";
import {
  type CallOptions,
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import {
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
  RetryInfo,
} from "../../src/gen/google/rpc/error_details.js";
import { Status } from "../../src/gen/google/rpc/status.js";
import { withToken } from "./rpc-server.js";

/** An error as a caller gets it, with its details read. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly reason: string | undefined;
  readonly info: ErrorInfo | undefined;
  readonly badRequest: BadRequest | undefined;
  readonly preconditionFailure: PreconditionFailure | undefined;
  readonly resourceInfos: readonly ResourceInfo[];
  readonly retryInfo: RetryInfo | undefined;
  /** As HTTP/2 counts them: names, values, and 32 bytes for each. */
  readonly trailerBytes: number;
}

type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, response?: Response) => void,
) => { cancel(): void };

/** Calls a method of a generated client; with the test token unless told otherwise. */
export function call<Request, Response>(
  client: Client,
  method: Method<Request, Response>,
  request: Request,
  { metadata = withToken(), ...options }: CallOptions & { metadata?: Metadata } = {},
): Promise<Response> & { cancel(): void } {
  let cancel = () => {};
  const promise = new Promise<Response>((resolve, reject) => {
    const inFlight = method.call(client, request, metadata, options, (error, response) => {
      if (response !== undefined) resolve(response);
      else reject(error);
    });
    cancel = () => inFlight.cancel();
  });
  return Object.assign(promise, { cancel: () => cancel() });
}

/** Sends bytes, whatever they are, as the message of a call. */
export async function callRaw(
  address: string,
  path: string,
  bytes: Uint8Array,
  metadata = withToken(),
): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure());
  const asTheyAre = (value: Buffer) => value;
  try {
    return await new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, response?: Buffer) =>
        response === undefined ? reject(error) : resolve(response);
      client.makeUnaryRequest(path, asTheyAre, asTheyAre, Buffer.from(bytes), metadata, done);
    });
  } finally {
    client.close();
  }
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && "code" in error) return readFailure(error as ServiceError);
    throw error;
  }
  throw new Error("the call succeeded");
}

function readFailure(error: ServiceError): Failure {
  const metadata = error.metadata ?? new Metadata();
  const [bytes] = metadata.get("grpc-status-details-bin");
  const details = Buffer.isBuffer(bytes) ? Status.decode(bytes).details : [];
  const all = <T>(name: string, codec: { decode(input: BinaryReader | Uint8Array): T }): T[] =>
    details
      .filter(({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${name}`)
      .map(({ value }) => codec.decode(value));
  const [info] = all("ErrorInfo", ErrorInfo);
  return {
    code: status[error.code] ?? String(error.code),
    message: error.details,
    reason: info?.reason,
    info,
    badRequest: all("BadRequest", BadRequest)[0],
    preconditionFailure: all("PreconditionFailure", PreconditionFailure)[0],
    resourceInfos: all("ResourceInfo", ResourceInfo),
    retryInfo: all("RetryInfo", RetryInfo)[0],
    trailerBytes: trailerBytes(error, metadata),
  };
}

function trailerBytes(error: ServiceError, metadata: Metadata): number {
  const headers = {
    ":status": "200",
    "content-type": "application/grpc+proto",
    "grpc-status": String(error.code),
    "grpc-message": encodeURI(error.details),
    ...metadata.toHttp2Headers(),
  };
  return Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + String(value).length + 32,
    0,
  );
}
