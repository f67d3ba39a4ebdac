import { logVerbosity, Metadata, setLogger, setLogVerbosity } from "@grpc/grpc-js";
import { expect } from "chai";
import pino from "pino";
import { CallLog } from "../../src/calls/call-log.js";
import type { Reason } from "../../src/requests/reasons.js";
import { ServiceError } from "../../src/requests/service-error.js";
import { routeGrpcLog } from "../../src/rpc/grpc-log.js";
import { ManualClock } from "../support/manual-clock.js";
import type { LogLine } from "../support/rpc-server.js";

const CALL = { method: "/a.B/C", principal: { name: "ann" }, peer: "127.0.0.1:1" };

describe("the log of calls", () => {
  let lines: LogLine[];
  let clock: ManualClock;
  let log: CallLog;

  beforeEach(() => {
    lines = [];
    clock = new ManualClock();
    const logger = pino(
      { level: "trace" },
      { write: (line: string) => lines.push(JSON.parse(line)) },
    );
    log = new CallLog({ logger, clock, slowCallMs: 1000 });
  });

  const failed = (reason: Reason, cause?: Error) =>
    log.ended(CALL, 12.4, ServiceError.of(reason, { description: "why" }, { cause }));

  it("has nothing of calls that went well and fast", () => {
    log.ended(CALL, 999, undefined);
    expect(lines).to.deep.equal([]);
  });

  it("has slow calls", () => {
    log.ended(CALL, 1000, undefined);
    expect(lines[0]).to.include({ level: 30, method: "/a.B/C", principal: "ann", ms: 1000 });
  });

  for (const [reason, level] of [
    ["INTERNAL", 50],
    ["DATABASE_UNAVAILABLE", 40],
    ["OVERLOADED", 40],
    ["INVALID_REQUEST", 30],
    ["CALL_CANCELLED", 30],
  ] as const) {
    it(`has ${reason} at level ${level}`, () => {
      failed(reason);
      expect(lines[0]).to.include({ level, reason, text: "why", ms: 12, peer: "127.0.0.1:1" });
    });
  }

  it("has the cause of what is not the caller's fault only", () => {
    failed("DATABASE_UNAVAILABLE", new Error("connection refused"));
    failed("INVALID_REQUEST", new Error("too deep"));
    expect(lines[0]?.err).to.have.property("message", "connection refused");
    expect(lines[1]).not.to.have.property("err");
  });

  it("keeps a flood out, counts it, and has errors of ours all the same", () => {
    for (let i = 0; i < 150; i++) failed("TOKEN_INVALID");
    expect(lines).to.have.length(100);
    failed("INTERNAL");
    expect(lines).to.have.length(101);
    expect(lines[100]).to.include({ level: 50, unlogged: 50 });
    clock.advance(1000);
    failed("TOKEN_INVALID");
    expect(lines[101]).not.to.have.property("unlogged");
  });

  it("has what grpc-js says, but no metadata", () => {
    const logger = pino(
      { level: "trace" },
      { write: (line: string) => lines.push(JSON.parse(line)) },
    );
    routeGrpcLog(logger);
    try {
      Metadata.fromHttp2Headers({ authorization: "Bearer s\u00e9cret" });
      expect(lines).to.have.length(1);
      expect(lines[0]?.text).to.match(/metadata entry authorization: \[hidden\]$/);
      expect(JSON.stringify(lines)).not.to.include("cret");
    } finally {
      setLogger(console);
      setLogVerbosity(logVerbosity.ERROR);
    }
  });
});
