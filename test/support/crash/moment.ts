import type { CaJournal } from "../world/ca-journal.js";
import type { Load } from "./load.js";

/** What a strike falls together with; `start`: milliseconds after a process was begun. */
export type Moment = "acknowledgement" | "arrival" | "effect" | "session" | "start";

/** Acts within an event that comes soon: nothing is in between. Resolves then. */
export function atMoment(
  { load, ca }: { readonly load: Load; readonly ca: CaJournal },
  random: () => number,
  act: (on: Moment, count: number) => void,
): Promise<void> {
  const count = 1 + Math.floor(random() * 50);
  const dice = random();
  return new Promise((resolve) => {
    let open = true;
    const once = (on: Moment, nth: number) => () => {
      if (!open) return;
      open = false;
      act(on, nth);
      resolve();
    };
    if (dice < 0.35) load.atNext(count, once("acknowledgement", count));
    else if (dice < 0.6) ca.atNext("arrival", once("arrival", count), count);
    else if (dice < 0.85) ca.atNext("effect", once("effect", count), count);
    else {
      // While it takes over; or soon, when its session is open already.
      ca.atNext("session", once("session", 1));
      ca.atNext("arrival", once("arrival", count), count);
    }
  });
}
