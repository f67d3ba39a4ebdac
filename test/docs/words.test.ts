import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { ALLOWED_MOVES, LIFE_CYCLE_STATES } from "../../src/requests/life-cycle.js";
import { WAITING_FOR } from "../../src/requests/waiting-for.js";
import { MAX_CALLS_IN_FLIGHT, SERVER_OPTIONS } from "../../src/rpc/server-limits.js";
import { blocks, page, plain, ROOT, tableRows } from "./pages.js";

/** The string literals of a union type, read from its source. */
function unionMembers(file: string, type: string): string[] {
  const source = readFileSync(`${ROOT}/src/${file}`, "utf8");
  const body = new RegExp(`type ${type} =(.*?);\\n(?:\\n|$)`, "s").exec(source)?.[1] ?? "";
  return [...body.matchAll(/(?:^|\|)\s*(?:\{\s*readonly kind: )?"(\w+)"/gm)].map(
    ([, member = ""]) => member,
  );
}

/** The messages that stand as literals in the calls of loggers, from info on. */
function logged(): string[] {
  const files = readdirSync(`${ROOT}/src`, { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((file) => file.endsWith(".ts") && !file.startsWith("gen"))
    .map((file) => readFileSync(`${ROOT}/src/${file}`, "utf8"));
  const call = /\b[lL]og(?:ger)?\.(?:info|warn|error)\(([\s\S]*?)\)[;,]?\n/g;
  return sources.flatMap((source) =>
    [...source.matchAll(call)].flatMap(
      ([, parts = ""]) => /"([^"]+)",?\s*$/.exec(parts)?.[1] ?? [],
    ),
  );
}

describe("documentation: words", () => {
  it("draw the moves of a request's life that the code allows", () => {
    const [diagram] = blocks([page("README.md")], "mermaid");
    const moves = [...(diagram?.text ?? "").matchAll(/^ *([A-Z]+) --> ([A-Z]+)/gm)];
    expect(moves.map(([, from, to]) => `${from} ${to}`)).to.have.members(
      LIFE_CYCLE_STATES.flatMap((from) => ALLOWED_MOVES[from].map((to) => `${from} ${to}`)),
    );
  });

  it("tell what frees each wait", () => {
    const rows = tableRows(page("docs/operations.md"), "`waiting_for`");
    expect(rows.map(([wait]) => wait)).to.have.members([...WAITING_FOR]);
  });

  it("tell what becomes of each outcome", () => {
    const rows = tableRows(page("docs/engine.md"), "outcome", "means");
    expect(rows.map(([outcome = ""]) => plain(outcome))).to.have.members(
      unionMembers("requests/outcome.ts", "Outcome"),
    );
  });

  it("tell of each event of the simulator's journal", () => {
    const rows = tableRows(page("docs/simulator.md"), "`ev`", "when");
    expect(rows.map(([event = ""]) => plain(event))).to.have.members(
      unionMembers("simulator/journal.ts", "JournalEvent"),
    );
  });

  it("tell of each line of the log", () => {
    const table = tableRows(page("docs/operations.md"), "line", "means").map(([line = ""]) => line);
    const told = table.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, text]) => text));
    for (const message of logged()) expect(told).to.include(message);
  });

  it("give the limits of the server", () => {
    const limits = new Map(
      tableRows(page("docs/api.md"), "what", "limit").map(([what = "", limit = ""]) => [
        what,
        limit,
      ]),
    );
    const comma = (value: number) => value.toLocaleString("en-US");
    const bytes = Number(SERVER_OPTIONS["grpc.max_receive_message_length"]);
    expect(limits.get("one message, either way")).to.equal(`${bytes / 1024 ** 2} MiB`);
    const streams = Number(SERVER_OPTIONS["grpc.max_concurrent_streams"]);
    expect(limits.get("calls at once on one connection")).to.include(`${comma(streams)};`);
    expect(limits.get("calls in flight in one process")).to.include(comma(MAX_CALLS_IN_FLIGHT));
    const { "grpc.keepalive_time_ms": ping, "grpc.keepalive_timeout_ms": wait } = SERVER_OPTIONS;
    const keepAlive = limits.get("keep-alive of the server");
    expect(keepAlive).to.include(`each ${Number(ping) / 1000} s, ${Number(wait) / 1000} s`);
  });
});
