import { readFileSync } from "node:fs";
import {
  createFileRegistry,
  type DescMethod,
  fromBinary,
  fromJsonString,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect } from "chai";
import { blocks, PAGES, page, plain, ROOT, tableRows } from "./pages.js";

const PACKAGE = "provisioning.v1";

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(`${ROOT}/src/gen/descriptors.binpb`)),
);
const services = [...registry].filter(
  (one) => one.kind === "service" && one.file.proto.package === PACKAGE,
);

function methodsOf(service: string): readonly DescMethod[] {
  return registry.getService(`${PACKAGE}.${service}`)?.methods ?? [];
}

/** A call as the pages write it; client streams have several messages. */
interface Example {
  readonly path: string;
  readonly service: string;
  readonly method: string;
  readonly messages: readonly string[];
}

const examples: readonly Example[] = blocks(PAGES, "sh").flatMap(({ path, text }) =>
  [...text.matchAll(/\bcall (\w+)\/(\w+) '([^']*)'/g)].map(
    ([, service = "", method = "", body = ""]) => ({
      path,
      service,
      method,
      messages: body.split(/(?<=\}) (?=\{)/),
    }),
  ),
);

describe("documentation: calls", () => {
  const api = page("docs/api.md");

  it("are all in the table of services", () => {
    const rows = tableRows(api, "service", "calls").map(([service = "", calls = ""]) => [
      plain(service),
      calls.split(", "),
    ]);
    const documented = rows.filter(([service]) => methodsOf(String(service)).length > 0);
    expect(documented).to.have.deep.members(
      services.map(({ name, typeName }) => [
        name,
        methodsOf(typeName.slice(PACKAGE.length + 1)).map((method) => method.name),
      ]),
    );
  });

  for (const { name } of services) {
    it(`of ${name} have an example each`, () => {
      const shown = examples.filter(({ path, service }) => path === api.path && service === name);
      expect(shown.map(({ method }) => method)).to.include.members(
        methodsOf(name).map((method) => method.name),
      );
    });
  }

  for (const { path, service, method, messages } of examples) {
    it(`in ${path}: ${service}/${method} takes ${messages[0]?.slice(0, 60)}`, () => {
      const input = methodsOf(service).find(({ name }) => name === method)?.input;
      if (input === undefined) throw new Error("there is no such call");
      // Fails on a field that the message does not have.
      for (const message of messages) fromJsonString(input, message, { registry });
    });
  }

  it("have the fields that creates share", () => {
    const rows = tableRows(api, "field", "rule").flatMap(([fields = ""]) =>
      plain(fields).split(", "),
    );
    const shared = methodsOf("ProvisioningService")
      .find(({ name }) => name === "ReauthoriseAllServices")
      ?.input.fields.map(({ name }) => name);
    expect(rows).to.have.members(shared ?? []);
  });

  it("show fields that requests have", () => {
    const request = registry.getMessage(`${PACKAGE}.ProvisioningRequest`);
    const names = request?.fields.map(({ name }) => name);
    for (const [fields = ""] of tableRows(api, "field", "tells")) {
      expect(names).to.include.members(plain(fields).split(", "));
    }
  });

  it("show subscriptions that are messages", () => {
    const subscription = registry.getMessage(`${PACKAGE}.Subscription`);
    if (subscription === undefined) throw new Error("there is no message Subscription");
    const lines = blocks([page("docs/importing.md")], "ndjson")
      .flatMap(({ text }) => text.trimEnd().split("\n"))
      .filter((line) => line.startsWith('{"id"'));
    expect(lines).to.have.length.greaterThan(1);
    for (const line of lines) fromJsonString(subscription, line, { registry });
  });
});
