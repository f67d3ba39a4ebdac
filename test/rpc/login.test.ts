import { credentials, Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import { Passwords } from "../../src/auth/passwords.js";
import { saveUser } from "../../src/auth/save-user.js";
import { Tokens } from "../../src/auth/tokens.js";
import {
  AuthServiceClient,
  AuthServiceService,
} from "../../src/gen/provisioning/v1/auth_service.js";
import { systemClock } from "../../src/requests/clock.js";
import { byToken } from "../../src/rpc/authenticate.js";
import { login } from "../../src/rpc/handlers/login.js";
import { releaseToken } from "../../src/rpc/handlers/release-token.js";
import { MemoryAccounts } from "../support/memory-accounts.js";
import { call, failureOf } from "../support/rpc-client.js";
import { type RpcTestServer, startRpcServer, withToken } from "../support/rpc-server.js";

describe("logging in", () => {
  let server: RpcTestServer;
  let client: AuthServiceClient;
  let store: MemoryAccounts;

  before(async () => {
    store = new MemoryAccounts(systemClock);
    await saveUser(store, "ann", "correct horse", false);
    const tokens = new Tokens(store, systemClock);
    server = await startRpcServer(
      (add) =>
        add(AuthServiceService, {
          login: login({ store, passwords: new Passwords(), tokens }),
          releaseToken: releaseToken({ tokens }),
        }),
      { authenticate: byToken(tokens), slowCallMs: 0 },
    );
    client = new AuthServiceClient(server.address, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    await server.server.stop(100);
  });

  const logIn = (username: string, password: string) =>
    call(client, client.login, { username, password }, { metadata: new Metadata() });
  const release = (metadata: Metadata) => call(client, client.releaseToken, {}, { metadata });

  it("gives a token for two hours, which can be released once", async () => {
    const before = Date.now();
    const { token, expireDate } = await logIn("ann", "correct horse");
    const expires = Number(expireDate?.seconds) * 1000 - before;
    expect(expires).to.be.within(7_199_000, 7_210_000);
    await release(withToken(token));
    expect((await failureOf(release(withToken(token)))).reason).to.equal("TOKEN_INVALID");
    expect(store.tokens.size).to.equal(0);
  });

  it("does not tell an unknown name from a wrong password", async () => {
    const wrong = await failureOf(logIn("ann", "wrong"));
    const unknown = await failureOf(logIn("bob", "correct horse"));
    expect(wrong).to.deep.include({ code: "UNAUTHENTICATED", reason: "CREDENTIALS_INVALID" });
    expect(unknown).to.deep.equal(wrong);
  });

  it("names the fields that are missing or too long, without their content", async () => {
    const empty = await failureOf(logIn("", ""));
    expect(empty.message).to.equal("username: is mandatory; password: is mandatory");
    const long = await failureOf(logIn("ann", "s3cret".repeat(100)));
    expect(long.badRequest?.fieldViolations.map(({ field }) => field)).to.deep.equal(["password"]);
    expect(JSON.stringify(long.badRequest)).not.to.include("s3cret");
  });

  it("leaves no password and no token in the log", async () => {
    const { token } = await logIn("ann", "correct horse");
    const log = JSON.stringify(server.log);
    expect(log).not.to.include(token);
    for (const secret of ["correct horse", "wrong", "s3cret"]) {
      expect(log.replaceAll("wrong password", "")).not.to.include(secret);
    }
  });
});
