import type { ProfileSettings } from "../template/send-scope.js";
import type { TlsSettings } from "../transport/tls-files.js";

/** A provider's settings for one CA system, checked. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  /** What stands before the path of every request over HTTP; empty, or from a slash to before one. */
  readonly basePath: string;
  /** Undefined for a connection in the clear. */
  readonly tls: TlsSettings | undefined;
  /** Sessions that the CA system grants the provider as a whole. */
  readonly connections: number;
  /** Commands sent and not answered, per session. */
  readonly window: number;
  readonly responseTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** The keep-alive message goes out when nothing was received for that long. */
  readonly keepAliveMs: number;
  /** What the profile's own keys say. */
  readonly own: ProfileSettings;
}
