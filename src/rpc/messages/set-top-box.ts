import type { SetTopBoxReference } from "../../gen/provisioning/v1/set_top_box.js";
import type { AnsweredSetTopBox } from "../../requests/query-answer.js";

/** A set-top box as it goes over the wire. */
export function setTopBoxMessage(box: AnsweredSetTopBox): SetTopBoxReference {
  const { id = "", serialNumber = "", alternativeCode = "", caId } = box;
  return { id, serialNumber, alternativeCode, caId };
}
