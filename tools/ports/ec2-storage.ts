/** Volumes, snapshots and images as tools see them. Texts in results are AWS's own, unescaped. */

export type StorageReader = object;

export type StorageWriter = object;
