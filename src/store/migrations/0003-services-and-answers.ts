import type { Migration } from "./migration.js";

/** Services by their neutral codes, what CA systems answer to queries, resets of subscriptions. */
export const servicesAndAnswers: Migration = {
  name: "0003-services-and-answers",
  statements: ({ number }) => [
    "ALTER TABLE providers ADD COLUMN services text NOT NULL DEFAULT '{}'",
    "ALTER TABLE outcomes ADD COLUMN answer text",
    // The requests of a reset, by the first of them, which has its request_id.
    `CREATE TABLE subscription_resets (
      first_number ${number} PRIMARY KEY,
      numbers text NOT NULL)`,
  ],
};
