/** What a provider's `connection` has for each protocol that ships, besides where it is. */
export const CONNECTIONS = {
  "nagra-cas-gateway": {
    cas_instance: "cas-1",
    tenant_id: "tenant-7",
    operator: "op-1",
    device_type: "CardBased",
  },
  "conax-contego-messaging": { user: "sms", password: "Pa:ss wörd" },
  "motv-csms": {
    login: "sms@example",
    secret: "k5g8",
    reauthorise_model: "Card",
    reauthorise_method: "refresh",
    authorise_model: "Card",
    authorise_method: "addProducts",
    cancel_model: "Card",
    cancel_method: "removeProducts",
    pair_model: "Pairing",
    pair_method: "create",
    unpair_model: "Pairing",
    unpair_method: "remove",
    card_member: "card",
    services_member: "products",
    set_top_box_member: "box",
  },
} as const;

export type HttpProtocolName = keyof typeof CONNECTIONS;
