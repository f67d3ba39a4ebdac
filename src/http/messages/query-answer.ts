import { z } from "zod";
import type { QueryAnswer } from "../../requests/query-answer.js";
import { serviceObject, serviceSchema, setTopBoxObject, setTopBoxSchema } from "./references.js";

/** What a CA system told: one member, that of the query. */
export const queryAnswerSchema = z
  .strictObject({
    active_services: z.strictObject({ services: z.array(serviceSchema) }),
    pairing_status: z.strictObject({ set_top_boxes: z.array(setTopBoxSchema) }),
  })
  .partial()
  .describe("What the CA system told in answer to a query.");

export function queryAnswerObject(answer: QueryAnswer): z.output<typeof queryAnswerSchema> {
  switch (answer.kind) {
    case "ACTIVE_SERVICES":
      return { active_services: { services: answer.services.map(serviceObject) } };
    case "PAIRING_STATUS":
      return { pairing_status: { set_top_boxes: answer.setTopBoxes.map(setTopBoxObject) } };
  }
}
