#!/bin/sh
# Prints the memory (PSS: shared pages counted once) of a process and everything below it, and of the PostgreSQL that
# belongs to it:  examples/memory.sh PID [POSTMASTER]
set -eu

below() {
  echo "$1"
  for child in $(ps -o pid= --ppid "$1" 2>/dev/null || true); do below "$child"; done
}

pss() {
  for process in $(below "$1"); do cat "/proc/$process/smaps_rollup" 2>/dev/null || true; done |
    awk '/^Pss:/ { sum += $2; processes++ } END { printf "%d %d\n", sum / 1024, processes }'
}

total=0
for root in "$@"; do
  set -- $(pss "$root")
  name=$(cat "/proc/$root/comm" 2>/dev/null || echo gone)
  echo "  $name (process $root): $1 MB in $2 process(es)"
  total=$((total + $1))
done
echo "  together: $total MB"
