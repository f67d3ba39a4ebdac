import type { Migration } from "./migration.js";

/** Services by their neutral codes at each provider, and what CA systems answer to queries. */
export const servicesAndAnswers: Migration = {
  name: "0003-services-and-answers",
  statements: () => [
    "ALTER TABLE providers ADD COLUMN services text NOT NULL DEFAULT '{}'",
    "ALTER TABLE outcomes ADD COLUMN answer text",
  ],
};
