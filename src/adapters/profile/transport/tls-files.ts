import { readFileSync } from "node:fs";

/** What a provider's `connection` says about TLS; files are in PEM. */
export interface TlsSettings {
  /** Who signed the CA system's certificate; without it those that Node trusts. */
  readonly ca?: string;
  /** Our own certificate, and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the CA system's certificate must have, where it is not the host. */
  readonly servername?: string;
}

/** What the files hold. Read for each connection: certificates are replaced while we run. */
export function readTlsFiles({ ca, cert, key }: TlsSettings): {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
} {
  return {
    ...(ca !== undefined && { ca: readFileSync(ca) }),
    ...(cert !== undefined && { cert: readFileSync(cert) }),
    ...(key !== undefined && { key: readFileSync(key) }),
  };
}
