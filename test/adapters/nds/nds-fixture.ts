import type {
  CaCommand,
  CaSession,
  ConnectOptions,
  ConnectResult,
  Delivery,
  DroppedAnswer,
} from "../../../src/adapters/ca-adapter.js";
import { ManualClock } from "../../support/manual-clock.js";
import { setupStatus } from "../../support/nds-bytes.js";
import { type PeerConnection, ScriptedPeer } from "../../support/scripted-peer.js";
import { ndsProtocol } from "./nds-protocol.js";

/** A re-authorisation of one card. */
export function reauthorise(transaction: number): CaCommand {
  return {
    transaction,
    caId: "000123456789",
    subscriptionNumber: "S-1",
    command: { type: "REAUTHORISE_ALL_SERVICES" },
  };
}

/** An adapter, the peer it talks to, and all that the adapter told besides. */
export class NdsFixture {
  readonly clock = new ManualClock();
  readonly late: { readonly transaction: number; readonly delivery: Delivery }[] = [];
  readonly dropped: DroppedAnswer[] = [];
  readonly peer: ScriptedPeer;

  private constructor(peer: ScriptedPeer) {
    this.peer = peer;
  }

  static async start(): Promise<NdsFixture> {
    return new NdsFixture(await ScriptedPeer.listen());
  }

  stop(): Promise<void> {
    return this.peer.stop();
  }

  connect(settings: object = {}, options: Partial<ConnectOptions> = {}): Promise<ConnectResult> {
    const configured = ndsProtocol.configure({
      host: "127.0.0.1",
      port: this.peer.port,
      source_id: 7,
      password: "secret",
      ...settings,
    });
    if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
    return configured.adapter.connect({
      slot: 0,
      epoch: 1,
      clock: this.clock,
      signal: new AbortController().signal,
      maySend: () => true,
      onLateAnswer: (transaction, delivery) => this.late.push({ transaction, delivery }),
      onDroppedAnswer: (why) => this.dropped.push(why),
      ...options,
    });
  }

  /** A session that stands, its SESSION_SETUP taken and answered. */
  async open(
    settings: object = {},
    options: Partial<ConnectOptions> = {},
  ): Promise<{ readonly session: CaSession; readonly remote: PeerConnection }> {
    const attempt = this.connect(settings, options);
    const remote = await this.peer.connection();
    await remote.frame();
    remote.send(setupStatus(0));
    const result = await attempt;
    if (result.kind !== "connected") throw new Error(result.text);
    return { session: result.session, remote };
  }
}

/** A command under way, its frame taken by the peer. */
export async function underWay(
  session: CaSession,
  remote: PeerConnection,
  command: CaCommand,
): Promise<{ readonly delivery: Promise<Delivery> }> {
  const delivery = session.send(command);
  await remote.frame();
  return { delivery };
}
