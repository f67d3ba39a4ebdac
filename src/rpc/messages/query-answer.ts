import type { QueryAnswer as Message } from "../../gen/provisioning/v1/query_answer.js";
import type { QueryAnswer } from "../../requests/query-answer.js";
import { serviceMessage } from "./service.js";
import { setTopBoxMessage } from "./set-top-box.js";

/** What a CA system told as it goes over the wire. */
export function queryAnswerMessage(answer: QueryAnswer): Message {
  switch (answer.kind) {
    case "ACTIVE_SERVICES": {
      const services = answer.services.map(serviceMessage);
      return { answer: { $case: "activeServices", value: { services } } };
    }
    case "PAIRING_STATUS": {
      const setTopBoxes = answer.setTopBoxes.map(setTopBoxMessage);
      return { answer: { $case: "pairingStatus", value: { setTopBoxes } } };
    }
  }
}
