import { fileURLToPath } from "node:url";
import express, { type Request, type Response } from "express";
import * as OpenApiValidator from "express-openapi-validator";
import { SecureServer } from "./secure-server.js";

const API = fileURLToPath(new URL("nagra-cas-gateway.openapi.yaml", import.meta.url));

interface Rights {
  readonly deviceSpecification: { readonly deviceId: string; readonly deviceType: string };
  readonly smartCardSpecification?: { readonly smartCardId: string };
  readonly entitlements: readonly { readonly productId: string }[];
}

/** Products that begin so are unknown to the gateway. */
const UNKNOWN = /^GHOST/;

/**
 * A gateway that adds rights, on a stack of others: express, with requests and answers held against
 * the OpenAPI document.
 */
export class NagraGateway {
  /** The products of each device. */
  readonly rights = new Map<string, Set<string>>();
  readonly requests: { readonly path: string; readonly body: Rights }[] = [];
  /** Answers in the place of the gateway, as something on the way might. */
  instead: ((request: Request, response: Response) => void) | undefined;
  /** Called like `id` by some, like `_id` by others. */
  idName: "id" | "_id" = "id";
  readonly #server: SecureServer;

  private constructor(server: SecureServer) {
    this.#server = server;
  }

  static async start(): Promise<NagraGateway> {
    const app = express();
    const gateway = new NagraGateway(await SecureServer.listen(app));
    app.use((request, response, next) => {
      if (gateway.instead === undefined) next();
      else gateway.instead(request, response);
    });
    app.use(express.json());
    app.use(OpenApiValidator.middleware({ apiSpec: API, validateResponses: true }));
    app.post("/cag/v1/:instance/devices/:device/entitlements", (request, response) =>
      gateway.#add(request, response),
    );
    app.use(
      (
        error: { status?: number; message: string },
        _request: Request,
        response: Response,
        _next: unknown,
      ) => {
        response.status(error.status ?? 500).json({ message: error.message });
      },
    );
    return gateway;
  }

  get port(): number {
    return this.#server.port;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #add(request: Request, response: Response): void {
    const body: Rights = request.body;
    this.requests.push({ path: request.path, body });
    const device = String(request.params.device);
    const owned = this.rights.get(device) ?? new Set();
    this.rights.set(device, owned);
    const commandResults = body.entitlements.map(({ productId }, index) => {
      const known = !UNKNOWN.test(productId);
      if (known) owned.add(productId);
      return {
        commandName: "ADD",
        [this.idName]: `${this.requests.length}.${index}`,
        responseCode: known ? "1028" : "2001",
        responseText: known ? "OK" : `no product ${productId}`,
      };
    });
    response.json({ status: "Success", commandCount: commandResults.length, commandResults });
  }
}
