import { benchBatches } from "./resolve/batches.ts";
for (const s of await benchBatches([200_000], 3, () => false)) {
  console.log(s.records, s.pairs, s.joined);
  for (const r of s.rounds)
    console.log(JSON.stringify(r), Math.round(s.pairs / r.comparingSeconds));
}
