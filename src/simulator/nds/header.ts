/** The message layout of ETSI TS 103 197: version u8, type u16, length u16, then TLVs. */
export const protocolVersion = 1;

/** Bytes before the parameters. */
export const headerLength = 5;

/** The reference profile's bound on the bytes after the header. */
export const maxMessageLength = 8192;
