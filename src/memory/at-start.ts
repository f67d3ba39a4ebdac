// What must have happened before anything is collected.
import "./tick-shape.js";
import "./header-names.js";
