import type { ConnectOptions, ConnectResult } from "../../ca-adapter.js";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import type { StreamProtocol } from "../stream-protocol.js";
import type { ProbedSession } from "../test-connection.js";
import { type OpenedSocket, openSocket } from "../transport/open-socket.js";
import { NONE_USED } from "./correlations.js";
import { Link } from "./link.js";
import { ProfileSession } from "./profile-session.js";
import { Writer } from "./writer.js";

/**
 * Opens a connection and sets a session up on it: *connecting*, until the connection is there or
 * the connect timeout is over; *asking*, from the login to its answer or the response timeout; then
 * the link is the session's. A profile without a login skips *asking*. A session whose keep-alive or
 * good-bye cannot be written, say with what the login gave, does not begin. Whatever goes wrong on
 * the way breaks the link, and the attempt ends with its reason once the socket is closed.
 */
export function setUpSession(
  protocol: StreamProtocol,
  settings: ConnectionSettings,
  options: ConnectOptions,
): Promise<ConnectResult<ProbedSession>> {
  const { clock, signal } = options;
  const { host, port, connectTimeoutMs, responseTimeoutMs } = settings;
  const { login } = protocol;
  const correlations = protocol.newCorrelations();
  const writer = new Writer(settings.own, options);
  const correlation = correlations.ofSession(NONE_USED);
  const asking = login && writer.writeOwn(login.layout, correlation);
  let opened: OpenedSocket;
  let refused = false;
  if (asking && "fault" in asking) return Promise.resolve(unavailable(asking.fault));
  if (signal.aborted) return Promise.resolve(unavailable("the attempt was given up"));
  try {
    opened = openSocket(settings);
  } catch (error) {
    return Promise.resolve(unavailable(`${host}:${port}: ${String(error)}`));
  }

  return new Promise((resolve) => {
    const link = new Link(opened, protocol, clock, {
      connected() {
        cancelTimer();
        if (login === undefined || asking === undefined) {
          open(0);
          return;
        }
        cancelTimer = clock.setTimer(responseTimeoutMs, () =>
          link.fail(`no ${login.answers} within ${responseTimeoutMs} ms`),
        );
        link.write(asking.frame);
      },
      answered(answer) {
        if (login === undefined || answer.correlation !== correlation) {
          options.onDroppedAnswer?.("UNEXPECTED");
          return;
        }
        const verdict = login.decide(answer);
        if (verdict.kind === "open") {
          writer.keep(verdict.kept);
          open(verdict.lastTransaction);
        } else {
          refused = true;
          link.fail(verdict.text);
        }
      },
      broke: leave,
    });
    const giveUp = () => link.fail("the attempt was given up");
    let cancelTimer = clock.setTimer(connectTimeoutMs, () =>
      link.fail(`no connection within ${connectTimeoutMs} ms`),
    );
    signal.addEventListener("abort", giveUp);

    function open(lastTransaction: number): void {
      for (const layout of [protocol.keepAlive?.layout, protocol.close]) {
        const written = layout && writer.writeOwn(layout, correlation);
        if (written && "fault" in written) {
          link.fail(written.fault);
          return;
        }
      }
      leave();
      const setUp = { lastTransaction, correlations, writer };
      const session = new ProfileSession(protocol, link, settings, options, setUp);
      resolve({ kind: "connected", session });
    }
    function leave(): void {
      cancelTimer();
      signal.removeEventListener("abort", giveUp);
    }
    // Without effect once the session stands.
    void link.ended.then((reason) => resolve(unavailable(`${host}:${port}: ${reason}`, refused)));
  });
}

function unavailable(text: string, refused = false): ConnectResult<never> {
  return { kind: "unavailable", text, ...(refused && { refused }) };
}
