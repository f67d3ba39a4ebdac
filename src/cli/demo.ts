import { once } from "node:events";
import { Command } from "commander";
import { type DemoResult, isComplete, runDemo } from "../demo/demo.js";
import { openStage, type Stage } from "../demo/stage.js";
import type { CliContext } from "./cli-context.js";
import { EXIT_CODES, ExitError } from "./exit-codes.js";

/** The `demo` command: the main job on a machine where nothing else is set up. */
export function demoCommand(context: CliContext): Command {
  return new Command("demo")
    .description("show the main job: a simulated CA system, the service, two re-authorisations")
    .option("--stay", "stay up afterwards and print calls to try")
    .option("--json", "print the result as a line of JSON")
    .action(async (flags: { stay?: boolean; json?: boolean }) => {
      const tell = (line: string) =>
        (flags.json === true ? context.stderr : context.stdout).write(`${line}\n`);
      const stage = await openStage();
      try {
        const result = await runDemo(stage, tell);
        if (flags.json === true) context.stdout.write(`${JSON.stringify(eventOf(result))}\n`);
        if (!isComplete(result)) {
          throw new ExitError(EXIT_CODES.failed, "not every request was completed");
        }
        if (flags.stay === true) {
          for (const line of callsToTry(stage, result)) tell(line);
          await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
        }
      } finally {
        await stage.close();
      }
    });
}

function eventOf({ requests }: DemoResult) {
  return {
    event: "demo",
    requests: requests.map((request) => ({
      number: Number(request.number),
      life_cycle_state: request.lifeCycleState.replace("LIFE_CYCLE_STATE_", ""),
      reference_number: request.referenceNumber,
    })),
  };
}

/** The same two calls for both tools; reflection tells them the rest. */
function callsToTry({ service, ca }: Stage, { token }: DemoResult): string[] {
  const calls = [
    [
      "ReauthoriseAllServices",
      '{"subscription_identifier":{"number":"S-1001"},"smartcard_identifier":{"alternative_code":"1234-5678"},"process_immediately":true}',
    ],
    ["ListProvisioningRequests", '{"view":"VIEW_FULL"}'],
  ];
  const method = "provisioning.v1.ProvisioningService";
  const header = `authorization: Bearer ${token}`;
  return [
    `\nThe service stays up at ${service.grpc}, its CA system at ${ca}; Ctrl-C ends both. To try:`,
    ...calls.map(
      ([name, body]) =>
        `\nnpx buf curl --protocol grpc --http2-prior-knowledge -H '${header}' -d '${body}' http://${service.grpc}/${method}/${name}`,
    ),
    ...calls.map(
      ([name, body]) =>
        `\ngrpcurl -plaintext -H '${header}' -d '${body}' ${service.grpc} ${method}/${name}`,
    ),
  ];
}
