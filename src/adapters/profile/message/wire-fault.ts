/** The CA system broke a rule of framing: nothing after it can be trusted, the connection is closed. */
export class WireFault extends Error {
  override readonly name = "WireFault";
}
