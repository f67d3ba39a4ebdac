import type { Clock } from "../../../requests/clock.js";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import { openSocket } from "../transport/open-socket.js";

/**
 * Tries whether the CA system takes a connection. `done` is told once, with why not; what is
 * returned gives up, after which it is told nothing.
 */
export function tryReach(
  settings: ConnectionSettings,
  clock: Clock,
  done: (fault: string | undefined) => void,
): () => void {
  const { connectTimeoutMs } = settings;
  const { socket, ready } = openSocket(settings);
  let over = false;
  const end = (tell: () => void) => {
    if (over) return;
    over = true;
    cancelTimer();
    socket.destroy();
    tell();
  };
  const cancelTimer = clock.setTimer(connectTimeoutMs, () =>
    end(() => done(`no connection within ${connectTimeoutMs} ms`)),
  );
  socket.on("error", (error: NodeJS.ErrnoException) =>
    end(() => done(`the connection failed: ${error.code ?? error.message}`)),
  );
  socket.on("close", () => end(() => done("the connection was lost")));
  socket.on(ready, () => end(() => done(undefined)));
  return () => end(() => undefined);
}
