#!/usr/bin/env node
import "./memory/at-start.js";

// Not a static import: all of those are loaded, with collections meanwhile, before a line is run.
await import("./commands.js");
