/** Partitions of the log, in both modes: the same key has the same partition number. Changing it reorders keys. */
export const PARTITIONS = 12;

/** The partition of a key: murmur2 of its UTF-8 bytes, as Kafka's default partitioner has it. */
export const partitionOf = (key: string): number => (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % PARTITIONS;

/** MurmurHash2, 32 bits, with Kafka's seed (org.apache.kafka.common.utils.Utils.murmur2). */
export function murmur2(bytes: Uint8Array): number {
  const M = 0x5bd1e995;
  const length = bytes.length;
  let hash = 0x9747b28c ^ length;
  const at = (index: number): number => bytes[index] ?? 0;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    let word = at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24);
    word = Math.imul(word, M);
    word ^= word >>> 24;
    word = Math.imul(word, M);
    hash = Math.imul(hash, M) ^ word;
  }
  const left = length - index;
  if (left >= 3) hash ^= at(index + 2) << 16;
  if (left >= 2) hash ^= at(index + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ at(index), M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}
