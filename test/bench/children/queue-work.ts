/** Jobs of another queue: one for each request that ours would hold. */
export interface QueueMode {
  readonly jobs: number;
  /** Jobs are dealt to so many cards in turn. */
  readonly cards: number;
  /** Jobs of one card one after the other, as ours always are. */
  readonly ordered: boolean;
}

/** The same, in the tables of a database. */
export interface QueueJobs extends QueueMode {
  readonly url: string;
}

export interface QueueWork {
  readonly ms: number;
  readonly done: number;
}
