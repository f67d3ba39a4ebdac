import { type ChildProcess, fork } from "node:child_process";
import type { Answer, ChildApi, COMMON } from "../children/answer-parent.js";

type Method = (...args: never[]) => Promise<unknown>;

/** A child process that answers questions; `Api` is the type of what its script answers with. */
export class Child<Api extends ChildApi> {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #open = new Map<number, { resolve(result: unknown): void; reject(e: Error): void }>();
  #asked = 0;

  constructor(name: string, script: string, nodeOptions: readonly string[]) {
    this.name = name;
    this.#process = fork(script, {
      execArgv: [...nodeOptions],
      serialization: "advanced",
      stdio: ["ignore", 2, 2, "ipc"],
    });
    this.#process.on("message", (answer: Answer) => this.#answered(answer));
    this.#ended = new Promise((resolve) => {
      this.#process.once("exit", (code, signal) => {
        for (const { reject } of this.#open.values()) {
          reject(new Error(`the child ${name} ended with ${signal ?? code}`));
        }
        resolve();
      });
    });
  }

  /** Asks the child to run one of its methods. */
  ask<Name extends keyof (Api & typeof COMMON) & string>(
    method: Name,
    ...args: Parameters<Extract<(Api & typeof COMMON)[Name], Method>>
  ): ReturnType<Extract<(Api & typeof COMMON)[Name], Method>> {
    const id = this.#asked++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
    });
    this.#process.send({ id, method, args });
    return answer as ReturnType<Extract<(Api & typeof COMMON)[Name], Method>>;
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    const impatience = setTimeout(() => this.#process.kill("SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(impatience);
  }

  #answered(answer: Answer): void {
    const waiter = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if ("error" in answer) waiter?.reject(new Error(`${this.name}: ${answer.error}`));
    else waiter?.resolve(answer.result);
  }
}
