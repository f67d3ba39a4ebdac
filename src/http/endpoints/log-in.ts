import { z } from "zod";
import { logIn } from "../../calls/log-in.js";
import { dateText } from "../dates/date-text.js";
import { endpoint } from "../endpoint.js";
import { textParameter } from "./parameters.js";

export const logInWithPassword = endpoint({
  method: "POST",
  path: "/authentication/token",
  summary: "Log in",
  description:
    "Exchanges a name and a password for a token of two hours. The service serves one organisation: organisation and unit are taken and not looked at.",
  authenticated: false,
  parameters: z
    .strictObject({
      username: textParameter("Name of the user."),
      password: textParameter("Password of the user."),
      organisation: textParameter("Not looked at."),
      unit: textParameter("Not looked at."),
    })
    .meta({ required: ["username", "password"] }),
  data: z
    .strictObject({
      token: z.string().describe("To be sent with every other call."),
      expire_date: z.string().describe("When it ends, by the configured time zone."),
    })
    .describe("The token."),
  async answer({ auth }, call, { username, password }) {
    const { token, expireDate } = await logIn(auth, call, {
      username: username ?? "",
      password: password ?? "",
    });
    return JSON.stringify({ token, expire_date: dateText(expireDate, call.zone) });
  },
});
