import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Api } from "./api.js";
import { inTime } from "./eventually.js";

const MAIN = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

/** On a machine that is busy with other things. */
const START_MS = 60_000;

export interface ChildLimits {
  /** No file of the process grows beyond so many blocks of 512 bytes. */
  readonly fileBlocks?: number;
}

/** The service in a process of its own: what can be killed and frozen. */
export class ChildService {
  readonly api: Api;
  /** `host:port` of the gRPC server. */
  readonly grpc: string;
  /** Of the HTTP server. */
  readonly http: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  readonly #log: string[];

  private constructor(child: ChildProcess, log: string[], listening: Listening) {
    this.#child = child;
    this.#log = log;
    this.#exit = exitOf(child);
    this.api = new Api(listening.grpc);
    this.grpc = listening.grpc;
    this.http = listening.http;
  }

  /** Starts `serve` and waits until it listens. */
  static async start(
    variables: Readonly<Record<string, string>>,
    { fileBlocks }: ChildLimits = {},
  ): Promise<ChildService> {
    const child = begin(variables, fileBlocks);
    const log: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => log.push(chunk.toString()));
    const lines = createInterface({ input: child.stdout });
    const line = once(lines, "line").then(([first]) => JSON.parse(String(first)) as Listening);
    const ended = exitOf(child).then(([code]) => {
      throw new Error(`the service ended with ${code} before it listened: ${log.join("")}`);
    });
    try {
      const first = Promise.race([line, ended]);
      const listening = await inTime("the service to listen", first, START_MS);
      ended.catch(() => undefined);
      return new ChildService(child, log, listening);
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`no service; it logged ${log.join("")}`, { cause: error });
    }
  }

  /** Begins to start `serve` and kills it after so long, whether it listens by then or not. */
  static async startInVain(variables: Readonly<Record<string, string>>, ms: number): Promise<void> {
    const child = begin(variables);
    child.stdout.resume();
    child.stderr.resume();
    const exit = exitOf(child);
    // Where in its start it is by then is left to chance, and is meant to be.
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill("SIGKILL");
    await exit;
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
    this.api.close();
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
  fileBlocks?: number,
): ChildProcessByStdio<null, Readable, Readable> {
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
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function exitOf(child: ChildProcess): Promise<unknown[]> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve([child.exitCode])
    : once(child, "exit");
}
