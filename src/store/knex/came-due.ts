/** A lane that sleeps though its time has come: no claim has promoted it yet. */
export const CAME_DUE = "lanes.owner IS NULL AND lanes.wake_date <= $now";

/** The highest rank among a lane's due requests; scheduled ones count from their date on. */
export const HIGHEST_DUE_RANK = `coalesce((SELECT max(w.lane_rank) FROM waiting w
  WHERE w.provider = lanes.provider AND w.ca_id = lanes.ca_id
    AND w.lane_rank > 0 AND w.due_date <= $now), 0)`;
