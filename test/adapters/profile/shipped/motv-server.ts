import { createHash } from "node:crypto";
import express, { type NextFunction, type Request, type Response } from "express";
import { SecureServer } from "./secure-server.js";

const VALID_SECONDS = 600;

/** The methods of this gateway, with the types of their parameters: made up, as settings may be. */
const METHODS: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
> = {
  Card: {
    refresh: { card: "string" },
    addProducts: { card: "string", products: "object" },
    removeProducts: { card: "string", products: "object" },
  },
  Pairing: { create: { card: "string", box: "string" }, remove: { card: "string" } },
};

/** A gateway with models and methods, on express. */
export class MotvServer {
  readonly calls: { readonly method: string; readonly data: Readonly<Record<string, unknown>> }[] =
    [];
  /** Seconds that its clock is ahead. */
  ahead = 0;
  /** Answers in the place of the gateway. */
  instead: ((response: Response) => void) | undefined;
  readonly #server: SecureServer;

  private constructor(server: SecureServer) {
    this.#server = server;
  }

  static async start(account: { login: string; secret: string }): Promise<MotvServer> {
    const app = express();
    const motv = new MotvServer(await SecureServer.listen(app));
    app.use((_request, response, next) => {
      if (motv.instead === undefined) next();
      else motv.instead(response);
    });
    app.use(express.json());
    app.use((_error: Error, _request: Request, response: Response, _next: NextFunction) => {
      response.json({ status: 7, response: "invalid JSON" });
    });
    app.post("/csms/api/:model/:method", (request, response) => {
      if (!motv.#authorised(request.headers.authorization, account)) {
        response.json({ status: 3, response: "unauthorised" });
      } else response.json(motv.#call(request));
    });
    return motv;
  }

  get port(): number {
    return this.#server.port;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #authorised(header = "", { login, secret }: { login: string; secret: string }): boolean {
    const [user, time = "", proof] = header.split(":");
    const expected = createHash("sha1").update(`${time}${login}${secret}`).digest("hex");
    const age = Math.floor(Date.now() / 1_000) + this.ahead - Number(time);
    return user === login && proof === expected && Math.abs(age) <= VALID_SECONDS;
  }

  #call({ params, body }: Request): object {
    const { model = "", method = "" } = params as Readonly<Record<string, string>>;
    const methods = METHODS[model];
    if (methods === undefined) return { status: 4, response: "unknown module" };
    const parameters = methods[method];
    if (parameters === undefined) return { status: 5, response: "unknown method" };
    const { data } = body as { data: Readonly<Record<string, unknown>> };
    for (const [name, type] of Object.entries(parameters)) {
      if (data[name] === undefined) return { status: 6, response: `missing ${name}` };
      const kind: string = typeof data[name];
      if (kind !== type) return { status: 10, response: `bad type of ${name}` };
    }
    this.calls.push({ method: `${model}/${method}`, data });
    return { status: 1, response: this.calls.length };
  }
}
