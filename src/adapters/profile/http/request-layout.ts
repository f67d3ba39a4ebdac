import { UnwritableValue } from "../fields/output.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { RequestSection } from "../format/http-section.js";
import type { SendScope } from "../template/send-scope.js";
import type { Find } from "../template/template.js";
import { bodyOf, formText } from "./body.js";
import { checkHeader, escapeUrl } from "./escapes.js";
import { pairs } from "./pairs.js";
import { textTemplate } from "./text-template.js";

/** A request, ready to go. */
export interface WrittenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** As people read it: without headers, secrets masked. */
  readonly readable: string;
}

/** A request of ours. */
export interface RequestLayout {
  readonly name: string;
  readonly variables: ReadonlySet<string>;
  /** Throws an `UnwritableValue`. */
  write(scope: SendScope): WrittenRequest;
}

/** What every request of a profile has. */
export interface RequestTools {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly find: Find<SendScope>;
}

/** Makes what writes one request. */
export function requestLayout(
  name: string,
  section: RequestSection,
  tools: RequestTools,
  fault: FaultSink,
): RequestLayout {
  const { find } = tools;
  const path = textTemplate(section.path, find, escapeUrl, (text) => fault(["path"], text));
  const query = pairs(section.query, find, escapeUrl, (at, text) => fault(["query", ...at], text));
  const all = { ...tools.headers, ...section.headers };
  const headers = pairs(all, find, checkHeader, (at, text) => fault(["headers", ...at], text));
  for (const header of Object.keys(all)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header)) fault(["headers", header], "is no header");
    // They say how the request is framed, which is not the profile's to say.
    if (/^(?:content-length|transfer-encoding|connection|host)$/i.test(header)) {
      fault(["headers", header], "is written by the engine");
    }
  }
  const body =
    section.body && bodyOf(section.body, find, (at, text) => fault(["body", ...at], text));
  if (body !== undefined && section.method === "GET") fault(["body"], "means nothing with GET");

  function target(scope: SendScope, masked: boolean): string {
    const list = query.render(scope, masked);
    const resource = path.render(scope, masked);
    return list.length === 0 ? resource : `${resource}?${formText(list)}`;
  }

  return {
    name,
    variables: new Set([
      ...path.variables,
      ...query.variables,
      ...headers.variables,
      ...(body?.variables ?? []),
    ]),
    write(scope) {
      try {
        const text = body?.render(scope, false);
        const bytes = text === undefined ? undefined : Buffer.from(text);
        const shown = body === undefined ? "" : ` ${body.render(scope, true)}`;
        return {
          method: section.method,
          path: target(scope, false),
          headers: {
            ...(body !== undefined && { "content-type": body.type }),
            ...(bytes !== undefined && { "content-length": String(bytes.length) }),
            ...Object.fromEntries(headers.render(scope, false)),
          },
          body: bytes,
          readable: `${name} ${section.method} ${target(scope, true)}${shown}`,
        };
      } catch (error) {
        if (error instanceof UnwritableValue)
          throw new UnwritableValue(`${name}: ${error.message}`, error.ofSession);
        throw error;
      }
    },
  };
}
