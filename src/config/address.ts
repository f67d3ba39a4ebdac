import { isIPv4, isIPv6 } from "node:net";

/** Where a server listens. */
export interface Address {
  /** Name, IPv4 address, or IPv6 address without brackets. */
  readonly host: string;
  /** 0..65535; 0 lets the system choose a free one. */
  readonly port: number;
}

const ADDRESS = /^(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^\s:/[\]]+)):(?<port>\d{1,5})$/;

/** Reads `host:port` or `[ipv6]:port`; undefined when it is neither. */
export function parseAddress(text: string): Address | undefined {
  const groups = ADDRESS.exec(text)?.groups;
  const port = Number(groups?.port);
  if (groups === undefined || port > 65_535) return undefined;
  if (groups.ipv6 !== undefined) {
    return isIPv6(groups.ipv6) ? Object.freeze({ host: groups.ipv6, port }) : undefined;
  }
  return groups.host === undefined ? undefined : Object.freeze({ host: groups.host, port });
}

/** The inverse of `parseAddress`. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True when only processes of this machine can reach the address. */
export function isLoopback({ host }: Address): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
