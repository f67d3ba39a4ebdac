/** Nobody ever listens here: a CA system that is down. */
export const NO_PORT = 1;
