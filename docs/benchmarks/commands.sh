#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Everything behind the tables of pipeline.md and round.md, to be run on a machine that does nothing
# else: an hour and a half on two cores, most of it for RocksDB. Each output goes into a file of its own; its last line is JSON.
#
#   docs/benchmarks/commands.sh [DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/../.."
results="${1:-target/benchmarks}"
mkdir -p "$results"

run() {
  local name="$1"
  shift
  printf '%s: ./anabranch bench %s\n' "$name" "$*"
  ./anabranch bench "$@" >"$results/$name.txt"
  tail -n 1 "$results/$name.txt"
}

# Throughput at 21.8 million parameters.
for codec in dense-f32 dense-f16 top-k stc; do
  for parallelism in 1 2; do
    run "pipeline-$codec-p$parallelism" \
      pipeline --codec "$codec" --clients 10 --parallelism "$parallelism"
  done
done
run pipeline-dense-f32-random pipeline --codec dense-f32 --clients 8 --order random
run pipeline-dense-f32-rocksdb pipeline --codec dense-f32 --clients 10 --state-backend rocksdb
run pipeline-stc-rocksdb pipeline --codec stc --clients 10 --state-backend rocksdb

# Memory at 10 and at 100 clients, under one hold budget.
for order in random contiguous; do
  for backend in hashmap rocksdb; do
    run "memory-$order-$backend" \
      pipeline --measure memory --order "$order" --state-backend "$backend" --hold-budget 512mb
  done
done

# Rounds.
run round round --case 2x100,8x21797672
run round-large-p2 round --case 8x21797672 --parallelism 2
run round-large-1s round --case 8x21797672 --parallelism 2 --set checkpoint.interval=1s

# Settings of the cluster, each beside pipeline-dense-f32-p2.
run try-parallel-gc pipeline --parallelism 2 --jvm-option=-XX:+UseParallelGC
run try-g1-regions pipeline --parallelism 2 --jvm-option=-XX:G1HeapRegionSize=8m
run try-huge-pages pipeline --parallelism 2 --jvm-option=-XX:+UseTransparentHugePages
run try-segments-128k pipeline --parallelism 2 --flink taskmanager.memory.segment-size=128kb
run try-segments-512k pipeline --parallelism 2 --flink taskmanager.memory.segment-size=512kb
