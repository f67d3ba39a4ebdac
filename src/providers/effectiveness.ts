/** Life cycle states of what is configured: only what is EFFECTIVE does its work. */
export const EFFECTIVENESS = ["EFFECTIVE", "NOT_EFFECTIVE"] as const;
export type Effectiveness = (typeof EFFECTIVENESS)[number];
