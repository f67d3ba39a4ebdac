import { z } from "zod";
import type { Command } from "../../requests/command.js";
import type { TimeZone } from "../../requests/time-zone.js";
import { dateText } from "../dates/date-text.js";
import { serviceObject, serviceSchema, setTopBoxObject, setTopBoxSchema } from "./references.js";

const nothing = z.strictObject({});
const services = z.array(serviceSchema);
const seconds = z.int().nonnegative().describe("In seconds.");

/** What a command was given besides the subscription and the card: one member, the command's own. */
export const parametersSchema = z
  .strictObject({
    reauthorise_all_services: nothing,
    set_user_parameters: z.strictObject({ pin_operation: z.enum(["SET", "RESET"]) }),
    authorise_services: z.strictObject({
      services,
      start_date: z.string().optional(),
      end_date: z.string().optional(),
    }),
    cancel_services: z.strictObject({ services }),
    pair: z.strictObject({ set_top_box: setTopBoxSchema }),
    unpair: nothing,
    send_mail: z.strictObject({ text: z.string() }),
    send_on_screen_message: z.strictObject({
      text: z.string(),
      duration: seconds,
      repeat_interval: seconds.optional(),
    }),
    display_fingerprint: z.strictObject({ duration: seconds }),
    get_active_services: nothing,
    get_pairing_status: nothing,
  })
  .partial()
  .describe("What belongs to the command, but for PINs, which nothing returns.");

export function parametersObject(
  command: Command,
  zone: TimeZone,
): z.output<typeof parametersSchema> {
  const date = (ms: number | undefined) => (ms === undefined ? undefined : dateText(ms, zone));
  switch (command.type) {
    case "REAUTHORISE_ALL_SERVICES":
      return { reauthorise_all_services: {} };
    case "SET_USER_PARAMETERS":
      return { set_user_parameters: { pin_operation: command.pinOperation } };
    case "AUTHORISE_SERVICES":
      return {
        authorise_services: {
          services: command.services.map(serviceObject),
          start_date: date(command.start),
          end_date: date(command.end),
        },
      };
    case "CANCEL_SERVICES":
      return { cancel_services: { services: command.services.map(serviceObject) } };
    case "PAIR":
      return { pair: { set_top_box: setTopBoxObject(command.setTopBox) } };
    case "UNPAIR":
      return { unpair: {} };
    case "SEND_MAIL":
      return { send_mail: { text: command.text } };
    case "SEND_ON_SCREEN_MESSAGE":
      return {
        send_on_screen_message: {
          text: command.text,
          duration: command.durationSeconds,
          repeat_interval: command.repeatIntervalSeconds,
        },
      };
    case "DISPLAY_FINGERPRINT":
      return { display_fingerprint: { duration: command.durationSeconds } };
    case "GET_ACTIVE_SERVICES":
      return { get_active_services: {} };
    case "GET_PAIRING_STATUS":
      return { get_pairing_status: {} };
  }
}
