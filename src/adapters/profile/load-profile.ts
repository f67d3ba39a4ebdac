import type { Checked } from "../../config/config-fault.js";
import { checkCommon } from "./check-common.js";
import { compileStream } from "./compile-stream.js";
import type { StreamProfile } from "./format/profile-section.js";
import { readProfile } from "./format/read-profile.js";
import type { StreamProtocol } from "./stream-protocol.js";

/** A profile as it is written, and made ready. */
export interface LoadedProfile {
  readonly source: StreamProfile;
  readonly protocol: StreamProtocol;
}

/** Reads a profile's text, or tells all that is wrong with it. */
export function loadProfile(file: string, text: string): Checked<LoadedProfile> {
  return readProfile(file, text, (source, fault) => {
    checkCommon(source, fault);
    return { source, protocol: compileStream(source, fault) };
  });
}
