import type { CaCommand, CaSession, Delivery } from "../../../../src/adapters/ca-adapter.js";
import { shippedProtocol } from "../../../../src/adapters/profile/shipped-profiles.js";
import { systemClock } from "../../../../src/requests/clock.js";
import type { Command } from "../../../../src/requests/command.js";
import { CLIENT_TLS } from "./certificate.js";
import { CONNECTIONS, type HttpProtocolName } from "./connections.js";

export const CARD = "000123456789";

/** The adapter of a protocol that ships, for a server on this machine. */
export function adapterOf(name: HttpProtocolName, port: number, more: object = {}) {
  const configured = shippedProtocol(name).configure({
    host: "127.0.0.1",
    port,
    ...CLIENT_TLS,
    ...CONNECTIONS[name],
    ...more,
  });
  if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
  return configured.adapter;
}

/** A session of it. */
export async function openSession(
  name: HttpProtocolName,
  port: number,
  more: object = {},
): Promise<CaSession> {
  const result = await adapterOf(name, port, more).connect({
    slot: 0,
    epoch: 1,
    clock: systemClock,
    signal: new AbortController().signal,
    maySend: () => true,
    onLateAnswer: () => undefined,
  });
  if (result.kind !== "connected") throw new Error(result.text);
  return result.session;
}

/** Sends one command on a session of its own. */
export async function sendOne(
  name: HttpProtocolName,
  port: number,
  command: Command,
  { caId = CARD, ...more }: { readonly caId?: string; readonly [key: string]: unknown } = {},
): Promise<Delivery> {
  const session = await openSession(name, port, more);
  try {
    const sending: CaCommand = { transaction: 42, caId, subscriptionNumber: "S-1", command };
    return await session.send(sending);
  } finally {
    await session.close(AbortSignal.abort());
  }
}
