import type { Behaviour } from "./behaviour.js";

/** What goes wrong with a new command; `drop` and `disconnect` come after its effect. */
export type Fault = "none" | "busy" | "fail" | "reject" | "silent" | "drop" | "disconnect";

/**
 * Decides a new command's fate, rate by rate in the order of the union. All six dice are thrown
 * each time, so that with one seed a change of one rate leaves the other throws as they were.
 */
export function throwDice(behaviour: Behaviour, random: () => number): Fault {
  const busy = random() < behaviour.busyRate;
  const fail = random() < behaviour.failRate;
  const reject = random() < behaviour.rejectRate;
  const silent = random() < behaviour.silentRate;
  const drop = random() < behaviour.dropRate;
  const disconnect = random() < behaviour.disconnectRate;
  if (busy) return "busy";
  if (fail) return "fail";
  if (reject) return "reject";
  if (silent) return "silent";
  if (drop) return "drop";
  return disconnect ? "disconnect" : "none";
}
