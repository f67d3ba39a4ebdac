import { describeDispatchStore } from "../conformance/dispatch-store.js";
import { DATABASES } from "../support/stores.js";

for (const database of DATABASES) describeDispatchStore(database);
