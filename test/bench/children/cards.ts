/** Everything about card `i` follows from its number, in texts of the same length for all. */
export const subscriptionId = (i: number): string => `sub-${padded(i)}`;
export const cardId = (i: number): string => `card-${padded(i)}`;
export const subscriptionNumber = (i: number): string => `S-${padded(i)}`;
export const serialNumber = (i: number): string => `serial-${padded(i)}`;
export const caIdOf = (i: number): string => String(100_000_000_000 + i);
/** As long as that of every request with a `request_id`. */
export const BODY_HASH = "hash-of-the-body-which-is-forty-three-long-";

export function cardOf(caId: string): number {
  return Number(caId) - 100_000_000_000;
}

const padded = (i: number) => String(i).padStart(8, "0");
