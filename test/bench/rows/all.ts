import type { Row } from "../row.js";
import { accept } from "./accept.js";
import { backlogSlowdown } from "./backlog-slowdown.js";
import { batchAccept } from "./batch-accept.js";
import { blockedSlowdown } from "./blocked-slowdown.js";
import { dispatchRate } from "./dispatch-rate.js";
import { endToEnd } from "./end-to-end.js";
import { express } from "./express.js";
import { httpAccept } from "./http-accept.js";
import { immediateFloor } from "./immediate-floor.js";
import { isolation } from "./isolation.js";
import { createToCa, immediate } from "./latency.js";
import { memory } from "./memory.js";
import { otherQueues } from "./other-queues.js";

/** Every row, in the order in which they run. */
export const ROWS: readonly Row[] = [
  accept,
  httpAccept,
  batchAccept,
  dispatchRate,
  blockedSlowdown,
  backlogSlowdown,
  otherQueues,
  endToEnd,
  immediate,
  immediateFloor,
  createToCa,
  express,
  isolation,
  memory,
];

/** The rows with a figure whose name begins so, or that such a name begins with; all without any. */
export function rowsNamed(wanted: readonly string[]): readonly Row[] {
  if (wanted.length === 0) return ROWS;
  const meant = (name: string) =>
    wanted.some((text) => name.startsWith(text) || text.startsWith(name));
  return ROWS.filter(({ names }) => names.some(meant));
}
