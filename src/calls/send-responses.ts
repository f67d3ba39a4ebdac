import type { PullDesk } from "../pull/pull-desk.js";
import { ServiceError } from "../requests/service-error.js";
import type { PullReport } from "../store/pull-store.js";
import { batchSize } from "./fields/batch-size.js";
import { type Violations, validate } from "./fields/violations.js";

/**
 * Applies answers to requests that were fetched; why each that is not applied is not, by its place.
 * A fault of an answer is a failure of that one, not of the call. `field`: what holds the answers.
 */
export async function sendResponses<Response>(
  desk: Pick<PullDesk, "answer">,
  responses: readonly Response[],
  field: string,
  read: (violations: Violations, response: Response) => PullReport,
): Promise<ReadonlyMap<number, ServiceError>> {
  validate((violations) => batchSize(violations, field, responses));
  const errors = new Map<number, ServiceError>();
  const sound: { readonly index: number; readonly report: PullReport }[] = [];
  for (const [index, response] of responses.entries()) {
    try {
      sound.push({ index, report: validate((violations) => read(violations, response)) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.set(index, error);
    }
  }
  const faults = await desk.answer(sound.map(({ report }) => report));
  for (const [i, fault] of faults.entries()) {
    const index = sound[i]?.index;
    if (fault !== undefined && index !== undefined) errors.set(index, new ServiceError([fault]));
  }
  return errors;
}
