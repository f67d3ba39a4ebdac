import type { Path } from "../../../config/yaml-source.js";

/** Takes what is wrong with a profile, and where. */
export type FaultSink = (path: Path, description: string) => void;
