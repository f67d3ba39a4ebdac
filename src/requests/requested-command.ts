import type { Command } from "./command.js";
import type { SmartcardIdentifier } from "./create-request.js";

/** A set-top box as callers name it. */
export type SetTopBoxIdentifier = SmartcardIdentifier;

type Addressed = "AUTHORISE_SERVICES" | "CANCEL_SERVICES" | "PAIR";

/** A command as a caller asks for it: services by their codes, a box by one of its names. */
export type RequestedCommand =
  | Exclude<Command, { readonly type: Addressed }>
  | {
      readonly type: "AUTHORISE_SERVICES";
      readonly services: readonly string[];
      readonly start?: number;
      readonly end?: number;
    }
  | { readonly type: "CANCEL_SERVICES"; readonly services: readonly string[] }
  | { readonly type: "PAIR"; readonly setTopBox: SetTopBoxIdentifier };

/** What was asked for when this command was created. */
export function requestedAgain(command: Command): RequestedCommand {
  switch (command.type) {
    case "AUTHORISE_SERVICES":
    case "CANCEL_SERVICES":
      return { ...command, services: command.services.map(({ code }) => code) };
    case "PAIR":
      return { type: command.type, setTopBox: { by: "id", value: command.setTopBox.id } };
    default:
      return command;
  }
}
