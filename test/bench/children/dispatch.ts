import { register } from "node:module";

// Before anything of the service is loaded.
register("./without-wire.js", import.meta.url);
await import("./dispatching.js");
