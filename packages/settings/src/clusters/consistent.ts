import { blake2b64 } from "./blake2b.ts";
import type { Cluster } from "./clusters.ts";

/** Points that each shard has on the ring. */
const POINTS = 1000;
const SLACK = 1.25;

interface Ring {
  hashes: bigint[];
  owners: number[];
}

const rings = new Map<number, Ring>();

/**
 * Consistent hashing with bounded loads: clusters in order of id, each to the next shard on the ring
 * that is not above 1.25 times the average load (applications counted). Cluster id → shard.
 */
export function assignBounded(clusters: readonly Cluster[], replicas: number, applications: ReadonlyMap<string, number>): Map<string, number> {
  const ring = ringOf(replicas);
  const loads = new Array<number>(replicas).fill(0);
  const assigned = new Map<string, number>();
  let total = 0;
  for (const cluster of clusters) {
    const shard = leastLoaded(ring, cluster.id, (owner) => loads[owner]! + 1 <= Math.ceil(Math.max(1, Math.floor((total + 1) / replicas)) * SLACK));
    assigned.set(cluster.id, shard);
    const weight = applications.get(cluster.server) ?? 0;
    loads[shard]! += weight;
    total += weight;
  }
  return assigned;
}

function leastLoaded(ring: Ring, id: string, fits: (owner: number) => boolean): number {
  const start = firstAbove(ring.hashes, blake2b64(id));
  for (let step = 0; step < ring.hashes.length; step++) {
    const owner = ring.owners[(start + step) % ring.hashes.length]!;
    if (fits(owner)) return owner;
  }
  return 0;
}

function ringOf(replicas: number): Ring {
  const known = rings.get(replicas);
  if (known !== undefined) return known;
  const points: [hash: bigint, owner: number][] = [];
  for (let shard = 0; shard < replicas; shard++) for (let i = 0; i < POINTS; i++) points.push([blake2b64(`${shard}${i}`), shard]);
  points.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  // Two points with one name (`1`+`11`, `11`+`1`) are one place: the later shard has it.
  const unique = points.filter((point, i) => points[i + 1]?.[0] !== point[0]);
  const ring = { hashes: unique.map((point) => point[0]), owners: unique.map((point) => point[1]) };
  rings.set(replicas, ring);
  return ring;
}

function firstAbove(hashes: readonly bigint[], value: bigint): number {
  let lo = 0;
  let hi = hashes.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (hashes[mid]! > value) hi = mid;
    else lo = mid + 1;
  }
  return lo % hashes.length;
}
