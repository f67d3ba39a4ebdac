/** Says why a PIN cannot be one, in a phrase that never quotes it; undefined when it can. */
export type PinRule = (pin: string) => string | undefined;

/** The rule of a provider whose adapter has no other. */
export const fourDigits: PinRule = (pin) =>
  /^[0-9]{4}$/.test(pin) ? undefined : "must be 4 digits";
