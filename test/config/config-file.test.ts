import { expect } from "chai";
import { readConfigFile } from "../../src/config/config-file.js";
import { COMMAND_TYPES } from "../../src/requests/command.js";
import { fakeCronCheck, findFakeProtocol } from "./fake-protocol.js";

function read(text: string, environment: Record<string, string> = {}) {
  return readConfigFile("p.yaml", text, {
    environment,
    findProtocol: findFakeProtocol,
    checkCron: fakeCronCheck,
  });
}

function faultsOf(text: string, environment: Record<string, string> = {}): string[] {
  return (read(text, environment).faults ?? []).map((f) => `${f.where}: ${f.description}`);
}

const PROVIDER = "- { name: a, protocol: fake, connection: { host: h, port: 1 }";
const COMPLETE = `
providers:
  - name: main
    protocol: fake
    life_cycle_state: NOT_EFFECTIVE
    commands: [REAUTHORISE_ALL_SERVICES]
    services: { SPORT: "0012" }
    connection: { host: 127.0.0.1, port: 7000, password: "\${CA_PASSWORD}" }
    limits: { rate_per_second: 100, burst: 50, max_in_flight: 10, max_attempts: 3 }
run_definitions:
  - { name: nightly, cron: "0 0 3 * * *", time_zone: Asia/Nicosia, providers: [main], wake: false, life_cycle_state: NOT_EFFECTIVE }
`;

describe("the configuration file", () => {
  it("defines providers and run definitions", () => {
    const { value } = read(COMPLETE, { CA_PASSWORD: "s3cret: #{}" });
    expect(value?.providers.map(({ definition }) => definition)).to.deep.equal([
      {
        name: "main",
        protocol: "fake",
        lifeCycleState: "NOT_EFFECTIVE",
        commands: ["REAUTHORISE_ALL_SERVICES"],
        services: { SPORT: "0012" },
        connection: { host: "127.0.0.1", port: 7000, password: "s3cret: #{}" },
        limits: { ratePerSecond: 100, burst: 50, maxInFlight: 10, maxAttempts: 3 },
      },
    ]);
    expect(value?.runDefinitions).to.deep.equal([
      {
        name: "nightly",
        cron: "0 0 3 * * *",
        timeZone: "Asia/Nicosia",
        providers: ["main"],
        wake: false,
        lifeCycleState: "NOT_EFFECTIVE",
      },
    ]);
  });

  it("fills in defaults", () => {
    const { value } = read(`providers:
  ${PROVIDER} }
run_definitions:
  - { name: default, cron: "*/10 * * * * *" }`);
    expect(value?.providers[0]?.definition).to.deep.include({
      lifeCycleState: "EFFECTIVE",
      commands: undefined,
      services: {},
      limits: {},
    });
    expect(value?.runDefinitions[0]).to.deep.include({
      timeZone: "UTC",
      providers: [],
      wake: true,
      lifeCycleState: "EFFECTIVE",
    });
  });

  it("may be empty, and so may its sections", () => {
    const nothing = { providers: [], runDefinitions: [] };
    expect(read("").value).to.deep.equal(nothing);
    expect(read("# nothing yet\nproviders:\n").value).to.deep.equal(nothing);
  });

  it("keeps an empty list of commands: nothing is allowed", () => {
    const text = `providers:\n  ${PROVIDER}, commands: [] }`;
    expect(read(text).value?.providers[0]?.definition.commands).to.deep.equal([]);
  });

  it("substitutes variables in strings, wherever and however often, but not in keys", () => {
    const text = `providers:
  ${PROVIDER.replace("host: h", () => `host: "\${A}-\${B}-$\${A}", "\${A}": 1`)} }`;
    expect(read(text, { A: "x", B: "" }).value?.providers[0]?.definition.connection).to.include({
      host: `x--\${A}`,
      "${A}": 1,
    });
  });

  it("follows anchors and aliases", () => {
    const text = `providers:
  - &one { name: a, protocol: fake, connection: &there { host: h, port: 1 } }
  - { name: b, protocol: fake, connection: *there }`;
    expect(read(text).value?.providers.map((p) => p.definition.connection)).to.deep.equal([
      { host: "h", port: 1 },
      { host: "h", port: 1 },
    ]);
  });

  const wrong: Record<string, [text: string, ...faults: string[]]> = {
    "an unknown key of the file": ["provider: []\n", "p.yaml:1: provider: is not a known key"],
    "unknown keys of a provider, one by one": [
      `providers:\n  ${PROVIDER},\n      colour: red,\n      limits: { rate: 1 } }`,
      "p.yaml:3: providers[0].colour: is not a known key",
      "p.yaml:4: providers[0].limits.rate: is not a known key",
    ],
    "an unknown key of a run definition": [
      'run_definitions:\n  - name: a\n    cron: "* * * * * *"\n    zone: UTC',
      "p.yaml:4: run_definitions[0].zone: is not a known key",
    ],
    "what is missing": [
      "providers:\n\n  - commands: []\nrun_definitions:\n  - {}",
      "p.yaml:3: providers[0].name: is missing",
      "p.yaml:3: providers[0].protocol: is missing",
      "p.yaml:3: providers[0].connection: is missing",
      "p.yaml:5: run_definitions[0].name: is missing",
      "p.yaml:5: run_definitions[0].cron: is missing",
    ],
    "a file that is no mapping": ["- a\n- b", "p.yaml:1: must be a mapping"],
    "a section that is no list": ["\nproviders: {}", "p.yaml:2: providers: must be a list"],
    "an entry that is no mapping": [
      "providers:\n  - a",
      "p.yaml:2: providers[0]: must be a mapping",
    ],
    "values of the wrong kind": [
      `providers:\n  ${PROVIDER},\n      life_cycle_state: ON,\n      commands: [FLY] }`,
      "p.yaml:3: providers[0].life_cycle_state: must be EFFECTIVE or NOT_EFFECTIVE",
      `p.yaml:4: providers[0].commands[0]: must be ${Object.keys(COMMAND_TYPES).join(" or ")}`,
    ],
    "services that could be mistaken": [
      `providers:\n  ${PROVIDER},\n      services: { A: "1", B: "1",\n        C: "" } }`,
      "p.yaml:3: providers[0].services.B: is the CA id of A too",
      "p.yaml:4: providers[0].services.C: is mandatory",
    ],
    "an id of a service that YAML takes for a number": [
      `providers:\n  ${PROVIDER},\n      services: { A: 0012 } }`,
      "p.yaml:3: providers[0].services.A: must be a text: put it in quotes",
    ],
    "limits out of bounds": [
      `providers:\n  ${PROVIDER}, limits: { rate_per_second: 0, burst: 1.5, max_in_flight: 0, max_attempts: ten } }`,
      "p.yaml:2: providers[0].limits.rate_per_second: must be more than 0",
      "p.yaml:2: providers[0].limits.burst: must be a whole number",
      "p.yaml:2: providers[0].limits.max_in_flight: must be at least 1",
      "p.yaml:2: providers[0].limits.max_attempts: must be a number",
    ],
    "a burst without a rate": [
      `providers:\n  ${PROVIDER}, limits: { burst: 5 } }`,
      "p.yaml:2: providers[0].limits.burst: means nothing without rate_per_second",
    ],
    "a name that is none": [
      'providers:\n  - { name: " a", protocol: fake, connection: { host: h, port: 1 } }',
      "p.yaml:2: providers[0].name: must not begin or end with a space",
    ],
    "a reserved name": [
      'run_definitions:\n  - { name: PROCESS_IMMEDIATELY, cron: "* * * * * *" }',
      "p.yaml:2: run_definitions[0].name: is a reserved name",
    ],
    "the same name twice": [
      `providers:\n  ${PROVIDER} }\n  ${PROVIDER} }`,
      "p.yaml:3: providers[1].name: is the same as of providers[0]",
    ],
    "an unknown protocol": [
      "providers:\n  - name: a\n    protocol: morse\n    connection: {}",
      'p.yaml:3: providers[0].protocol: unknown protocol "morse"',
    ],
    "faults that the protocol finds, beside those of the entry": [
      "providers:\n  - name: a\n    protocol: fake\n    connection:\n      port: 0\n    limits: 5",
      "p.yaml:4: providers[0].connection.host: must be a name",
      "p.yaml:5: providers[0].connection.port: must be from 1 to 65535",
      "p.yaml:6: providers[0].limits: must be a mapping",
    ],
    "a cron expression without seconds": [
      'run_definitions:\n  - { name: a, cron: "* * * * *" }',
      "p.yaml:2: run_definitions[0].cron: must have six fields: second, minute, hour, day of month, month, day of week",
    ],
    "a cron expression that the scheduler refuses": [
      'run_definitions:\n  - { name: a, cron: "99 * * * * *" }',
      "p.yaml:2: run_definitions[0].cron: is no cron expression",
    ],
    "a time zone that is none": [
      'run_definitions:\n  - name: a\n    cron: "* * * * * *"\n    time_zone: Mars/Olympus',
      "p.yaml:4: run_definitions[0].time_zone: must be a time zone of the IANA database, such as Europe/Nicosia",
    ],
    "a variable that is not set": [
      `providers:\n  ${PROVIDER.replace("host: h", () => `host: "\${NO_SUCH}"`)} }`,
      'p.yaml:2: environment variable "NO_SUCH" is not set',
    ],
    "a key given twice": ["providers: []\nproviders: []", "p.yaml:2: Map keys must be unique"],
  };
  for (const [title, [text, ...faults]] of Object.entries(wrong)) {
    it(`refuses ${title}`, () => expect(faultsOf(text)).to.deep.equal(faults));
  }

  it("refuses what is no YAML, with the line", () => {
    const faults = faultsOf("providers:\n  - {");
    expect(faults).to.have.length.above(0);
    for (const fault of faults) expect(fault).to.match(/^p\.yaml:2: /);
  });

  it("tells faults of all sections at once, in the order of the file", () => {
    const text = `run_definitions:\n  - { name: a, cron: x }\nproviders:\n  - { name: b }\nother: 1`;
    expect(faultsOf(text).map((fault) => fault.slice(0, 8))).to.deep.equal([
      "p.yaml:2",
      "p.yaml:4",
      "p.yaml:4",
      "p.yaml:5",
    ]);
  });

  it("never quotes a value: it may be a secret", () => {
    const text = `providers:\n  ${PROVIDER}, limits: "\${SECRET}", commands: "\${SECRET}" }`;
    const faults = faultsOf(text, { SECRET: "s3cret" });
    expect(faults).to.have.length(2);
    expect(faults.join()).not.to.contain("s3cret");
  });
});
