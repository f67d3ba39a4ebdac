import { describePullStore } from "../conformance/pull-store.js";
import { DATABASES } from "../support/stores.js";

for (const database of DATABASES) describePullStore(database);
