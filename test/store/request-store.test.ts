import { describeRequestStore } from "../conformance/request-store.js";
import { DATABASES } from "../support/stores.js";

for (const database of DATABASES) describeRequestStore(database);
