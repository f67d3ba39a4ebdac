import { declarations } from "./declarations.js";
import type { DescriptorFile } from "./descriptor-file.js";

/** A file's serialised descriptor, followed by those of all files it imports, near or far. */
export type DescriptorClosure = readonly Buffer[];

/** Finds the descriptors of proto files by what reflection clients know of them. */
export class DescriptorIndex {
  readonly #closures = new Map<string, DescriptorClosure>();
  readonly #closuresBySymbol = new Map<string, DescriptorClosure>();
  readonly #services = new Set<string>();
  /** By full name of the extended message, then by field number. */
  readonly #extensions = new Map<string, Map<number, DescriptorClosure>>();

  /** Throws when a file imports one that is not among `files`. */
  constructor(files: readonly DescriptorFile[]) {
    const filesByName = new Map(files.map((file) => [file.descriptor.name, file]));
    for (const { descriptor } of files) {
      const closure = closureOf(descriptor.name, filesByName);
      this.#closures.set(descriptor.name, closure);
      for (const declared of declarations(descriptor)) {
        this.#closuresBySymbol.set(declared.name, closure);
        if (declared.kind === "service") this.#services.add(declared.name);
        if (declared.kind === "message") this.#extensionsOf(declared.name);
        if (declared.kind === "extension") {
          this.#extensionsOf(declared.extendee).set(declared.number, closure);
        }
      }
    }
  }

  /** The file of this name, as in an import. */
  byFilename(name: string): DescriptorClosure | undefined {
    return this.#closures.get(name);
  }

  /** The file that declares this full name. */
  bySymbol(name: string): DescriptorClosure | undefined {
    return this.#closuresBySymbol.get(name);
  }

  /** The file that extends a message with a field of this number. */
  byExtension(message: string, number: number): DescriptorClosure | undefined {
    return this.#extensions.get(message)?.get(number);
  }

  /** The numbers with which a message is extended; undefined when there is no such message. */
  extensionNumbers(message: string): number[] | undefined {
    const extensions = this.#extensions.get(message);
    return extensions && [...extensions.keys()];
  }

  /** Whether a service of this full name is declared. */
  hasService(name: string): boolean {
    return this.#services.has(name);
  }

  #extensionsOf(message: string): Map<number, DescriptorClosure> {
    const known = this.#extensions.get(message);
    if (known) return known;
    const extensions = new Map<number, DescriptorClosure>();
    this.#extensions.set(message, extensions);
    return extensions;
  }
}

/** Clients take the first descriptor for the one they asked for, so the file itself leads. */
function closureOf(
  root: string,
  filesByName: ReadonlyMap<string, DescriptorFile>,
): DescriptorClosure {
  const names = new Set([root]);
  const closure: Buffer[] = [];
  // A set's iterator also visits what is added on the way.
  for (const name of names) {
    const file = filesByName.get(name);
    if (file === undefined) throw new Error(`${root} needs ${name}, which the image does not hold`);
    closure.push(file.bytes);
    for (const dependency of file.descriptor.dependency) names.add(dependency);
  }
  return closure;
}
