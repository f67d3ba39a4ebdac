const ANY_RUN = 0x2a;
const ANY_ONE = 0x3f;
const DIGIT = 0x23;
const ESCAPE = 0x5c;

interface Step {
  readonly kind: "run" | "one" | "digit" | "same";
  readonly code: number;
}

/**
 * A pattern over a whole text: `*` is any run of characters, `?` any one, `#` one digit, and `\`
 * makes the next one plain. Regular expressions are not offered: an answer could keep one busy for
 * ever, and this takes at most the product of both lengths.
 */
export function glob(pattern: string): (text: string) => boolean {
  const steps = stepsOf(pattern);
  if (steps.every(({ kind }) => kind === "same")) {
    const plain = String.fromCharCode(...steps.map(({ code }) => code));
    return (text) => text === plain;
  }
  return (text) => matches(steps, text);
}

function stepsOf(pattern: string): Step[] {
  const steps: Step[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const code = pattern.charCodeAt(index);
    if (code === ANY_RUN) steps.push({ kind: "run", code });
    else if (code === ANY_ONE) steps.push({ kind: "one", code });
    else if (code === DIGIT) steps.push({ kind: "digit", code });
    else if (code === ESCAPE && index + 1 < pattern.length) {
      index += 1;
      steps.push({ kind: "same", code: pattern.charCodeAt(index) });
    } else steps.push({ kind: "same", code });
  }
  return steps;
}

/** Goes on greedily, and back to the last run only: an earlier one never has to grow. */
function matches(steps: readonly Step[], text: string): boolean {
  let step = 0;
  let at = 0;
  let runStep = -1;
  let runAt = 0;
  while (at < text.length) {
    const wanted = steps[step];
    if (wanted?.kind === "run") {
      runStep = step;
      runAt = at;
      step += 1;
    } else if (wanted !== undefined && fits(wanted, text.charCodeAt(at))) {
      step += 1;
      at += 1;
    } else if (runStep >= 0) {
      runAt += 1;
      at = runAt;
      step = runStep + 1;
    } else return false;
  }
  while (steps[step]?.kind === "run") step += 1;
  return step === steps.length;
}

function fits({ kind, code }: Step, actual: number): boolean {
  switch (kind) {
    case "same":
      return actual === code;
    case "digit":
      return actual >= 0x30 && actual <= 0x39;
    case "one":
    case "run":
      return true;
  }
}
