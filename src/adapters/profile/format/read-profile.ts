import type { Checked, ConfigFault } from "../../../config/config-fault.js";
import { parse } from "../../../config/section.js";
import { parseYaml } from "../../../config/yaml-source.js";
import type { FaultSink } from "./fault-sink.js";
import { type AnyProfile, anyProfile } from "./profile-section.js";

/** Makes something of a profile that has the form, noting what does not fit together. */
export type Compile<T> = (profile: AnyProfile, fault: FaultSink) => T;

/** Reads the text of a profile, or tells all that is wrong with it, by line. */
export function readProfile<T>(file: string, text: string, compile: Compile<T>): Checked<T> {
  // A profile says what a protocol is: nothing in it depends on the environment.
  const source = parseYaml(file, text, undefined);
  const faults: ConfigFault[] = [...source.faults];
  const fault: FaultSink = (path, description) => faults.push(source.faultAt(path, description));
  if (faults.length > 0) return { faults };
  const profile = parse(anyProfile, source.value ?? {}, fault);
  if (profile === undefined) return { faults };
  const value = compile(profile, fault);
  return faults.length > 0 ? { faults } : { value };
}
