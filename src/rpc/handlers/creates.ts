import type { CreateDeps } from "../../accept/create-and-wait.js";
import {
  readDisplayFingerprint,
  readSendMail,
  readSendOnScreenMessage,
} from "../validation/display-commands.js";
import {
  readGetPairingStatus,
  readPairDevices,
  readUnpairDevices,
} from "../validation/pairing-commands.js";
import { readReauthoriseAllServices } from "../validation/reauthorise-all-services.js";
import {
  readAuthoriseServices,
  readCancelServices,
  readGetActiveServices,
} from "../validation/service-commands.js";
import { readSetUserParameters } from "../validation/set-user-parameters.js";
import { createHandler } from "./create.js";

/** The handler of each command's own rpc. */
export function createHandlers(deps: CreateDeps) {
  return {
    reauthoriseAllServices: createHandler(deps, readReauthoriseAllServices),
    setUserParameters: createHandler(deps, readSetUserParameters),
    authoriseServices: createHandler(deps, readAuthoriseServices),
    cancelServices: createHandler(deps, readCancelServices),
    pairDevices: createHandler(deps, readPairDevices),
    unpairDevices: createHandler(deps, readUnpairDevices),
    sendMail: createHandler(deps, readSendMail),
    sendOnScreenMessage: createHandler(deps, readSendOnScreenMessage),
    displayFingerprint: createHandler(deps, readDisplayFingerprint),
    getActiveServices: createHandler(deps, readGetActiveServices),
    getPairingStatus: createHandler(deps, readGetPairingStatus),
  };
}
