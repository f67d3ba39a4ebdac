import { promisify } from "node:util";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { SERVER_OPTIONS } from "../../../src/rpc/server-limits.js";
import { answerParent } from "./answer-parent.js";

let calls = 0;
const asItIs = (bytes: Buffer) => bytes;

/** A bare grpc-js server: takes bytes, answers bytes, and nothing else. */
const api = {
  /** Answers calls to `path` with so many bytes; the port. */
  async start(path: string, responseBytes: number): Promise<number> {
    const response = Buffer.alloc(responseBytes, 1);
    // The service's own options: they switch statistics off, which makes the echo faster.
    const server = new Server(SERVER_OPTIONS);
    const method = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    };
    server.addService(
      { echo: method },
      {
        echo(_call: unknown, callback: (error: null, bytes: Buffer) => void) {
          calls += 1;
          callback(null, response);
        },
      },
    );
    const bind = promisify(server.bindAsync.bind(server));
    return bind("127.0.0.1:0", ServerCredentials.createInsecure());
  },

  calls: async (): Promise<number> => calls,
};

export type EchoApi = typeof api;

answerParent(api);
