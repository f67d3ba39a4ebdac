import type { Figure } from "./figure.js";
import { machine } from "./machine.js";
import { standing, targetOf } from "./targets.js";

const WIDTHS = [38, 10, 6, 8, 8, 7];

/** Prints figures as they come: a table for people, or one JSON object per line. */
export class Printer {
  readonly #json: boolean;
  #headed = false;

  constructor(options: { readonly json: boolean }) {
    this.#json = options.json;
  }

  print(figure: Figure): void {
    process.stdout.write(`${this.#json ? jsonLine(figure) : this.#tableLines(figure)}\n`);
  }

  #tableLines(figure: Figure): string {
    const lines: string[] = [];
    if (!this.#headed) {
      this.#headed = true;
      const { cores, model, memory_gib, node } = machine();
      lines.push(`${cores} x ${model}, ${memory_gib} GiB, Node ${node}`);
      lines.push(row(["figure", "value", "unit", "line", "aim", "reaches", "notes"]));
    }
    const target = targetOf(figure.name);
    const details = Object.entries(figure.details).map(([name, value]) => `${name}=${value}`);
    lines.push(
      row([
        figure.name,
        rounded(figure.value),
        figure.unit,
        target?.line ?? "",
        target?.aim ?? "",
        target === undefined ? "" : standing(figure.value, target),
        [...figure.marks.map((mark) => `[${mark}]`), ...details].join(" "),
      ]),
    );
    return lines.join("\n");
  }
}

function row(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, i) => {
      const width = WIDTHS[i] ?? 0;
      return i === 0 || i > 4 ? String(cell).padEnd(width) : String(cell).padStart(width);
    })
    .join(" ")
    .trimEnd();
}

function jsonLine({ name, value, unit, rounds, details, marks }: Figure): string {
  const target = targetOf(name);
  return JSON.stringify({
    name,
    value: rounded(value),
    unit,
    ...(target && { line: target.line, aim: target.aim, reaches: standing(value, target) }),
    rounds: rounds.map(rounded),
    marks,
    machine: machine(),
    ...details,
  });
}

/** Three digits that mean something; none of them lost from large numbers. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
