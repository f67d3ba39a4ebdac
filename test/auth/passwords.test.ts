import { expect } from "chai";
import { Passwords } from "../../src/auth/passwords.js";
import { ServiceError } from "../../src/requests/service-error.js";

const never = new AbortController().signal;

describe("checking passwords", () => {
  it("tells right from wrong", async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash("secret");
    expect(await passwords.check("secret", hash, never)).to.equal(true);
    expect(await passwords.check("other", hash, never)).to.equal(false);
  });

  it("takes as long without a user as with one", async () => {
    const passwords = new Passwords();
    const hash = await passwords.hash("secret");
    const time = async (known: string | undefined) => {
      const start = performance.now();
      for (let i = 0; i < 3; i++) await passwords.check("x", known, never);
      return performance.now() - start;
    };
    await time(hash);
    const [known, unknown] = [await time(hash), await time(undefined)];
    expect(unknown / known).to.be.within(0.3, 3);
    expect(await passwords.check("x", undefined, never)).to.equal(false);
  });

  it("lets a bounded number wait, and answers OVERLOADED beyond", async () => {
    const passwords = new Passwords();
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, () => passwords.check("x", undefined, never)),
    );
    const refused = results.filter(({ status }) => status === "rejected");
    expect(refused).to.have.length(40 - 2 - 32);
    for (const result of refused) {
      const reason = result.status === "rejected" ? result.reason : undefined;
      expect(reason).to.be.instanceOf(ServiceError).with.property("reason", "OVERLOADED");
      expect(reason.retryAfterMs).to.be.greaterThan(0);
    }
    await passwords.check("x", undefined, never);
  });

  it("does no work for those that left the queue", async () => {
    const passwords = new Passwords();
    const left = new AbortController();
    const first = [1, 2].map(() => passwords.check("x", undefined, never));
    const waiting = Array.from({ length: 30 }, () => passwords.check("x", undefined, left.signal));
    const ends = Promise.allSettled(waiting);
    left.abort(ServiceError.of("CALL_CANCELLED"));
    const start = performance.now();
    await Promise.all(first);
    const oneRound = performance.now() - start;
    await ends;
    // Thirty more would take fifteen times as long as two.
    expect(performance.now() - start).to.be.below(5 * oneRound + 100);
    for (const end of await ends) expect(end).to.have.property("status", "rejected");
  });
});
