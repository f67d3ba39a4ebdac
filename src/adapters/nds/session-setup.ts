import { connect } from "node:net";
import type { ConnectOptions, ConnectResult } from "../ca-adapter.js";
import type { Answer } from "./answer.js";
import { answerMessage } from "./answer.js";
import type { ConnectionSettings } from "./connection-settings.js";
import { encodeMessage } from "./encode-message.js";
import { Link } from "./link.js";
import { NdsSession } from "./nds-session.js";
import { readableForm } from "./readable-form.js";

/** SESSION_* messages are counted per connection, SESSION_SETUP being the first. */
const SETUP_TRANSACTION = 1;

/**
 * Opens a connection and sets a session up on it: *connecting*, until TCP is there or the connect
 * timeout is over; *asking*, from SESSION_SETUP to SESSION_STATUS or the response timeout; then
 * the link is the session's. Whatever goes wrong on the way breaks the link, and the attempt ends
 * with its reason once the socket is closed.
 */
export function setUpSession(
  settings: ConnectionSettings,
  options: ConnectOptions,
): Promise<ConnectResult> {
  const { clock, signal } = options;
  const { host, port, connectTimeoutMs, responseTimeoutMs } = settings;
  let setup: Buffer;
  try {
    setup = setupFrame(settings, options);
  } catch (error) {
    return Promise.resolve(unavailable(`SESSION_SETUP cannot be written: ${String(error)}`));
  }
  if (signal.aborted) return Promise.resolve(unavailable("the attempt was given up"));

  return new Promise((resolve) => {
    const link = new Link(connect({ host, port, noDelay: true }), clock, {
      connected() {
        cancelTimer();
        cancelTimer = clock.setTimer(responseTimeoutMs, () =>
          link.fail(`no SESSION_STATUS within ${responseTimeoutMs} ms`),
        );
        link.write(setup);
      },
      answered(answer) {
        if (answer.transaction !== SETUP_TRANSACTION) {
          options.onDroppedAnswer?.("UNEXPECTED");
        } else if (answer.name === "SESSION_STATUS" && answer.lastTransaction !== undefined) {
          leave();
          const session = new NdsSession(link, settings, options, {
            lastTransaction: answer.lastTransaction,
            usedSessionTransaction: SETUP_TRANSACTION,
          });
          resolve({ kind: "connected", session });
        } else {
          link.fail(refusalText(answer));
        }
      },
      broke: leave,
    });
    const giveUp = () => link.fail("the attempt was given up");
    let cancelTimer = clock.setTimer(connectTimeoutMs, () =>
      link.fail(`no connection within ${connectTimeoutMs} ms`),
    );
    signal.addEventListener("abort", giveUp);

    function leave(): void {
      cancelTimer();
      signal.removeEventListener("abort", giveUp);
    }
    // Without effect once the session stands.
    void link.ended.then((reason) => resolve(unavailable(`${host}:${port}: ${reason}`)));
  });
}

function setupFrame(settings: ConnectionSettings, { slot, epoch }: ConnectOptions): Buffer {
  return encodeMessage({
    name: "SESSION_SETUP",
    parameters: [
      ["transaction", SETUP_TRANSACTION],
      ["source_id", settings.sourceId],
      ["password", settings.password],
      ["slot", slot],
      ["epoch", epoch],
    ],
  });
}

function refusalText(answer: Answer): string {
  switch (answer.name) {
    case "SESSION_STATUS":
      return "the CA system answered SESSION_SETUP without a readable last_transaction";
    case "COMMAND_REJECTED":
      return `the CA system refused the session: ${answer.code} ${answer.description}`.trimEnd();
    case "COMMAND_ACCEPTED":
    case "COMMAND_BUSY":
    case "UNREADABLE":
      return `the CA system answered SESSION_SETUP with ${readableForm(answerMessage(answer))}`;
  }
}

function unavailable(text: string): ConnectResult {
  return { kind: "unavailable", text };
}
