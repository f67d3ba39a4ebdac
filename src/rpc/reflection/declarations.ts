import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** Something that a proto file declares, by its full name. */
export type Declaration =
  | { readonly kind: "message" | "service" | "member"; readonly name: string }
  | {
      readonly kind: "extension";
      readonly name: string;
      /** Full name of the message that is extended. */
      readonly extendee: string;
      readonly number: number;
    };

/** Everything a file declares, nested declarations included. */
export function* declarations(file: FileDescriptorProto): Generator<Declaration> {
  const scope = file.package;
  for (const message of file.messageType) yield* ofMessage(scope, message);
  for (const enumeration of file.enumType) yield* ofEnum(scope, enumeration);
  for (const service of file.service) yield* ofService(scope, service);
  for (const extension of file.extension) yield ofExtension(scope, extension);
}

function* ofMessage(scope: string, message: DescriptorProto): Generator<Declaration> {
  const name = qualify(scope, message.name);
  yield { kind: "message", name };
  for (const field of message.field) yield { kind: "member", name: qualify(name, field.name) };
  for (const oneof of message.oneofDecl) yield { kind: "member", name: qualify(name, oneof.name) };
  for (const nested of message.nestedType) yield* ofMessage(name, nested);
  for (const enumeration of message.enumType) yield* ofEnum(name, enumeration);
  for (const extension of message.extension) yield ofExtension(name, extension);
}

/** By protobuf's rule the values of an enum are its siblings, not its children. */
function* ofEnum(scope: string, enumeration: EnumDescriptorProto): Generator<Declaration> {
  yield { kind: "member", name: qualify(scope, enumeration.name) };
  for (const value of enumeration.value) yield { kind: "member", name: qualify(scope, value.name) };
}

function* ofService(scope: string, service: ServiceDescriptorProto): Generator<Declaration> {
  const name = qualify(scope, service.name);
  yield { kind: "service", name };
  for (const method of service.method) yield { kind: "member", name: qualify(name, method.name) };
}

function ofExtension(scope: string, extension: FieldDescriptorProto): Declaration {
  return {
    kind: "extension",
    name: qualify(scope, extension.name),
    extendee: extension.extendee.replace(/^\./, ""),
    number: extension.number,
  };
}

function qualify(scope: string, name: string): string {
  return scope === "" ? name : `${scope}.${name}`;
}
