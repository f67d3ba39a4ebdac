/** Says why a PIN cannot be one, in a phrase that never quotes it; undefined when it can. */
export type PinRule = (pin: string) => string | undefined;

/** What a PIN is anywhere; how many digits it has is each provider's to say. */
export const onlyDigits: PinRule = (pin) =>
  /^[0-9]{1,16}$/.test(pin) ? undefined : "must be 1 to 16 digits";
