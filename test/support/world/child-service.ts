import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Api } from "./api.js";
import { inTime, present } from "./eventually.js";

const MAIN = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

/** On a machine that is busy with other things. */
const START_MS = 60_000;

export interface ChildLimits {
  /** No file of the process grows beyond so many blocks of 512 bytes. */
  readonly fileBlocks?: number;
  /** A file descriptor that its log goes to instead of to `log`. */
  readonly logTo?: number;
}

/** The service in a process of its own: what can be killed and frozen. */
export class ChildService {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  readonly #firstLine: Promise<unknown[]>;
  readonly #log: string[] = [];
  #listening: (Listening & { readonly api: Api }) | undefined;

  /** Begins to start `serve`. */
  constructor(variables: Readonly<Record<string, string>>, limits: ChildLimits = {}) {
    const child = begin(variables, limits);
    child.stderr?.on("data", (chunk: Buffer) => this.#log.push(chunk.toString()));
    this.#child = child;
    this.#firstLine = once(createInterface({ input: present(child.stdout) }), "line");
    // Not at its exit: what it said last may be on the way then.
    this.#exit = once(child, "close");
  }

  /** Resolves when it listens. */
  async listening(): Promise<this> {
    const line = this.#firstLine.then(([first]) => JSON.parse(String(first)) as Listening);
    const ended = this.#exit.then(([code]) => {
      throw new Error(`the service ended with ${code} before it listened`);
    });
    try {
      const first = Promise.race([line, ended]);
      const listening = await inTime("the service to listen", first, START_MS);
      ended.catch(() => undefined);
      this.#listening = { ...listening, api: new Api(listening.grpc) };
      return this;
    } catch (error) {
      this.signal("SIGKILL");
      throw new Error(`no service; it logged ${this.log}`, { cause: error });
    }
  }

  get api(): Api {
    return present(this.#listening).api;
  }

  /** `host:port` of the gRPC server. */
  get grpc(): string {
    return present(this.#listening).grpc;
  }

  /** Of the HTTP server. */
  get http(): string {
    return present(this.#listening).http;
  }

  /** What it wrote to standard error. */
  get log(): string {
    return this.#log.join("");
  }

  /** As its incarnation is described in the database. */
  get description(): string {
    return `process ${this.#child.pid}`;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process is gone: its exit code, or the signal that ended it. */
  async exited(): Promise<number | NodeJS.Signals> {
    await inTime(`the service to end; it logged ${this.log}`, this.#exit);
    this.#listening?.api.close();
    return this.#child.exitCode ?? this.#child.signalCode ?? "SIGKILL";
  }

  /** Kills it, whatever it is doing, and waits until it is gone. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited();
  }
}

interface Listening {
  readonly grpc: string;
  readonly http: string;
}

function begin(
  variables: Readonly<Record<string, string>>,
  { fileBlocks, logTo }: ChildLimits,
): ChildProcess {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: build first`);
  const { PATH = "" } = process.env;
  const [command, args] =
    fileBlocks === undefined
      ? [process.execPath, [MAIN, "serve"]]
      : [
          "/bin/sh",
          ["-c", `ulimit -f ${fileBlocks}; exec "$0" "$@"`, process.execPath, MAIN, "serve"],
        ];
  return spawn(command, args, {
    env: { PATH, ...variables },
    stdio: ["ignore", "pipe", logTo ?? "pipe"],
  });
}
