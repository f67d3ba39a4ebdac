import type { CaCommand } from "../../../src/adapters/ca-adapter.js";

export const referenceOf = (transaction: number): string => `R7-${transaction}`;

/** What the NDS adapter stores of a command that was accepted. */
export function wireTexts({
  transaction,
  caId,
  subscriptionNumber,
}: Pick<CaCommand, "transaction" | "caId" | "subscriptionNumber">) {
  return {
    request: `REAUTHORISE_ALL_SERVICES transaction=${transaction} smartcard_ca_id=${caId} subscription_number=${subscriptionNumber}`,
    response: `COMMAND_ACCEPTED transaction=${transaction} reference_number=${referenceOf(transaction)}`,
  };
}
