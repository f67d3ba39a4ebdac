import { z } from "zod";
import type { AnsweredService, AnsweredSetTopBox } from "../../requests/query-answer.js";

/** A service under both its names. */
export const serviceSchema = z.strictObject({
  code: z.string().optional().describe("The code that callers know; the provider may have none."),
  ca_id: z.string().describe("Its id at the CA system."),
});

export function serviceObject({ code, caId }: AnsweredService): z.output<typeof serviceSchema> {
  return { code, ca_id: caId };
}

/** A set-top box; only its CA id where the inventory does not know it. */
export const setTopBoxSchema = z.strictObject({
  id: z.string().optional(),
  serial_number: z.string().optional(),
  alternative_code: z.string().optional(),
  ca_id: z.string().describe("The number by which the CA system knows the box."),
});

export function setTopBoxObject(box: AnsweredSetTopBox): z.output<typeof setTopBoxSchema> {
  return {
    id: box.id,
    serial_number: box.serialNumber,
    alternative_code: box.alternativeCode,
    ca_id: box.caId,
  };
}
