import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = (name: string) => fileURLToPath(new URL(`../transport/${name}`, import.meta.url));

const CERT_FILE = file("ca-system.cert.pem");

/** What a server over TLS proves its name with. */
export const SERVER_TLS = {
  cert: readFileSync(CERT_FILE),
  key: readFileSync(file("ca-system.key.pem")),
};

/** Connection settings by which it is trusted. */
export const CLIENT_TLS = { ca: CERT_FILE, servername: "ca.example" };
