import { createHash } from "node:crypto";
import { expect } from "chai";
import type { CliContext } from "../../../../src/cli/cli-context.js";
import { profileCommand } from "../../../../src/cli/profile.js";
import { runCli } from "../../../cli/run-cli.js";
import { CONNECTIONS, type HttpProtocolName } from "./connections.js";

const commands = (context: CliContext) => [profileCommand(context)];

/** What `profile try` shows of a command, with the settings of the tests. */
async function tried(name: HttpProtocolName, command: string, values: object) {
  const settings = Object.entries(CONNECTIONS[name]).map(([key, value]) => [
    `settings.${key}`,
    value,
  ]);
  const all = [...settings, ...Object.entries(values)];
  const set = all.flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const { code, stdout, stderr } = await runCli(
    ["profile", "try", name, command, ...set, "--json"],
    commands,
  );
  expect(stderr).to.equal("");
  expect(code).to.equal(0);
  const { request } = JSON.parse(stdout) as {
    request: { method: string; path: string; headers: Record<string, string>; body: string };
  };
  return request;
}

describe("profile try, for the profiles that ship", () => {
  it("shows what the Nagra gateway takes, with a card", async () => {
    const { method, path, headers, body } = await tried("nagra-cas-gateway", "AUTHORISE_SERVICES", {
      ca_id: "D-1/C-1",
      services: "P-12,P-14",
    });
    expect(`${method} ${path}`).to.equal("POST /cag/v1/cas-1/devices/D-1/entitlements");
    expect(headers).to.include({
      "nv-tenant-id": "tenant-7",
      operator: "op-1",
      "content-type": "application/json",
    });
    expect(body).to.equal(
      '{"deviceSpecification":{"deviceId":"D-1","deviceType":"CardBased"},"smartCardSpecification":{"smartCardId":"C-1"},"entitlements":[{"productId":"P-12"},{"productId":"P-14"}]}',
    );
  });

  it("shows what it takes without a card", async () => {
    const { body } = await tried("nagra-cas-gateway", "AUTHORISE_SERVICES", {
      "settings.device_type": "CardLess",
      ca_id: "D-1",
      services: "P-12",
    });
    expect(body).to.equal(
      '{"deviceSpecification":{"deviceId":"D-1","deviceType":"CardLess"},"entitlements":[{"productId":"P-12"}]}',
    );
  });

  it("shows what Conax Contego takes", async () => {
    const { method, path, headers, body } = await tried(
      "conax-contego-messaging",
      "SEND_ON_SCREEN_MESSAGE",
      { ca_id: "00011122233", text: "Hi <you>", duration: 20 },
    );
    expect(`${method} ${path}`).to.equal(
      "POST /ca-server/webservices/caclient/user-text-messaging",
    );
    const { user, password } = CONNECTIONS["conax-contego-messaging"];
    expect(headers).to.include({
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      "content-type": "text/xml; charset=utf-8",
    });
    expect(body).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><msg:SendBarkMessageToClients xmlns:msg="http://www.conax.com/cas/xsd/user-text-messaging/v1"><SendBarkMessageToClientsRequest><CaClientIds><CaClientId>00011122233</CaClientId></CaClientIds><Message>Hi &lt;you&gt;</Message><DisplayDurationInSeconds>20</DisplayDurationInSeconds></SendBarkMessageToClientsRequest></msg:SendBarkMessageToClients></soapenv:Body></soapenv:Envelope>',
    );
  });

  it("shows what motv CSMS takes, authorised for now", async () => {
    const { method, path, headers, body } = await tried("motv-csms", "AUTHORISE_SERVICES", {
      ca_id: "00011122233",
      services: "12,14",
    });
    expect(`${method} ${path}`).to.equal("POST /api/Card/addProducts");
    expect(body).to.equal('{"data":{"card":"00011122233","products":["12","14"]}}');
    const { login, secret } = CONNECTIONS["motv-csms"];
    const [user, time, proof] = headers.Authorization?.split(":") ?? [];
    expect(user).to.equal(login);
    expect(Math.abs(Date.now() / 1_000 - Number(time))).to.be.lessThan(60);
    const sum = createHash("sha1").update(`${time}${login}${secret}`).digest("hex");
    expect(proof).to.equal(sum);
  });
});
