import { expect } from "chai";
import type { CaCommand } from "../../../src/adapters/ca-adapter.js";
import type { Command } from "../../../src/requests/command.js";
import { accepted, hex } from "../../support/nds-bytes.js";
import { NdsFixture, reauthorise } from "./nds-fixture.js";

const command = (given: Command): CaCommand => ({ ...reauthorise(43), command: given });
const resetPin = command({ type: "SET_USER_PARAMETERS", pinOperation: "RESET" });
const setPin: CaCommand = {
  ...command({ type: "SET_USER_PARAMETERS", pinOperation: "SET" }),
  pin: "1234",
};

describe("nds: bytes of commands", () => {
  let nds: NdsFixture;
  beforeEach(async () => {
    nds = await NdsFixture.start();
  });
  afterEach(() => nds.stop());

  const requests: readonly (readonly [string, CaCommand, string, string])[] = [
    [
      "REAUTHORISE_ALL_SERVICES",
      reauthorise(42),
      "01 0101 001f 000100040000002a 0010000c303030313233343536373839 00110003532d31",
      "REAUTHORISE_ALL_SERVICES transaction=42 smartcard_ca_id=000123456789 subscription_number=S-1",
    ],
    [
      "a subscription number with spaces and umlauts",
      { ...reauthorise(42), subscriptionNumber: 'ä "1"' },
      "01 0101 0022 000100040000002a 0010000c303030313233343536373839 00110006c3a420223122",
      'REAUTHORISE_ALL_SERVICES transaction=42 smartcard_ca_id=000123456789 subscription_number="ä \\"1\\""',
    ],
    [
      "SET_USER_PARAMETERS that resets",
      resetPin,
      "01 0102 001d 000100040000002b 0010000c303030313233343536373839 0020000101",
      "SET_USER_PARAMETERS transaction=43 smartcard_ca_id=000123456789 pin_operation=1",
    ],
    [
      "SET_USER_PARAMETERS that sets",
      setPin,
      "01 0102 0025 000100040000002b 0010000c303030313233343536373839 0020000102 0021000431323334",
      "SET_USER_PARAMETERS transaction=43 smartcard_ca_id=000123456789 pin_operation=2 pin=****",
    ],
    [
      "AUTHORISE_SERVICES with all that it can have",
      command({
        type: "AUTHORISE_SERVICES",
        services: [
          { code: "SPORT", caId: "0012" },
          { code: "MOVIES", caId: "M" },
        ],
        start: Date.UTC(2026, 0, 1),
        end: Date.UTC(2026, 1, 1),
      }),
      "01 0103 0035 000100040000002b 0010000c303030313233343536373839 0012000430303132 001200014d 001300046955b900 00140004697e9780",
      "AUTHORISE_SERVICES transaction=43 smartcard_ca_id=000123456789 service_ca_id=0012 service_ca_id=M start=2026-01-01T00:00:00Z end=2026-02-01T00:00:00Z",
    ],
    [
      "AUTHORISE_SERVICES at once and for good",
      command({ type: "AUTHORISE_SERVICES", services: [{ code: "SPORT", caId: "0012" }] }),
      "01 0103 0020 000100040000002b 0010000c303030313233343536373839 0012000430303132",
      "AUTHORISE_SERVICES transaction=43 smartcard_ca_id=000123456789 service_ca_id=0012",
    ],
    [
      "CANCEL_SERVICES",
      command({ type: "CANCEL_SERVICES", services: [{ code: "SPORT", caId: "0012" }] }),
      "01 0104 0020 000100040000002b 0010000c303030313233343536373839 0012000430303132",
      "CANCEL_SERVICES transaction=43 smartcard_ca_id=000123456789 service_ca_id=0012",
    ],
    [
      "PAIR",
      command({ type: "PAIR", setTopBox: { id: "i", serialNumber: "s", caId: "00000042" } }),
      "01 0105 0024 000100040000002b 0010000c303030313233343536373839 001500083030303030303432",
      "PAIR transaction=43 smartcard_ca_id=000123456789 stb_ca_id=00000042",
    ],
    [
      "UNPAIR",
      command({ type: "UNPAIR" }),
      "01 0106 0018 000100040000002b 0010000c303030313233343536373839",
      "UNPAIR transaction=43 smartcard_ca_id=000123456789",
    ],
    [
      "SEND_ON_SCREEN_MESSAGE",
      command({ type: "SEND_ON_SCREEN_MESSAGE", text: "h\u00e9", durationSeconds: 300 }),
      "01 0107 0025 000100040000002b 0010000c303030313233343536373839 0040000368c3a9 00410002012c",
      "SEND_ON_SCREEN_MESSAGE transaction=43 smartcard_ca_id=000123456789 text=h\u00e9 duration=300",
    ],
    [
      "SEND_MAIL",
      command({ type: "SEND_MAIL", text: "a b" }),
      "01 0108 001f 000100040000002b 0010000c303030313233343536373839 00400003612062",
      'SEND_MAIL transaction=43 smartcard_ca_id=000123456789 text="a b"',
    ],
    [
      "DISPLAY_FINGERPRINT",
      command({ type: "DISPLAY_FINGERPRINT", durationSeconds: 5 }),
      "01 0109 001e 000100040000002b 0010000c303030313233343536373839 004100020005",
      "DISPLAY_FINGERPRINT transaction=43 smartcard_ca_id=000123456789 duration=5",
    ],
    [
      "GET_ACTIVE_SERVICES",
      command({ type: "GET_ACTIVE_SERVICES" }),
      "01 010a 0018 000100040000002b 0010000c303030313233343536373839",
      "GET_ACTIVE_SERVICES transaction=43 smartcard_ca_id=000123456789",
    ],
  ];
  for (const [name, command, bytes, readable] of requests) {
    it(`writes ${name}`, async () => {
      const { session, remote } = await nds.open();
      const sending = session.send(command);
      expect(await remote.frame()).to.deep.equal(hex(bytes));
      remote.send(accepted(command.transaction));
      expect((await sending).request).to.equal(readable);
      await session.close(AbortSignal.abort());
    });
  }
});
