import type { CommandType } from "../../../requests/command.js";
import type { CommandFault } from "../../../requests/command-draft.js";
import type { CaNameKind } from "../../ca-adapter.js";
import { Output, UnwritableValue } from "../fields/output.js";
import type { Value } from "../fields/value.js";
import type { HttpProtocol } from "../http-protocol.js";
import type { LoadedProfile } from "../load-profile.js";
import type { FieldStep, SendLayout } from "../message/send-layout.js";
import { NONE_USED } from "../session/correlations.js";
import type { StreamProtocol } from "../stream-protocol.js";
import type { CommandVariableName } from "../template/command-variables.js";
import type { SendScope } from "../template/send-scope.js";
import { blamed, madeOf, needsSession } from "./command-parts.js";

/** Writes commands to nowhere, to see whether they can be written. */
export interface Rehearsal {
  /** What stands for what an answer would be known by. */
  readonly correlation: Value;
  /** The variables that the message of a command takes. */
  variablesOf(command: CommandType): ReadonlySet<string>;
  /** What cannot be written of the command in the scope. */
  faults(command: CommandType, scope: SendScope): readonly CommandFault[];
  /** What writes each kind of field that is made of such a name alone; throws an `UnwritableValue`. */
  fieldsOf(kind: CaNameKind): readonly ((scope: SendScope) => void)[];
}

const VARIABLES: Readonly<Record<CaNameKind, CommandVariableName>> = {
  SMARTCARD: "ca_id",
  SET_TOP_BOX: "set_top_box_ca_id",
  SERVICE: "services",
  SUBSCRIPTION_NUMBER: "subscription_number",
};

const NO_VARIABLES: ReadonlySet<string> = new Set();

export function rehearsalOf(profile: LoadedProfile): Rehearsal {
  return profile.carrier === "stream"
    ? streamRehearsal(profile.protocol)
    : httpRehearsal(profile.protocol);
}

function streamRehearsal({ commands, newCorrelations }: StreamProtocol): Rehearsal {
  const out = new Output();
  const fields = new Map<CaNameKind, readonly ((scope: SendScope) => void)[]>();
  return {
    correlation: newCorrelations().ofCommand(1, NONE_USED),
    variablesOf: (command) => commands.get(command)?.variables ?? NO_VARIABLES,
    faults(command, scope) {
      const layout = commands.get(command);
      if (layout === undefined) return [];
      const whole = needsSession(layout.variables) ? undefined : wholeFault(layout, scope, out);
      if (whole === undefined && !needsSession(layout.variables)) return [];
      const parts = partFaults(layout, scope, out);
      return parts.length > 0 || whole === undefined ? parts : [whole];
    },
    fieldsOf(kind) {
      const known = fields.get(kind);
      if (known !== undefined) return known;
      const made = distinctFields(commands.values(), VARIABLES[kind]).map(
        ({ step, name }) =>
          (scope: SendScope) => {
            out.begin(name);
            step(scope, out);
          },
      );
      fields.set(kind, made);
      return made;
    },
  };
}

function wholeFault(layout: SendLayout, scope: SendScope, out: Output): CommandFault | undefined {
  return attempt("whole", () => layout.encode(scope, out));
}

/** Field by field, so that all that is wrong is told at once. */
function partFaults(layout: SendLayout, scope: SendScope, out: Output): CommandFault[] {
  return layout.fields.flatMap(({ name, step, variables }) => {
    const part = blamed(variables);
    if (part === undefined || needsSession(variables)) return [];
    out.begin(name);
    return attempt(part, () => step(scope, out)) ?? [];
  });
}

/** The fields of all messages that are made of one variable, each form of them once. */
function distinctFields(
  layouts: Iterable<SendLayout>,
  variable: CommandVariableName,
): readonly FieldStep[] {
  const found = new Map<string, FieldStep>();
  for (const { fields } of layouts) {
    for (const field of fields) if (madeOf(field.variables, variable)) found.set(field.key, field);
  }
  return [...found.values()];
}

/** A request is written whole: its templates have no limits of their own, only values they refuse. */
function httpRehearsal({ commands }: HttpProtocol): Rehearsal {
  return {
    correlation: "",
    variablesOf: (command) => commands.get(command)?.variables ?? NO_VARIABLES,
    faults(command, scope) {
      const layout = commands.get(command);
      return layout === undefined ? [] : [attempt("whole", () => layout.write(scope)) ?? []].flat();
    },
    fieldsOf: () => [],
  };
}

function attempt(part: CommandFault["part"], write: () => void): CommandFault | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    if (error instanceof UnwritableValue) return { part, description: error.message };
    throw error;
  }
}
