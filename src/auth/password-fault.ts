/** Long enough for any pass phrase; hashing is the same work for every length. */
const MAX_PASSWORD_LENGTH = 256;

/** Why a text is no password, in a phrase that does not tell it; undefined when it is one. */
export function passwordFault(password: string): string | undefined {
  if (password === "") return "is mandatory";
  if (password.length > MAX_PASSWORD_LENGTH) {
    return `is longer than ${MAX_PASSWORD_LENGTH} characters`;
  }
  return undefined;
}

/** The same of a password that is to be given to somebody: one that can be typed in. */
export function newPasswordFault(password: string): string | undefined {
  if (/\p{Cc}/u.test(password)) return "has control characters or several lines";
  return passwordFault(password);
}
