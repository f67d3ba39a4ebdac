import type { CaSession, Delivery } from "../adapters/ca-adapter.js";
import type { ClaimedHead } from "../store/dispatch-store.js";

/**
 * Gives one head to a session. An adapter answers with an outcome and does not throw; when one
 * does, that is a bug, and the command may have left: the outcome is unknown.
 */
export async function deliver(
  head: ClaimedHead,
  session: CaSession,
  unseal: (sealedPin: string) => string,
): Promise<Delivery> {
  let pin: string | undefined;
  try {
    pin = head.sealedPin === undefined ? undefined : unseal(head.sealedPin);
  } catch (error) {
    const text = `its PIN cannot be decrypted: ${String(error)}`;
    return { outcome: { kind: "failed", code: "PIN", text } };
  }
  try {
    const command = {
      transaction: head.transactionNumber,
      caId: head.caId,
      subscriptionNumber: head.subscriptionNumber,
      command: head.command,
    };
    return await session.send(pin === undefined ? command : { ...command, pin });
  } catch (error) {
    return { outcome: { kind: "unknown", text: `the adapter failed: ${String(error)}` } };
  }
}
