import { z } from "zod";
import { endpoint } from "../endpoint.js";
import { answerCreate, CREATE_REQUIRED, createData, createShape } from "./create.js";

const COMMAND = { type: "REAUTHORISE_ALL_SERVICES" } as const;

export const reauthoriseAllServices = endpoint({
  method: "POST",
  path: "/nds/provisioning_requests/reauthorise_all_services",
  summary: "Re-authorise all services of a smartcard",
  description: "Has the CA system send a card the rights it has once more.",
  authenticated: true,
  parameters: z.strictObject(createShape).meta(CREATE_REQUIRED),
  data: createData,
  answer: (deps, call, parameters) =>
    answerCreate(deps, call, parameters, () => ({ command: COMMAND, pin: undefined })),
});
