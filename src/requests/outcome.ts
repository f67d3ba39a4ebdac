/** What a CA system, or the way to it, made of one sending. */
export type Outcome =
  /** Done. The reference is the CA system's own. */
  | {
      readonly kind: "accepted";
      readonly reference: string;
      /** CA ids of the services that the card has: answers GET_ACTIVE_SERVICES, absent elsewhere. */
      readonly services?: readonly string[];
      /** CA ids of the boxes that the card is tied to: answers GET_PAIRING_STATUS likewise. */
      readonly setTopBoxes?: readonly string[];
    }
  /** The CA system refused the command for good. */
  | { readonly kind: "rejected"; readonly code: string; readonly text: string }
  /** The CA system answered that it failed and may be tried again; charged as an attempt. */
  | { readonly kind: "failed"; readonly code: string; readonly text: string }
  /** The CA system answered: later. Not charged. */
  | { readonly kind: "busy"; readonly retryAfterMs: number }
  /** The command never reached the CA system: no byte of it was given to the connection. */
  | { readonly kind: "unavailable"; readonly text: string }
  /** The command was given to the connection and no answer came: it may have had its effect. */
  | { readonly kind: "unknown"; readonly text: string }
  /** The CA system remembers the transaction number with another body. */
  | { readonly kind: "transaction_used"; readonly text: string };
