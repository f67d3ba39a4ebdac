import { formatAddress } from "../config/address.js";
import { ConfigError } from "../config/config-fault.js";
import { draftUpserter } from "../inventory/upsert-drafts.js";
import { caIdRules } from "../providers/catalogue-ca-ids.js";
import { ProviderCatalogue } from "../providers/provider-catalogue.js";
import { systemClock } from "../requests/clock.js";
import { knexInventoryStore } from "../store/knex/knex-inventory-store.js";
import { prepareDatabase } from "../store/prepare-database.js";
import { isServed } from "../store/sqlite/serve-lock.js";
import { type CliContext, configurationOf, notice } from "./cli-context.js";
import type { OpenedInventory } from "./import-subscriptions.js";

/**
 * Opens the inventory behind the settings: the database itself, unless a running service holds the
 * SQLite file; then that service is the way in.
 */
export async function openInventory(context: CliContext): Promise<OpenedInventory> {
  let configuration: ReturnType<typeof configurationOf>;
  try {
    configuration = configurationOf(context);
  } catch (error) {
    if (error instanceof ConfigError) return { kind: "unusable_settings", text: error.message };
    throw error;
  }
  const { database: target, sqliteDriver, grpcAddress } = configuration.settings;
  if (target.kind === "sqlite" && (await isServed(target.file, sqliteDriver))) {
    return { kind: "served", address: formatAddress(grpcAddress) };
  }
  const clock = systemClock;
  const onNotice = (text: string) => notice(context, text);
  const { database, providers } = await prepareDatabase({ configuration, clock, onNotice });
  const catalogue = new ProviderCatalogue({
    source: providers,
    findProtocol: context.findProtocol,
    onUnusable: (provider, reason) => notice(context, `provider ${provider}: ${reason}`),
  });
  await catalogue.refresh();
  return {
    kind: "open",
    upsertDrafts: draftUpserter(knexInventoryStore(database, clock), caIdRules(catalogue)),
    close: () => database.close(),
  };
}
