/** Bytes of a header: version u8, message type u16, message length u16. */
export const HEADER_LENGTH = 5;

/** The only version there is. */
export const PROTOCOL_VERSION = 1;

/** The most bytes that may follow a header. */
export const MAX_BODY_LENGTH = 8192;

/** Bytes before the value of a parameter: type u16, length u16. */
export const PARAMETER_HEADER_LENGTH = 4;
