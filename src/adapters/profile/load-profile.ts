import type { Checked } from "../../config/config-fault.js";
import { checkCommon } from "./check-common.js";
import { compileHttp } from "./compile-http.js";
import { compileStream } from "./compile-stream.js";
import type { HttpProfile } from "./format/http-section.js";
import type { StreamProfile } from "./format/profile-section.js";
import { readProfile } from "./format/read-profile.js";
import type { HttpProtocol } from "./http-protocol.js";
import type { StreamProtocol } from "./stream-protocol.js";

/** A profile of messages on a connection, as it is written and made ready. */
export interface LoadedStream {
  readonly carrier: "stream";
  readonly source: StreamProfile;
  readonly protocol: StreamProtocol;
}

/** A profile of HTTP requests, as it is written and made ready. */
export interface LoadedHttp {
  readonly carrier: "http";
  readonly source: HttpProfile;
  readonly protocol: HttpProtocol;
}

export type LoadedProfile = LoadedStream | LoadedHttp;

/** Reads a profile's text, or tells all that is wrong with it. */
export function loadProfile(file: string, text: string): Checked<LoadedProfile> {
  return readProfile<LoadedProfile>(file, text, (source, fault) => {
    checkCommon(source, fault);
    switch (source.transport) {
      case "tcp":
      case "tls":
        return { carrier: "stream", source, protocol: compileStream(source, fault) };
      case "http":
      case "https":
        return { carrier: "http", source, protocol: compileHttp(source, fault) };
    }
  });
}
