#!/usr/bin/env node
import "./memory/tick-shape.js";

// Not a static import, which would be loaded, and collected after, before the first line is run.
await import("./commands.js");
