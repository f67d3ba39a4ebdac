import { join } from "node:path";
import { expect } from "chai";
import { createUserCommand, type UserAccounts } from "../../src/cli/create-user.js";
import { testFolder } from "../support/test-folder.js";
import { type CliInput, runCli } from "./run-cli.js";

describe("create-user", () => {
  let environment: Record<string, string>;
  let database: string;
  let users: Map<string, string>;

  beforeEach(() => {
    const folder = testFolder("user");
    database = `sqlite:${join(folder, "p.db")}`;
    environment = { PROVISIONING_DATABASE_URL: database };
    users = new Map();
  });

  const accounts: UserAccounts = {
    async save(name, password, replace) {
      const exists = users.has(name);
      if (exists !== replace) return exists ? "exists" : "missing";
      users.set(name, password);
      return exists ? "replaced" : "created";
    },
  };

  const run = (args: readonly string[], stdin: CliInput["stdin"] = "a word\n") =>
    runCli(["create-user", ...args], (context) => [createUserCommand(context, () => accounts)], {
      environment,
      stdin,
    });

  it("creates a user with the password from standard input", async () => {
    const expected = { code: 0, stdout: `created user ann in ${database}\n`, stderr: "" };
    expect(await run(["ann"], " pass wörd \r\n")).to.deep.equal(expected);
    expect(users.get("ann")).to.equal(" pass wörd ");
  });

  it("prints a line of JSON when asked", async () => {
    const { stdout } = await run(["ann", "--json"]);
    const user = { name: "ann", database };
    expect(stdout).to.equal(`${JSON.stringify({ event: "user_created", ...user })}\n`);
    const again = await run(["ann", "--json", "--replace"]);
    expect(again.stdout).to.equal(`${JSON.stringify({ event: "user_replaced", ...user })}\n`);
  });

  it("leaves a user that exists alone, unless told to replace", async () => {
    await run(["ann"]);
    expect(await run(["ann"], "another")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: `ca-provisioning: the user ann exists in ${database}: --replace gives a new password\n`,
    });
    expect(users.get("ann")).to.equal("a word");
    const replaced = await run(["ann", "--replace"], "another");
    expect(replaced.stdout).to.equal(`new password for user ann in ${database}\n`);
    expect(users.get("ann")).to.equal("another");
  });

  it("makes no user of a name that nobody has, when told to replace", async () => {
    expect(await run(["admn", "--replace"])).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: `ca-provisioning: no user is named admn in ${database}\n`,
    });
    expect(users.size).to.equal(0);
  });

  const refused: Record<string, [stdin: string | Buffer, message: string]> = {
    "no password": ["", "the password is empty: give it on standard input"],
    "an empty line": ["\n", "the password is empty: give it on standard input"],
    "two lines": ["a\nb\n", "the password has control characters or several lines"],
    "a NUL": ["a\0b", "the password has control characters or several lines"],
    "bytes that are no text": [Buffer.from([0xff]), "the password is no valid UTF-8"],
    "a book": ["x".repeat(1025), "the password is longer than 1024 bytes"],
  };
  for (const [title, [stdin, message]] of Object.entries(refused)) {
    it(`refuses ${title}`, async () => {
      const stderr = `ca-provisioning: ${message}\n`;
      expect(await run(["ann"], stdin)).to.deep.equal({ code: 2, stdout: "", stderr });
      expect(users.size).to.equal(0);
    });
  }

  const names: [name: string, message: string][] = [
    ["", "It is mandatory."],
    [" ann", "It must not begin or end with a space."],
    ["a\nb", "It must not hold control characters."],
    ["x".repeat(65), "It is longer than 64 characters."],
  ];
  for (const [name, message] of names) {
    it(`refuses ${JSON.stringify(name.slice(0, 8))} as a name`, async () => {
      const { code, stderr } = await run([name]);
      expect(code).to.equal(2);
      expect(stderr).to.contain(message);
    });
  }
});
