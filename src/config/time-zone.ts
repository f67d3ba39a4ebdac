/** True for a time zone of the IANA database, such as `UTC` or `Europe/Nicosia`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
