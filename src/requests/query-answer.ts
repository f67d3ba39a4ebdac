import type { Outcome } from "./outcome.js";

/** A service that a CA system named; without a code where its provider has none for it. */
export interface AnsweredService {
  readonly code?: string;
  readonly caId: string;
}

/** A set-top box that a CA system named; only its CA id where the inventory does not know it. */
export interface AnsweredSetTopBox {
  readonly id?: string;
  readonly serialNumber?: string;
  readonly alternativeCode?: string;
  readonly caId: string;
}

/** What a CA system told in answer to a query; kept with the outcome, as it was understood then. */
export type QueryAnswer =
  | { readonly kind: "ACTIVE_SERVICES"; readonly services: readonly AnsweredService[] }
  /** The boxes that the card is tied to; empty: to none. */
  | { readonly kind: "PAIRING_STATUS"; readonly setTopBoxes: readonly AnsweredSetTopBox[] };

/** What an outcome tells besides, its services under the codes that the provider has for them. */
export function queryAnswer(
  outcome: Outcome,
  codeOf: (serviceCaId: string) => string | undefined,
): QueryAnswer | undefined {
  if (outcome.kind !== "accepted") return undefined;
  const { services, setTopBoxes } = outcome;
  if (services !== undefined) {
    return {
      kind: "ACTIVE_SERVICES",
      services: services.map((caId) => {
        const code = codeOf(caId);
        return code === undefined ? { caId } : { code, caId };
      }),
    };
  }
  if (setTopBoxes === undefined) return undefined;
  return { kind: "PAIRING_STATUS", setTopBoxes: setTopBoxes.map((caId) => ({ caId })) };
}
