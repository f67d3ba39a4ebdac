import { expect } from "chai";
import { TEST_TOKEN } from "../support/rpc-server.js";
import { REAUTHORISE, SHOW } from "../support/web-client.js";
import { startWebServer, type WebTestServer } from "../support/web-server.js";

describe("the log of the HTTP server", () => {
  let running: WebTestServer | undefined;

  afterEach(async () => {
    await running?.server.stop();
    running = undefined;
  });

  async function start(): Promise<WebTestServer> {
    running = await startWebServer({});
    running.open();
    return running;
  }

  it("tells what never became a call, without its query and at a bounded length", async () => {
    const { client, log } = await start();
    const post = (body: string, type: string) =>
      client.send(REAUTHORISE, { method: "POST", headers: { "content-type": type }, body });
    await client.send("/nothing?token=Hush4714");
    await client.send("/%zz?token=Hush4714");
    await client.send(`/${"x".repeat(3000)}`);
    await client.send(`${REAUTHORISE}?token=Hush4714`);
    await post("<a/>", "text/xml");
    await post(" ".repeat(65 * 1024), "application/json");
    const told = log.map(({ level, msg, method, reason }) => [level, msg, method, reason]);
    const path = `/${"x".repeat(3000)}`;
    expect(told.filter(([, , method]) => !String(method).startsWith("GET /xxx"))).to.deep.equal([
      [30, "call", "GET /nothing", "METHOD_NOT_FOUND"],
      [30, "call", "GET /%zz", "METHOD_NOT_FOUND"],
      [30, "call", `GET ${REAUTHORISE}`, "METHOD_NOT_ALLOWED"],
      [30, "call", `POST ${REAUTHORISE}`, "MEDIA_TYPE_NOT_SUPPORTED"],
      [30, "call", `POST ${REAUTHORISE}`, "BODY_TOO_LARGE"],
    ]);
    const long = String(told[2]?.[2]);
    expect(long.length).to.be.below(300);
    expect(`GET ${path}`.startsWith(long.slice(0, 150))).to.equal(true);
    for (const line of log) expect(line.peer).to.match(/^127\.0\.0\.1:\d+$/);
    expect(JSON.stringify(log)).not.to.contain("Hush4714");
  });

  it("names no parameter that a call does not have, as the answer does", async () => {
    const { client, log } = await start();
    const answer = await client.send(
      `${SHOW}?token=${TEST_TOKEN}&Hush4714=1&number=a&id[Hush4715]=1&number=b`,
    );
    expect(answer.message).to.contain("number: ");
    const unknown = await client.send(`${SHOW}?token=${TEST_TOKEN}&Hush4714=1&number=a`);
    expect(unknown.message).to.contain("Hush4714: is no parameter of this call");
    const nested = await client.send(`${SHOW}?token=${TEST_TOKEN}&id[Hush4715]=1&id[Hush4715]=1`);
    expect(nested.message).to.contain("id.Hush4715: is given more than once");
    const malformed = await client.send(`${SHOW}?token=${TEST_TOKEN}&Hush4716[=1`);
    expect(malformed.message).to.contain("Hush4716[: is no name of a parameter");
    expect(log.map(({ text }) => text)).to.deep.equal([
      "number: is given more than once",
      "number: must be a whole number; [hidden]: is no parameter of this call",
      "id.[hidden]: is given more than once",
      "[hidden]: is no name of a parameter",
    ]);
    expect(JSON.stringify(log)).not.to.contain("Hush");
  });
});
