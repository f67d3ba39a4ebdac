import type { ConnectOptions, ConnectResult } from "../../ca-adapter.js";
import type { HttpProtocol } from "../http-protocol.js";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import type { ProbedSession } from "../test-connection.js";
import { HttpLine } from "./http-line.js";
import { HttpSession } from "./http-session.js";
import { tryReach } from "./reachable.js";
import { RequestWriter } from "./request-writer.js";
import { TimedRequest } from "./timed-request.js";

/**
 * Sets a session up: asks with the profile's login, or, where it has none, looks whether the CA
 * system takes a connection.
 */
export function setUpHttpSession(
  protocol: HttpProtocol,
  settings: ConnectionSettings,
  options: ConnectOptions,
): Promise<ConnectResult<ProbedSession>> {
  const { clock, signal } = options;
  const { login } = protocol;
  const where = `${settings.host}:${settings.port}`;
  if (signal.aborted) return Promise.resolve(unavailable("the attempt was given up"));
  const writer = new RequestWriter(settings.own, options);
  let line: HttpLine;
  try {
    line = new HttpLine(settings, protocol.maxBody);
  } catch (error) {
    return Promise.resolve(unavailable(`${where}: ${String(error)}`));
  }

  return new Promise((resolve) => {
    let stop: () => void = () => undefined;
    const giveUp = () => {
      stop();
      fail("the attempt was given up");
    };
    signal.addEventListener("abort", giveUp);

    function fail(reason: string, refused = false): void {
      signal.removeEventListener("abort", giveUp);
      void line.close().then(() => resolve(unavailable(`${where}: ${reason}`, refused)));
    }
    function open(lastTransaction: number): void {
      signal.removeEventListener("abort", giveUp);
      const setUp = { lastTransaction, line, writer };
      resolve({ kind: "connected", session: new HttpSession(protocol, settings, options, setUp) });
    }

    try {
      if (login === undefined) {
        stop = tryReach(settings, clock, (fault) => (fault === undefined ? open(0) : fail(fault)));
        return;
      }
      const timed = new TimedRequest(line, clock, settings, writer.write(login.request), {
        answered: (answer) => {
          const verdict = login.decide(protocol.read(login.request, answer));
          if (verdict.kind === "refused") {
            fail(verdict.text, true);
            return;
          }
          writer.keep(verdict.kept);
          open(verdict.lastTransaction);
        },
        failed: (reason) => fail(reason),
      });
      stop = () => timed.drop();
    } catch (error) {
      fail(`${login?.request.name ?? "the connection"} cannot be made: ${String(error)}`);
    }
  });
}

function unavailable(text: string, refused = false): ConnectResult<never> {
  return { kind: "unavailable", text, ...(refused && { refused }) };
}
