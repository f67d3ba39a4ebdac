import {
  InstalledItem_Type,
  type InstalledItem as ItemMessage,
} from "../../gen/provisioning/v1/installed_item.js";
import type { Subscription as SubscriptionMessage } from "../../gen/provisioning/v1/subscription.js";
import type { InstalledItem, ItemType } from "../../inventory/installed-item.js";
import type { Subscription } from "../../inventory/subscription.js";
import type { ItemDraft, SubscriptionDraft } from "../../inventory/subscription-draft.js";
import { timestampOf } from "./timestamp.js";

const TYPE_MESSAGES = {
  SMARTCARD: InstalledItem_Type.TYPE_SMARTCARD,
  SET_TOP_BOX: InstalledItem_Type.TYPE_SET_TOP_BOX,
} as const satisfies Record<ItemType, InstalledItem_Type>;

/** A subscription as it goes over the wire. */
export function subscriptionMessage(subscription: Subscription): SubscriptionMessage {
  return {
    id: subscription.id,
    number: subscription.number,
    installedItems: subscription.items.map(itemMessage),
    createdDate: timestampOf(subscription.createdDate),
    updatedDate: timestampOf(subscription.updatedDate),
  };
}

function itemMessage({ id, type, serialNumber, alternativeCode, ca }: InstalledItem): ItemMessage {
  return {
    id,
    type: TYPE_MESSAGES[type],
    serialNumber,
    alternativeCode: alternativeCode ?? "",
    caId: ca?.caId ?? "",
    provider: ca?.provider ?? "",
  };
}

/** A subscription that came over the wire, unchecked; its dates are not the caller's to set. */
export function subscriptionDraft(message: SubscriptionMessage): SubscriptionDraft {
  return {
    id: message.id,
    number: message.number,
    items: message.installedItems.map(itemDraft),
  };
}

function itemDraft(message: ItemMessage): ItemDraft {
  const { id, serialNumber, alternativeCode, caId, provider } = message;
  return { id, type: typeName(message.type), serialNumber, alternativeCode, caId, provider };
}

/** Empty for a type that was not given or is not known. */
function typeName(type: InstalledItem_Type): ItemType | "" {
  switch (type) {
    case InstalledItem_Type.TYPE_SMARTCARD:
      return "SMARTCARD";
    case InstalledItem_Type.TYPE_SET_TOP_BOX:
      return "SET_TOP_BOX";
    case InstalledItem_Type.TYPE_UNSPECIFIED:
    case InstalledItem_Type.UNRECOGNIZED:
      return "";
  }
}

/** The message of a draft, to be sent by a client; a type that is not known becomes none. */
export function draftMessage(draft: SubscriptionDraft): SubscriptionMessage {
  return {
    id: draft.id,
    number: draft.number,
    installedItems: draft.items.map((item) => ({ ...item, type: typeMessage(item.type) })),
    createdDate: undefined,
    updatedDate: undefined,
  };
}

function typeMessage(name: string): InstalledItem_Type {
  const types: Readonly<Record<string, InstalledItem_Type>> = TYPE_MESSAGES;
  return Object.hasOwn(types, name)
    ? (types[name] ?? InstalledItem_Type.TYPE_UNSPECIFIED)
    : InstalledItem_Type.TYPE_UNSPECIFIED;
}
