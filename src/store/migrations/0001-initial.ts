import type { Migration } from "./migration.js";

/**
 * The tables. History (`requests`, `outcomes`) is append-only; work in hand (`lanes`, `waiting`)
 * is small; nothing that chooses work reads history. Dates are milliseconds since 1970 UTC.
 */
export const initial: Migration = {
  name: "0001-initial",
  statements: ({ key, number, identity, hot, hotByKey, clock }) => [
    ...clock,

    `CREATE TABLE secrets (name ${key} PRIMARY KEY, value text NOT NULL)`,

    `CREATE TABLE users (
      name ${key} PRIMARY KEY,
      password_hash text NOT NULL,
      created_date bigint NOT NULL)`,
    `CREATE TABLE tokens (
      token_hash ${key} PRIMARY KEY,
      user_name ${key} NOT NULL,
      expire_date bigint NOT NULL,
      created_date bigint NOT NULL)`,
    `CREATE INDEX tokens_expire ON tokens (expire_date)`,

    `CREATE TABLE providers (
      name ${key} PRIMARY KEY,
      protocol text NOT NULL,
      life_cycle_state text NOT NULL,
      commands text,
      connection text NOT NULL,
      limits text NOT NULL,
      defined_in_file boolean NOT NULL,
      version bigint NOT NULL,
      created_date bigint NOT NULL,
      updated_date bigint NOT NULL)`,

    `CREATE TABLE run_definitions (
      name ${key} PRIMARY KEY,
      cron text NOT NULL,
      time_zone text NOT NULL,
      providers text NOT NULL,
      wake boolean NOT NULL,
      life_cycle_state text NOT NULL,
      defined_in_file boolean NOT NULL,
      version bigint NOT NULL,
      last_tick bigint,
      created_date bigint NOT NULL,
      updated_date bigint NOT NULL)`,
    `CREATE TABLE runs (
      id ${key} PRIMARY KEY,
      run_definition ${key} NOT NULL,
      run_definition_version bigint NOT NULL,
      trigger text NOT NULL,
      state text NOT NULL,
      start_date bigint NOT NULL,
      end_date bigint,
      fire_date bigint,
      owner ${key} NOT NULL,
      selected bigint NOT NULL,
      completed bigint NOT NULL,
      rejected bigint NOT NULL,
      deferred bigint NOT NULL)`,
    `CREATE UNIQUE INDEX runs_active ON runs (run_definition) WHERE state = 'ACTIVE'`,
    `CREATE UNIQUE INDEX runs_fire ON runs (run_definition, fire_date) WHERE fire_date IS NOT NULL`,
    `CREATE INDEX runs_of_definition ON runs (run_definition, id)`,

    `CREATE TABLE subscriptions (
      id ${key} PRIMARY KEY,
      number ${key} NOT NULL UNIQUE,
      created_date bigint NOT NULL,
      updated_date bigint NOT NULL)`,
    `CREATE TABLE installed_items (
      id ${key} PRIMARY KEY,
      subscription_id ${key} NOT NULL,
      type ${key} NOT NULL,
      serial_number ${key} NOT NULL UNIQUE,
      alternative_code ${key} UNIQUE,
      ca_id ${key},
      provider ${key})`,
    `CREATE INDEX installed_items_subscription ON installed_items (subscription_id)`,
    `CREATE INDEX installed_items_provider ON installed_items (provider, subscription_id)
      WHERE provider IS NOT NULL`,
    `CREATE UNIQUE INDEX installed_items_ca ON installed_items (provider, type, ca_id)
      WHERE ca_id IS NOT NULL`,

    `CREATE TABLE requests (
      number ${identity},
      id ${key} NOT NULL UNIQUE,
      type text NOT NULL,
      provider ${key} NOT NULL,
      ca_id ${key} NOT NULL,
      subscription_id ${key} NOT NULL,
      subscription_number text NOT NULL,
      item_id ${key} NOT NULL,
      serial_number text NOT NULL,
      alternative_code text,
      parameters text NOT NULL,
      scheduled_date bigint NOT NULL,
      process_immediately boolean NOT NULL,
      priority text NOT NULL,
      expire_date bigint,
      request_id ${key},
      body_hash text,
      caller_reference text,
      on_behalf_of text,
      reason text,
      retry_of text,
      created_date bigint NOT NULL,
      created_by ${key} NOT NULL)`,
    `CREATE UNIQUE INDEX requests_request_id ON requests (created_by, request_id)
      WHERE request_id IS NOT NULL`,
    `CREATE INDEX requests_subscription ON requests (subscription_id, number)`,
    `CREATE INDEX requests_item ON requests (item_id, number)`,
    `CREATE INDEX requests_caller_reference ON requests (caller_reference, number)
      WHERE caller_reference IS NOT NULL`,

    `CREATE TABLE outcomes (
      number ${number} PRIMARY KEY,
      life_cycle_state text NOT NULL,
      sequence_number bigint,
      transaction_number bigint,
      executed_date bigint,
      request text,
      response text,
      reference_number text,
      error_code text,
      error_description text,
      error_origin text,
      attempts integer NOT NULL,
      process_name text,
      process_id ${key},
      ended_date bigint NOT NULL,
      ended_by text NOT NULL)`,
    `CREATE INDEX outcomes_not_completed ON outcomes (life_cycle_state, number)
      WHERE life_cycle_state <> 'COMPLETED'`,
    `CREATE INDEX outcomes_reference ON outcomes (reference_number, number)
      WHERE reference_number IS NOT NULL`,
    `CREATE INDEX outcomes_process ON outcomes (process_id, number) WHERE process_id IS NOT NULL`,

    `CREATE TABLE lanes (
      provider ${key} NOT NULL,
      ca_id ${key} NOT NULL,
      lane_rank integer NOT NULL,
      head bigint NOT NULL,
      order_date bigint NOT NULL,
      tail_date bigint NOT NULL,
      wake_date bigint,
      owner ${key},
      claim_number bigint NOT NULL,
      sequence_number bigint,
      transaction_number bigint,
      executed_date bigint,
      attempts integer NOT NULL,
      tries integer NOT NULL,
      send_mark boolean NOT NULL,
      last_error text,
      process_name text,
      process_id text,
      since_date bigint NOT NULL,
      PRIMARY KEY (provider, ca_id)) ${hotByKey}`,
    `CREATE INDEX lanes_ready ON lanes (provider, lane_rank DESC, order_date, head)
      WHERE owner IS NULL AND wake_date IS NULL`,
    `CREATE INDEX lanes_asleep ON lanes (provider, wake_date)
      WHERE owner IS NULL AND wake_date IS NOT NULL`,
    // Only heads that were sent and wait to be sent again: for answers that come late.
    `CREATE INDEX lanes_given_up ON lanes (provider, transaction_number)
      WHERE owner IS NULL AND transaction_number IS NOT NULL`,
    `CREATE INDEX lanes_owned ON lanes (owner, provider) WHERE owner IS NOT NULL`,

    `CREATE TABLE waiting (
      number ${number} PRIMARY KEY,
      provider ${key} NOT NULL,
      ca_id ${key} NOT NULL,
      order_date bigint NOT NULL,
      due_date bigint NOT NULL,
      lane_rank integer NOT NULL,
      expire_date bigint,
      pin text) ${hot}`,
    `CREATE INDEX waiting_lane ON waiting (provider, ca_id, order_date, number)`,
    `CREATE INDEX waiting_ranked ON waiting (provider, ca_id, due_date) WHERE lane_rank > 0`,
    `CREATE INDEX waiting_ranked_due ON waiting (provider, due_date)
      WHERE lane_rank > 0 AND due_date > 0`,
    `CREATE INDEX waiting_expire ON waiting (expire_date) WHERE expire_date IS NOT NULL`,

    `CREATE TABLE dispatch (
      provider ${key} PRIMARY KEY,
      sequence_number bigint NOT NULL,
      tokens double precision NOT NULL,
      tokens_date bigint NOT NULL,
      turn bigint NOT NULL,
      paused_until bigint) ${hot}`,
    `CREATE TABLE incarnations (
      id ${key} PRIMARY KEY,
      started_date bigint NOT NULL,
      lease_date bigint NOT NULL,
      fenced boolean NOT NULL,
      description text NOT NULL) ${hot}`,
    `CREATE TABLE session_slots (
      provider ${key} NOT NULL,
      slot integer NOT NULL,
      owner ${key},
      epoch bigint NOT NULL,
      state text NOT NULL,
      last_error text,
      changed_date bigint NOT NULL,
      PRIMARY KEY (provider, slot)) ${hot}`,
  ],
};
