import type {
  GetPairingStatusRequest,
  PairDevicesRequest,
  UnpairDevicesRequest,
} from "../../gen/provisioning/v1/pairing_commands.js";
import { plainCommand, type ReadCommand, readCreate } from "./create.js";
import { requiredSetTopBoxIdentifier } from "./item-identifier.js";

export const readPairDevices: ReadCommand<PairDevicesRequest> = (
  violations,
  message,
  createdBy,
  now,
) => {
  const setTopBox = requiredSetTopBoxIdentifier(violations, message.setTopBoxIdentifier);
  const command = { type: "PAIR", setTopBox } as const;
  return { create: readCreate(violations, message, command, createdBy, now), pin: undefined };
};

export const readUnpairDevices: ReadCommand<UnpairDevicesRequest> = plainCommand({
  type: "UNPAIR",
});

export const readGetPairingStatus: ReadCommand<GetPairingStatusRequest> = plainCommand({
  type: "GET_PAIRING_STATUS",
});
