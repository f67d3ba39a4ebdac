import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * The ports that are chosen from. Systems give others to who asks for any, and to connections they
 * make (Linux 32768 to 60999, others from 49152): one of these could be gone when it is wanted again.
 */
const FIRST = 10_240;
const LAST = 32_767;

/** Ports that are tried; one that is taken is a rare thing. */
const TRIES = 20;

/** A free port for who stops listening on it and begins again. */
export async function lastingPort(): Promise<number> {
  for (let i = 0; i < TRIES; i += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    const probe = createServer();
    if (await listens(probe, port)) return port;
  }
  throw new Error(`none of ${TRIES} ports was free`);
}

async function listens(probe: Server, port: number): Promise<boolean> {
  try {
    await once(probe.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  probe.close();
  await once(probe, "close");
  return true;
}
