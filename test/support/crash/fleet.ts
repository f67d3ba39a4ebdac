import type { Api } from "../world/api.js";
import type { ChildService } from "../world/child-service.js";
import { present } from "../world/eventually.js";
import type { World } from "../world/world.js";

/** The instances that serve one world, of which any may be killed or frozen at any moment. */
export class Fleet {
  readonly #world: World;
  readonly #places: ChildService[] = [];
  readonly #frozen = new Set<ChildService>();
  #turn = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** How long the last start took, in milliseconds. */
  startMs = 0;

  /** Starts so many instances, each in a place of its own. */
  async grow(instances: number): Promise<void> {
    for (let i = 0; i < instances; i += 1) this.#places.push(await this.#start());
  }

  async #start(): Promise<ChildService> {
    const begun = performance.now();
    const service = await this.#world.spawn();
    this.startMs = performance.now() - begun;
    return service;
  }

  /** The places whose instances run no more. */
  ended(): number[] {
    return [...this.#places.keys()].filter((place) => !this.at(place).running);
  }

  /** One after the other; the frozen are passed over, as their callers would have gone elsewhere. */
  get api(): Api {
    const awake = this.#places.filter((service) => service.running && !this.#frozen.has(service));
    const asked = awake.length > 0 ? awake : this.#places;
    this.#turn += 1;
    return present(asked[this.#turn % asked.length]).api;
  }

  at(place: number): ChildService {
    return present(this.#places[place]);
  }

  /** Waits for the end of what was killed there, and starts it again. */
  async replace(place: number): Promise<void> {
    await this.at(place).exited();
    this.#places[place] = await this.#start();
  }

  freeze(place: number): void {
    this.#frozen.add(this.at(place));
    this.at(place).signal("SIGSTOP");
  }

  thaw(place: number): void {
    this.at(place).signal("SIGCONT");
    this.#frozen.delete(this.at(place));
  }
}
