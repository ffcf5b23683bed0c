/** What distributes a collection over the shards of a cluster. */
export interface ShardKey {
  readonly collection: string;
  /** The field whose hash decides where a document lives. Every unique index of the collection begins with it. */
  readonly field: string;
}

/**
 * The collections that grow with use and not with the number of accounts, and their keys; all others stay on one shard.
 * The reasons and the numbers are in docs/sharding.md.
 */
export const SHARD_KEYS: readonly ShardKey[] = [
  { collection: 'glucoses', field: 'patientId' },
  { collection: 'glucosedays', field: 'patientId' },
  { collection: 'meals', field: 'patientId' },
  { collection: 'messages', field: 'conversationId' },
  { collection: 'notifications', field: 'userId' },
  { collection: 'realtimeevents', field: 'userId' },
];
