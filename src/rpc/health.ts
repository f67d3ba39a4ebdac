import {
  type handleUnaryCall,
  type Server,
  type ServerWritableStream,
  status,
} from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";

type Check = handleUnaryCall<{ service: string }, { status: string }>;
type Watch = ServerWritableStream<{ service: string }, { status: string }>;

/** Anyone can open a watch, without a token. */
const MAX_WATCHES = 1000;

/**
 * `grpc.health.v1.Health` for the server as a whole (the empty name) and for each service. The
 * two differ in nothing: all services share one process and one database.
 */
export class Health {
  readonly #statuses = new HealthImplementation();
  readonly #names = new Set<string>();
  readonly #watches = new Set<Watch>();

  /** Registers the service. */
  addTo(server: Server): void {
    this.#statuses.addToServer({
      addService: (definition, implementation) => {
        const { check, watch } = implementation;
        if (check === undefined || watch === undefined) throw new Error("no health service");
        server.addService(definition, {
          ...implementation,
          check: this.#check(check as Check),
          watch: (call: Watch) => this.#watch(call, watch as (call: Watch) => void),
        });
      },
    });
    this.add("");
  }

  /** Adds a name that can be asked for; it is not serving until `set` says so. */
  add(service: string): void {
    this.#names.add(service);
    this.#statuses.setStatus(service, "NOT_SERVING");
  }

  /** Changes the status of all names. */
  set(serving: boolean): void {
    for (const name of this.#names) {
      this.#statuses.setStatus(name, serving ? "SERVING" : "NOT_SERVING");
    }
  }

  /** Ends all watches, which would otherwise hold up a graceful stop. */
  close(): void {
    this.set(false);
    for (const call of this.#watches) end(call, status.UNAVAILABLE, "the server is stopping");
  }

  /** grpc-health-check repeats an unknown name in its answer, and a long one hangs clients. */
  #check(checkKnown: Check): Check {
    return (call, callback) => {
      if (this.#names.has(call.request.service)) checkKnown(call, callback);
      else callback({ code: status.NOT_FOUND, details: "no such service" });
    };
  }

  #watch(call: Watch, watchKnown: (call: Watch) => void): void {
    if (this.#watches.size >= MAX_WATCHES) {
      end(call, status.RESOURCE_EXHAUSTED, "too many watches");
      return;
    }
    this.#watches.add(call);
    call.on("cancelled", () => this.#watches.delete(call));
    // grpc-health-check remembers each name ever watched, so it gets those only that exist. No
    // name is added while the server runs: the status of an unknown one never changes.
    if (this.#names.has(call.request.service)) watchKnown(call);
    else call.write({ status: "SERVICE_UNKNOWN" });
  }
}

function end(call: Watch, code: status, details: string): void {
  call.emit("error", { code, details });
}
