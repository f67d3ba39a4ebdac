import type {
  CaSession,
  ConnectOptions,
  ConnectResult,
  TestOptions,
  TestResult,
} from "../ca-adapter.js";

/** A session that can be asked whether the CA system still answers. */
export interface ProbedSession extends CaSession {
  /** Resolves with undefined once the CA system gave a sign of life, or with why there is none. */
  probe(): Promise<string | undefined>;
}

/** Opens a session, asks for a sign of life and closes it. */
export async function testConnection(
  connect: (options: ConnectOptions) => Promise<ConnectResult<ProbedSession>>,
  options: TestOptions,
): Promise<TestResult> {
  const { signal } = options;
  const opened = await connect({
    ...options,
    // It has no commands.
    maySend: () => false,
    onLateAnswer: () => undefined,
  });
  if (opened.kind === "unavailable") return { ...opened, kind: "failed" };
  const { session } = opened;
  const giveUp = () => void session.close(AbortSignal.abort());
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp);
  const fault = await session.probe();
  signal.removeEventListener("abort", giveUp);
  await session.close(AbortSignal.abort());
  if (fault !== undefined) {
    return { kind: "failed", text: `a session was opened, and then: ${fault}` };
  }
  return { kind: "passed", text: "the CA system opened a session and gave a sign of life" };
}
