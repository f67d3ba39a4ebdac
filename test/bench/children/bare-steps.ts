import { once } from "node:events";
import { open } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { answerParent } from "./answer-parent.js";
import { monotonicMs } from "./monotonic.js";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.random() * ms));

/** Times `step` so many times, each after a pause of up to so many milliseconds. */
async function timed(count: number, pauseMs: number, step: () => Promise<unknown>) {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    if (pauseMs > 0) await pause(pauseMs);
    const started = monotonicMs();
    await step();
    times.push(monotonicMs() - started);
  }
  return times;
}

/** The steps that no immediate call can do without, each with nothing around it. */
const api = {
  /** Answers over TCP what it is sent; the port. */
  async listen(): Promise<number> {
    const server = createServer((socket) => {
      socket.setNoDelay();
      socket.on("data", (bytes) => socket.write(bytes));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  },

  /** Milliseconds of each trip of some bytes to that port and back. */
  async trips(port: number, bytes: number, count: number, pauseMs: number): Promise<number[]> {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay();
    await once(socket, "connect");
    const command = Buffer.alloc(bytes);
    const times = await timed(count, pauseMs, () => {
      socket.write(command);
      return once(socket, "data");
    });
    socket.destroy();
    return times;
  },

  /** Milliseconds of each time that bytes are added to a file and are on disk. */
  async commits(path: string, bytes: number, count: number, pauseMs: number): Promise<number[]> {
    const file = await open(path, "w");
    try {
      const pages = Buffer.alloc(bytes);
      return await timed(count, pauseMs, async () => {
        await file.write(pages);
        await file.datasync();
      });
    } finally {
      await file.close();
    }
  },
};

export type BareStepsApi = typeof api;

answerParent(api);
