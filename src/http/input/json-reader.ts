import { ServiceError } from "../../requests/service-error.js";
import { emptyTree, MAX_DEPTH, type Tree } from "./tree.js";
import { utf8 } from "./utf8.js";

/** Strings and numbers of JSON. In a string stands all from the space on but for `"` and `\`. */
const STRING = /"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const HALF_SURROGATE = /\p{Cs}/u;
const BYTE_ORDER_MARK = "\u{feff}";

/**
 * Reads the JSON object of a body; what is wrong is told with the parameter it is in. JSON.parse
 * would take the last of two members of one name, and has no bound for depth.
 */
export function readJson(bytes: Buffer): Tree {
  const text = utf8(bytes);
  // As Latin-1 the text has the same structure, and the strings that are at fault can be told.
  if (text === undefined) return new JsonReader(bytes.toString("latin1"), true).read();
  return new JsonReader(text, false).read();
}

class JsonReader {
  readonly #text: string;
  /** Whether the strings are bytes of which some are not UTF-8. */
  readonly #bytes: boolean;
  #at = 0;
  readonly #path: (string | number)[] = [];

  constructor(text: string, bytes: boolean) {
    this.#text = text;
    this.#bytes = bytes;
  }

  read(): Tree {
    if (this.#text.startsWith(BYTE_ORDER_MARK)) this.#at = 1;
    this.#skipSpace();
    if (this.#text[this.#at] !== "{") throw this.#fault("the body must be a JSON object");
    const tree = this.#object();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#fault("something follows the JSON object");
    // Bad bytes outside of every string are no JSON: read() has failed on them before.
    if (this.#bytes) throw this.#fault("the body is not UTF-8");
    return tree;
  }

  #value(): unknown {
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object();
      case "[":
        return this.#list();
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(): Tree {
    const tree = emptyTree();
    this.#items("}", () => {
      if (this.#text[this.#at] !== '"') throw this.#fault("the body is not valid JSON");
      const name = this.#string();
      this.#path.push(name);
      if (name in tree) throw this.#fault("is given more than once");
      this.#skipSpace();
      this.#expect(":");
      this.#skipSpace();
      tree[name] = this.#value();
      this.#path.pop();
    });
    return tree;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    this.#items("]", () => {
      this.#path.push(list.length);
      list.push(this.#value());
      this.#path.pop();
    });
    return list;
  }

  /** Reads items with commas between them, from the opening bracket to the closing one. */
  #items(end: string, read: () => void): void {
    if (this.#path.length >= MAX_DEPTH) throw this.#fault("nests too deep");
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      read();
      this.#skipSpace();
      if (this.#text[this.#at] === end) break;
      this.#expect(",");
      this.#skipSpace();
    }
    this.#at += 1;
  }

  #string(): string {
    const token = this.#match(STRING);
    if (token === undefined) throw this.#fault("the body is not valid JSON");
    const text = this.#bytes ? utf8(Buffer.from(token, "latin1")) : token;
    if (text === undefined) throw this.#fault("is not UTF-8");
    if (!text.includes("\\")) return text.slice(1, -1);
    // Its form is right by now, so JSON.parse has only the escapes to do.
    const unescaped = String(JSON.parse(text));
    if (HALF_SURROGATE.test(unescaped)) throw this.#fault("holds half a character");
    return unescaped;
  }

  #number(): number {
    const token = this.#match(NUMBER);
    if (token === undefined) throw this.#fault("the body is not valid JSON");
    return Number(token);
  }

  #word<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault("the body is not valid JSON");
    this.#at += word.length;
    return value;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw this.#fault("the body is not valid JSON");
    this.#at += 1;
  }

  #skipSpace(): void {
    if (this.#text.charCodeAt(this.#at) <= 0x20) this.#match(SPACE);
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const [token] = form.exec(this.#text) ?? [];
    if (token !== undefined) this.#at += token.length;
    return token;
  }

  /** What is wrong here, in the parameter that is being read. */
  #fault(description: string): ServiceError {
    const field = pathText(this.#path);
    return ServiceError.of("MALFORMED_MESSAGE", { description, ...(field !== "" && { field }) });
  }
}

/** The path of a parameter as errors name it, such as `smartcard_identifier.id` or `set[0].number`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) =>
      typeof step === "number" ? `[${step}]` : `${i > 0 ? "." : ""}${String(step)}`,
    )
    .join("");
}
