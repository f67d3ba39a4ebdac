/** Jobs in another queue's tables: one for each request that ours would hold. */
export interface QueueJobs {
  readonly url: string;
  readonly jobs: number;
  /** Jobs are dealt to so many cards in turn. */
  readonly cards: number;
  /** Jobs of one card one after the other, as ours always are. */
  readonly ordered: boolean;
}

export interface QueueWork {
  readonly ms: number;
  readonly done: number;
}
