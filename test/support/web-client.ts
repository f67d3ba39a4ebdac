import { expect } from "chai";

/** An answer as a caller over HTTP gets it. */
export interface WebAnswer {
  readonly http: number;
  readonly code: string;
  readonly description: string;
  readonly message: string;
  /** As the call answers it; tests know what is in it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The fields of the faults of an error. */
  readonly fields: readonly (string | undefined)[];
  readonly headers: Headers;
  /** The whole body, as it was parsed. */
  readonly body: unknown;
}

export interface WebRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

export const REAUTHORISE = "/nds/provisioning_requests/reauthorise_all_services";
export const SET_USER_PARAMETERS = "/nds/provisioning_requests/set_user_parameters";
export const RESET = "/provisioning/subscriptions/reset";
export const GET_PENDING = "/provisioning/generic_provisioning_requests/get_pending";
export const SEND_RESPONSE = "/provisioning/generic_provisioning_requests/send_response";
export const SHOW = "/provisioning/provisioning_requests/show";
export const LIST = "/provisioning/provisioning_requests/list";
export const LOG_IN = "/authentication/token";
export const RELEASE = "/authentication/token/release";

export const JSON_BODY = { "content-type": "application/json" };
export const FORM_BODY = { "content-type": "application/x-www-form-urlencoded" };

/** A caller of the web API at `host:port`. */
export class WebClient {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(address: string, headers: Readonly<Record<string, string>> = {}) {
    this.#base = `http://${address}`;
    this.#headers = headers;
  }

  /** Sends what it is given; fails when the answer is not in the envelope. */
  async send(path: string, request: WebRequest = {}): Promise<WebAnswer> {
    const headers = { ...this.#headers, ...request.headers };
    const response = await fetch(this.#base + path, { ...request, headers });
    const body = (await response.json()) as {
      status: { code: string; description: string; message: string };
      data: Record<string, unknown>;
    };
    expect(body).to.have.all.keys("status", "data");
    expect(body.status).to.have.all.keys("code", "description", "message");
    expect(body.data).to.be.an("object");
    const faults = (body.data.faults ?? []) as { field?: string }[];
    return {
      http: response.status,
      ...body.status,
      data: body.data,
      fields: faults.map(({ field }) => field),
      headers: response.headers,
      body,
    };
  }

  /** Parameters as JSON. */
  post(path: string, parameters: object): Promise<WebAnswer> {
    return this.send(path, {
      method: "POST",
      headers: JSON_BODY,
      body: JSON.stringify(parameters),
    });
  }

  /** A body as it is. */
  postText(path: string, body: string | Uint8Array<ArrayBuffer>): Promise<WebAnswer> {
    return this.send(path, { method: "POST", headers: JSON_BODY, body });
  }

  postForm(path: string, parameters: Readonly<Record<string, string>>): Promise<WebAnswer> {
    const body = new URLSearchParams(parameters).toString();
    return this.send(path, { method: "POST", headers: FORM_BODY, body });
  }

  get(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<WebAnswer> {
    const query = new URLSearchParams(parameters).toString();
    return this.send(query === "" ? path : `${path}?${query}`);
  }
}

/** The parameters of a create for card `i`, or an item by its id, of `sub-1`. */
export function createParameters(card: number | string, wanted: object = {}): object {
  const id = typeof card === "number" ? `card-${card}` : card;
  return {
    subscription_identifier: { id: "sub-1" },
    smartcard_identifier: { id },
    ...wanted,
  };
}
