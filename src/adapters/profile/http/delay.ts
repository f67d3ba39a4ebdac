/**
 * Seconds to wait, as Retry-After tells them: in digits, or until a date, counted from the answer's
 * own: clocks of two machines are not compared. Undefined for what is neither.
 */
export function delaySeconds(text: string, answerDate: string | undefined): number | undefined {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  const until = Date.parse(text);
  const from = Date.parse(answerDate ?? "");
  if (Number.isNaN(until) || Number.isNaN(from) || !/GMT$/.test(text)) return undefined;
  return Math.max(0, Math.ceil((until - from) / 1_000));
}
