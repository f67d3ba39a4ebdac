import type { AnswerTrial } from "../adapters/profile/trial/try-answer.js";
import type { Trial } from "../adapters/profile/trial/try-profile.js";
import type { ShownField } from "../adapters/profile/trial/try-request.js";

/** A trial as people read it. */
export function trialText({ request, answer }: Trial): string {
  const lines = [`request: ${request.readable}`, ...requestLines(request)];
  for (const message of answer?.messages ?? []) lines.push("", ...answerLines(message));
  if (answer?.incomplete === true) lines.push("", "a message has begun and is not complete");
  return lines.join("\n");
}

function requestLines(request: Trial["request"]): string[] {
  if ("bytes" in request) {
    const { bytes, fields } = request;
    return [`${bytes.length / 2} bytes: ${bytes}`, ...fieldLines(fields)];
  }
  const { method, path, headers, body } = request;
  const list = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path}`, ...list, ...(body === undefined ? [] : ["", body])];
}

function answerLines(answer: AnswerTrial): string[] {
  const { readable, fields, answers, outcome, rule, login, ends_session } = answer;
  const lines = [`answer: ${readable}`, ...fieldLines(fields)];
  if (answers !== undefined) lines.push(`answers: ${answers}`);
  if (outcome !== undefined) {
    const by = rule === undefined ? "no rule" : `rule ${rule}`;
    lines.push(`outcome, by ${by}: ${JSON.stringify(outcome)}`);
  }
  if (login !== undefined) lines.push(`to the login: ${JSON.stringify(login)}`);
  if (outcome === undefined && login === undefined) lines.push("outcome: none, no rule is for it");
  if (ends_session === true) lines.push("the session ends");
  return lines;
}

function fieldLines(fields: readonly ShownField[]): string[] {
  if (fields.every(({ offset }) => offset === undefined)) {
    return fields.map(({ field, value }) => `  ${field}: ${value}`);
  }
  const rows = [
    ["offset", "bytes", "field", "value"] as const,
    ...fields.map(
      ({ offset = 0, bytes = "", field, value }) => [String(offset), bytes, field, value] as const,
    ),
  ];
  const width = (column: 0 | 1 | 2) =>
    Math.min(40, Math.max(...rows.map((row) => row[column].length)));
  const [first, second, third] = [width(0), width(1), width(2)];
  return rows.map(([offset, bytes, field, value]) =>
    [offset.padStart(first), bytes.padEnd(second), field.padEnd(third), value].join("  "),
  );
}
