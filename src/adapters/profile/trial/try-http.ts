import type { CommandType } from "../../../requests/command.js";
import type { HttpAnswer } from "../http/answer-reader.js";
import type { RequestLayout } from "../http/request-layout.js";
import type { HttpProtocol } from "../http-protocol.js";
import type { Received } from "../message/received.js";
import type { SendScope } from "../template/send-scope.js";
import { type AnswerTrial, shown } from "./try-answer.js";

/** A request as it would be sent. */
export interface HttpTrial {
  readonly readable: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Writes a request. Throws an `UnwritableValue`. */
export function tryHttpRequest(layout: RequestLayout, scope: SendScope): HttpTrial {
  const { readable, method, path, headers, body } = layout.write(scope);
  return { readable, method, path, headers, ...(body !== undefined && { body: String(body) }) };
}

/** What an answer to the request would mean. */
export function tryHttpAnswer(
  protocol: HttpProtocol,
  layout: RequestLayout,
  answer: HttpAnswer,
  command?: CommandType,
): AnswerTrial {
  const received = protocol.read(layout, answer);
  const isLogin = protocol.login?.request === layout;
  return shown(
    { rules: protocol.rules, login: isLogin ? protocol.login : undefined },
    received,
    shownFields(received),
    command,
  );
}

function shownFields({ layout, values }: Received) {
  return layout.fields.flatMap(({ name, secret, show }, slot) => {
    const value = values[slot];
    if (value === undefined) return [];
    const list = typeof value === "object" ? value : [value];
    return list.map((each) => ({ field: name, value: secret ? "****" : show(each) }));
  });
}
