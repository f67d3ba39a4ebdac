import type { AnswerTrial } from "../adapters/profile/trial/try-answer.js";
import type { Trial } from "../adapters/profile/trial/try-profile.js";
import type { ShownField } from "../adapters/profile/trial/try-request.js";

/** A trial as people read it. */
export function trialText({ request, answer }: Trial): string {
  const lines = [
    `request: ${request.readable}`,
    `${request.bytes.length / 2} bytes: ${request.bytes}`,
    ...fieldLines(request.fields),
  ];
  for (const message of answer?.messages ?? []) lines.push("", ...answerLines(message));
  if (answer?.incomplete === true) lines.push("", "a message has begun and is not complete");
  return lines.join("\n");
}

function answerLines(answer: AnswerTrial): string[] {
  const { readable, fields, answers, outcome, rule, login, ends_session } = answer;
  const lines = [`answer: ${readable}`, ...fieldLines(fields), `answers: ${answers}`];
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
  const header = { offset: "offset", bytes: "bytes", field: "field", value: "value" };
  const rows = [header, ...fields.map((field) => ({ ...field, offset: String(field.offset) }))];
  const width = (key: "offset" | "bytes" | "field") =>
    Math.min(40, Math.max(...rows.map((row) => row[key].length)));
  const widths = { offset: width("offset"), bytes: width("bytes"), field: width("field") };
  return rows.map(({ offset, bytes, field, value }) =>
    [
      offset.padStart(widths.offset),
      bytes.padEnd(widths.bytes),
      field.padEnd(widths.field),
      value,
    ].join("  "),
  );
}
