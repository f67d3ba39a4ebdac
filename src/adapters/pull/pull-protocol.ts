import { z } from "zod";
import { parse } from "../../config/section.js";
import { COMMAND_TYPES, type CommandType } from "../../requests/command.js";
import { PULL_PROTOCOL } from "../../requests/pulled.js";
import type { CaAdapter, CaProtocol, ConnectionFault } from "../ca-adapter.js";
import { caIdCheck } from "../profile/ca-id-check.js";
import { caIdSection } from "../profile/format/settings-section.js";

/** Cards in hand at once by default: twenty of the largest claims. */
const WINDOW = 1000;

const PRINTABLE = /^[\x20-\x7e]{1,64}$/;

/** The `connection` of such a provider: nothing is connected to, so there is little to say. */
const connectionSection = z.strictObject({
  /** What a card's CA id looks like; as in profiles. */
  ca_id: caIdSection
    .refine(({ min, max }) => min <= max, { path: ["max"], error: "must not be less than min" })
    .optional(),
});

const commands = new Set(Object.keys(COMMAND_TYPES) as CommandType[]);

/**
 * For a CA system of which another party's software takes care: that fetches what waits for the
 * provider and posts what became of it. Every command can be handed out; nothing is dialled.
 */
export const pullProtocol: CaProtocol = {
  name: PULL_PROTOCOL,
  secretSettings: new Set(),
  configure(connection) {
    const faults: ConnectionFault[] = [];
    const settings = parse(connectionSection, connection, (path, description) =>
      faults.push({ field: path.join("."), description }),
    );
    return settings === undefined ? { faults } : { adapter: adapterOf(settings.ca_id) };
  },
};

const NOT_DIALLED = "this provider is not dialled: its own system fetches requests";

function adapterOf(caId: z.infer<typeof caIdSection> | undefined): CaAdapter {
  const checkCaId = caId === undefined ? checkPrintable : caIdCheck(caId);
  return {
    connections: 0,
    window: WINDOW,
    tellsEpoch: false,
    commands,
    checkName(kind, name) {
      switch (kind) {
        case "SMARTCARD":
        case "SET_TOP_BOX":
          return checkCaId(name);
        case "SERVICE":
          return checkPrintable(name);
        case "SUBSCRIPTION_NUMBER":
          return undefined;
      }
    },
    // Handed out as JSON or protobuf, whatever it is: the third party's protocol is not known here.
    checkCommand: () => [],
    connect: async () => ({ kind: "unavailable", text: NOT_DIALLED }),
    test: async () => ({ kind: "failed", text: NOT_DIALLED }),
  };
}

function checkPrintable(caId: string): string | undefined {
  return PRINTABLE.test(caId) ? undefined : "must be 1 to 64 printable characters of ASCII";
}
