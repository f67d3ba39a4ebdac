import type { CommandDraft, CommandFault } from "../../../requests/command-draft.js";
import type { CaCommand, CaNameKind } from "../../ca-adapter.js";
import { caIdCheck } from "../ca-id-check.js";
import { UnwritableValue } from "../fields/output.js";
import type { LoadedProfile } from "../load-profile.js";
import { rememberedFields } from "../template/remembered-fields.js";
import type { ProfileSettings, SendScope } from "../template/send-scope.js";
import { OPTIONAL_PARTS } from "./command-parts.js";
import { declaredFaults, declaredNameFault } from "./declared-limits.js";
import { type Rehearsal, rehearsalOf } from "./rehearsal.js";

/** What tells whether the protocol can say a command, or a name, without saying it. */
export interface CommandCheck {
  command(draft: CommandDraft): readonly CommandFault[];
  name(kind: CaNameKind, name: string): string | undefined;
}

/** Any date that every form of date can say. */
const SOME_DATE = Date.UTC(2026, 0, 1);

/**
 * Makes the check of a profile with a provider's settings. What the profile's fields can hold is
 * not declared a second time: the command is written, to nowhere.
 */
export function commandCheck(profile: LoadedProfile, settings: ProfileSettings): CommandCheck {
  const { ca_id, limits, session } = profile.source;
  const rehearsal = rehearsalOf(profile);
  const cardFault = caIdCheck(ca_id);
  const remembered = [...rememberedFields(session.login, () => false).keys()];
  const scope: SendScope = {
    settings,
    slot: 0,
    epoch: 1,
    kept: Object.fromEntries(remembered.map((name) => [name, "x"])),
    now: SOME_DATE,
    correlation: rehearsal.correlation,
    command: undefined,
  };

  return {
    command(draft) {
      const { command } = draft;
      const found = declaredFaults(limits, draft);
      addUnsaid(found, rehearsal, draft);
      const wrongCard = cardFault(draft.caId);
      if (wrongCard !== undefined) found.push({ part: "smartcard", description: wrongCard });
      scope.command = rehearsed(draft);
      for (const fault of rehearsal.faults(command.type, scope)) {
        // What is declared is told in its own words.
        if (!found.some(({ part }) => part === fault.part)) found.push(fault);
      }
      return found;
    },
    name(kind, name) {
      const declared =
        kind === "SMARTCARD" ? cardFault(name) : declaredNameFault(limits, kind, name);
      if (declared !== undefined) return declared;
      scope.command = named(kind, name);
      for (const write of rehearsal.fieldsOf(kind)) {
        try {
          write(scope);
        } catch (error) {
          if (error instanceof UnwritableValue) return error.message;
          throw error;
        }
      }
      return undefined;
    },
  };
}

/** Adds what was given though the protocol has no place for it. */
function addUnsaid(found: CommandFault[], rehearsal: Rehearsal, { command }: CommandDraft): void {
  for (const { part, key } of OPTIONAL_PARTS) {
    const value = (command as { readonly [key: string]: unknown })[key];
    if (value === undefined || rehearsal.variablesOf(command.type).has(part)) continue;
    found.push({ part, description: "is nothing that its protocol can say" });
  }
}

function rehearsed({ caId, subscriptionNumber, command, pinDigits }: CommandDraft): CaCommand {
  const plain = { transaction: 1, caId, subscriptionNumber, command };
  return pinDigits === undefined ? plain : { ...plain, pin: "0".repeat(pinDigits) };
}

/** A command that has the name. */
function named(kind: CaNameKind, name: string): CaCommand {
  const base = { transaction: 1, caId: name, subscriptionNumber: name };
  switch (kind) {
    case "SMARTCARD":
    case "SUBSCRIPTION_NUMBER":
      return { ...base, command: { type: "REAUTHORISE_ALL_SERVICES" } };
    case "SET_TOP_BOX": {
      const setTopBox = { id: "", serialNumber: "", caId: name };
      return { ...base, command: { type: "PAIR", setTopBox } };
    }
    case "SERVICE":
      return {
        ...base,
        command: { type: "CANCEL_SERVICES", services: [{ code: "", caId: name }] },
      };
  }
}
