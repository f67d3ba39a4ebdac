import { type ClientUnaryCall, Metadata, type ServiceError } from "@grpc/grpc-js";

const DEADLINE_MS = 20_000;

/** A method of a generated client, as it is called with a message, metadata and options. */
type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/** Calls a unary method as a client does, with a token and a deadline. */
export function call<Request, Response>(
  method: Method<Request, Response>,
  request: Request,
  token?: string,
): Promise<Response> {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return new Promise((resolve, reject) => {
    method(request, metadata, { deadline: Date.now() + DEADLINE_MS }, (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}
