import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { SecretKeyError } from "./secret-key-error.js";

const ALGORITHM = "aes-256-gcm";
const VERSION = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The id of the key that a text was encrypted with; empty for what is no such text. */
export function keyIdOf(text: string): string {
  const [version, keyId = ""] = text.split(".");
  return version === VERSION ? keyId : "";
}

/**
 * Encrypts what is stored. The text is `v1.KEY_ID.DATA`, DATA being nonce, ciphertext and tag in
 * base64url. The purpose is bound to it, so that a text moved to another place is not accepted.
 */
export class Cipher {
  /** Names the key without telling anything of it; 16 hexadecimal digits. */
  readonly keyId: string;
  readonly #key: Buffer;
  readonly #origin: string;

  /** `key` has 32 bytes; an operator for whom it is the wrong one is told its origin. */
  constructor(key: Buffer, origin = "the key file") {
    this.#key = key;
    this.#origin = origin;
    this.keyId = createHmac("sha256", key).update("key id").digest("hex").slice(0, 16);
  }

  /** A text that only `decrypt` with the same key and purpose can read; never the same twice. */
  encrypt(purpose: string, plaintext: string | Buffer): string {
    // Random nonces: at 2^32 encryptions under one key two are the same with a chance of 2^-33.
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(this.#bound(purpose));
    const data = [nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
    return `${VERSION}.${this.keyId}.${Buffer.concat(data).toString("base64url")}`;
  }

  /** What was encrypted. Throws a `SecretKeyError` for another key, an Error for a text changed. */
  decrypt(purpose: string, text: string): Buffer {
    const [version, keyId, encoded, ...rest] = text.split(".");
    const data = Buffer.from(encoded ?? "", "base64url");
    if (version !== VERSION || rest.length > 0 || data.length < NONCE_BYTES + TAG_BYTES) {
      throw new Error(`the stored ${purpose} is no encrypted text of this service`);
    }
    if (keyId !== this.keyId) {
      throw new SecretKeyError(
        `the stored ${purpose} was encrypted with another secret key: its key id is ${keyId}, that of ${this.#origin} is ${this.keyId}`,
      );
    }
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, data.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(this.#bound(purpose))
        .setAuthTag(data.subarray(-TAG_BYTES));
      const plaintext = decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([plaintext, decipher.final()]);
    } catch {
      throw new Error(`the stored ${purpose} was changed, or belongs to something else`);
    }
  }

  #bound(purpose: string): Buffer {
    return Buffer.from(`${VERSION}.${this.keyId}.${purpose}`);
  }
}
