import { ERROR_CODES } from "./answers.js";
import type { JsonSchema, OpenApiDocument, Operation } from "./document.js";
import { withoutNull } from "./without-null.js";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 60rem; padding: 1rem }
nav a { display: block }
section { border-top: 1px solid; margin-top: 2rem }
code, pre { font: 0.9em/1.4 ui-monospace, monospace }
pre { overflow-x: auto; border: 1px solid; padding: 0.5rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top }
`;

/**
 * The document for people, as one page without scripts: it needs no other host, and a browser on a
 * machine without a way out shows it.
 */
export function documentationPage(document: OpenApiDocument, prefix: string): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const { title, version, description } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>
<h1>${escaped(title)} ${escaped(version)}</h1>
<p>${escaped(description)} For programs: <a href="${prefix}/openapi.json">openapi.json</a>.</p>
<nav>${operations
    .map(({ method, path, operation }) => {
      const name = `${method.toUpperCase()} ${prefix}${path}`;
      return `<a href="#${operation.operationId}"><code>${escaped(name)}</code> ${escaped(operation.summary)}</a>`;
    })
    .join("\n")}</nav>
${operations.map(({ method, path, operation }) => section(method, prefix + path, operation)).join("\n")}
<section><h2>Errors</h2>${errors()}</section>
</body></html>
`;
}

function section(method: string, path: string, operation: Operation): string {
  const { operationId, summary, description } = operation;
  return `<section id="${operationId}"><h2>${escaped(summary)}</h2>
<p><code>${method.toUpperCase()} ${escaped(path)}</code></p><p>${escaped(description)}</p>
<h3>Parameters</h3>${table(parametersOf(operation))}
<h3><code>data</code> of the answer</h3>${answer(operation)}</section>`;
}

interface Parameter {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

function parametersOf(operation: Operation): Parameter[] {
  const { parameters, requestBody } = operation as Operation & {
    readonly parameters?: readonly (Parameter & { readonly description?: string })[];
    readonly requestBody?: Content;
  };
  if (parameters !== undefined) {
    return parameters.map(({ name, required, schema, description = "" }) => ({
      name,
      required,
      schema: { ...schema, description },
    }));
  }
  return propertiesOf(requestBody?.content["application/json"]?.schema);
}

function propertiesOf(schema: JsonSchema | undefined): Parameter[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    schema: property as JsonSchema,
    required: schema?.required?.includes(name) ?? false,
  }));
}

function answer(operation: Operation): string {
  const { responses } = operation as Operation & {
    readonly responses: { readonly 200: Content & { readonly description: string } };
  };
  const { description, content } = responses[200];
  const data = content["application/json"]?.schema.properties?.data as JsonSchema | undefined;
  return `<p>${escaped(description)}</p>${table(propertiesOf(data))}`;
}

function errors(): string {
  const rows = [...ERROR_CODES].map(
    ([http, codes]) => `<tr><td>${http}</td><td>${codes.join(", ")}</td></tr>`,
  );
  return `<table><tr><th>HTTP</th><th>status.code</th></tr>${rows.join("")}</table>`;
}

function table(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "<p>None.</p>";
  const rows = parameters.map(({ name, schema, required }) => {
    const description = `${schema.description ?? ""}${required ? " Mandatory." : ""}`;
    return `<tr><td><code>${escaped(name)}</code></td><td>${escaped(typeOf(schema))}</td><td>${escaped(description)}</td></tr>`;
  });
  return `<table><tr><th>name</th><th>type</th><th>meaning</th></tr>${rows.join("")}</table>`;
}

function typeOf(schema: JsonSchema): string {
  const { enum: values, type, properties } = withoutNull(schema);
  if (values !== undefined) return values.join(", ");
  if (type === "object") return `object: ${Object.keys(properties ?? {}).join(", ")}`;
  return type === "array" ? "list" : String(type ?? "");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
