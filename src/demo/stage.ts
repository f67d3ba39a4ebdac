import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProtocol } from "../adapters/registry.js";
import { loadConfiguration } from "../config/configuration.js";
import { systemClock } from "../requests/clock.js";
import { checkCron } from "../schedule/check-cron.js";
import { type Service, startService } from "../service.js";
import { createSimulator } from "../simulator/simulator.js";
import { createLogger } from "../telemetry/logger.js";

/** A CA system and a service that talks to it, in a folder that goes with them. */
export interface Stage {
  readonly service: Service;
  /** `host:port` of the simulated CA system. */
  readonly ca: string;
  readonly adminPassword: string;
  close(): Promise<void>;
}

const CA_PASSWORD = "demo-ca-password";
const SOURCE_ID = 7;

/** Starts a simulator, and the service on SQLite in a temporary folder with it as provider. */
export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "ca-provisioning-demo-"));
  const simulator = createSimulator({ sourceId: SOURCE_ID, password: CA_PASSWORD });
  const closers = [() => rmSync(folder, { recursive: true, force: true }), () => simulator.stop()];
  const close = async () => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const { host, port } = await simulator.start();
    const configFile = join(folder, "provisioning.yaml");
    writeFileSync(configFile, configText(host, port));
    const adminPassword = randomBytes(12).toString("base64url");
    const configuration = loadConfiguration({
      environment: {
        PROVISIONING_CONFIG: configFile,
        PROVISIONING_DATABASE_URL: `sqlite:${join(folder, "provisioning.db")}`,
        PROVISIONING_GRPC_ADDRESS: "127.0.0.1:0",
        PROVISIONING_HTTP_ADDRESS: "127.0.0.1:0",
        PROVISIONING_ADMIN_PASSWORD: adminPassword,
        CA_PASSWORD,
      },
      findProtocol,
      checkCron,
    });
    const service = await startService({
      configuration,
      logger: createLogger({ level: "warn" }),
      clock: systemClock,
      random: Math.random,
      announceFirstUser: () => undefined,
    });
    closers.push(() => service.stop(new AbortController().signal));
    return { service, ca: `${host}:${port}`, adminPassword, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function configText(host: string, port: number): string {
  return `providers:
  - name: nds-demo
    protocol: nds
    connection:
      { host: ${host}, port: ${port}, source_id: ${SOURCE_ID}, password: "\${CA_PASSWORD}" }
`;
}
