import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DOMParser, type Element } from "@xmldom/xmldom";
import express, { type Response } from "express";
import { listen } from "soap";
import { SecureServer } from "./secure-server.js";

const WSDL = readFileSync(fileURLToPath(new URL("conax-messaging.wsdl", import.meta.url)), "utf8");
const PATH = "/ca-server/webservices/caclient/user-text-messaging";
const NAMESPACE = "http://www.conax.com/cas/xsd/user-text-messaging/v1";

/** What the SOAP server read out of a request. */
interface Bark {
  readonly CaClientIds: { readonly CaClientId: readonly string[] };
  readonly Message: string;
  readonly DisplayDurationInSeconds: number;
}

/** A CA system that shows messages, on a SOAP server of others that is made from a WSDL. */
export class ConaxServer {
  readonly barks: Bark[] = [];
  /** Every body, as it came. */
  readonly bodies: string[] = [];
  /** The status code of every answer. */
  code = "OK";
  /** Answers in the place of the CA system. */
  instead: ((response: Response) => void) | undefined;
  readonly #server: SecureServer;

  private constructor(server: SecureServer) {
    this.#server = server;
  }

  static async start({ user, password }: { user: string; password: string }): Promise<ConaxServer> {
    const app = express();
    const conax = new ConaxServer(await SecureServer.listen(app));
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    app.use((request, response, next) => {
      if (conax.instead !== undefined) conax.instead(response);
      else if (request.headers.authorization !== expected) response.status(401).end();
      else next();
    });
    const bark = ({ SendBarkMessageToClientsRequest: found }: Record<string, Bark>) => {
      if (found !== undefined) conax.barks.push(found);
      return { StatusCode: conax.code };
    };
    const soap = listen(app, {
      path: PATH,
      services: { UserTextMessaging: { Port: { SendBarkMessageToClients: bark } } },
      xml: WSDL,
    });
    soap.log = (type, data) => {
      if (type === "received") conax.bodies.push(String(data));
    };
    return conax;
  }

  get port(): number {
    return this.#server.port;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}

/** Every element of a request with the namespace that a reader of XML finds for it. */
export function qualifiedNames(xml: string): string[] {
  const found: string[] = [];
  const visit = (element: Element) => {
    const short = element.namespaceURI === NAMESPACE ? "text-messaging" : element.namespaceURI;
    found.push(`${element.localName} in ${short ?? "none"}`);
    for (const child of Array.from(element.childNodes)) {
      if (child.nodeType === child.ELEMENT_NODE) visit(child as Element);
    }
  };
  const root = new DOMParser().parseFromString(xml, "text/xml").documentElement;
  if (root !== null) visit(root);
  return found;
}
