import type { Command, Period } from "./message.js";

/** One GET_ACTIVE_SERVICES answer lists no more, so a card holds no more. */
const maxServices = 64;

/** Cards with services that are kept; the card first authorised longest ago goes first. */
const maxCards = 1_000_000;

/** What each card may receive, as earlier commands left it. Any card is known and active. */
export class Cards {
  readonly #services = new Map<string, Map<string, Period>>();

  /** Carries a command out; false when the card has no room for its services. */
  apply(command: Command, now: number): boolean {
    switch (command.type) {
      case "AUTHORISE_SERVICES":
        return this.#authorise(command.card, command.services, command.period, now);
      case "CANCEL_SERVICES":
        this.#cancel(command.card, command.services);
        return true;
      case "REAUTHORISE_ALL_SERVICES":
      case "SET_USER_PARAMETERS":
      case "PAIR":
      case "UNPAIR":
      case "SEND_ON_SCREEN_MESSAGE":
      case "SEND_MAIL":
      case "DISPLAY_FINGERPRINT":
      case "GET_ACTIVE_SERVICES":
        return true;
    }
  }

  /** The services within their period, in the order they were first authorised. */
  active(card: string, now: number): readonly string[] {
    const services = this.#services.get(card) ?? new Map<string, Period>();
    return [...services]
      .filter(([, { start }]) => start === undefined || start <= now)
      .filter(([, period]) => !ended(period, now))
      .map(([service]) => service);
  }

  #authorise(card: string, added: readonly string[], period: Period, now: number): boolean {
    const services = new Map(
      [...(this.#services.get(card) ?? [])].filter(([, old]) => !ended(old, now)),
    );
    for (const service of added) services.set(service, period);
    if (services.size > maxServices) return false;
    this.#services.set(card, services);
    if (this.#services.size > maxCards) {
      for (const oldest of this.#services.keys()) {
        this.#services.delete(oldest);
        break;
      }
    }
    return true;
  }

  #cancel(card: string, cancelled: readonly string[]): void {
    const services = this.#services.get(card);
    if (services === undefined) return;
    for (const service of cancelled) services.delete(service);
    if (services.size === 0) this.#services.delete(card);
  }
}

function ended(period: Period, now: number): boolean {
  return period.end !== undefined && period.end <= now;
}
