/**
 * Whether `a` comes after `b` on the circle of 32-bit numbers (RFC 1982). At exactly half the
 * circle the RFC leaves it open; here it is no.
 */
export function comesAfter(a: number, b: number): boolean {
  const distance = (a - b) >>> 0;
  return distance > 0 && distance < 0x8000_0000;
}
