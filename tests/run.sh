#!/usr/bin/env bash
# Everything that CI runs, in order; ends with one line that counts. Called by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."
export DENO_TLS_CA_STORE=${DENO_TLS_CA_STORE:-system,mozilla} NO_COLOR=1
passed=0 failed=0 skipped=0
log=$(mktemp) beside_log=$(mktemp) beside_pid=
trap '[ -z "$beside_pid" ] || kill "$beside_pid" 2>/dev/null; rm -f "$log" "$beside_log" "$beside_log.end"' EXIT

# count NAME CODE SECONDS: adds up what the log of a leg tells; a leg without a count of its own counts as one.
count() {
  local name=$1 code=$2 seconds=$3 own_passed own_failed
  if [ "$code" -eq 77 ]; then
    skipped=$((skipped + 1))
    printf '== %s: SKIPPED, it cannot run on this machine (see above)\n' "$name"
    return
  fi
  own_passed=$(grep -oE '[0-9]+ passed' "$log" | tail -n 1 | grep -oE '[0-9]+' || true)
  own_failed=$(grep -oE '[0-9]+ failed' "$log" | tail -n 1 | grep -oE '[0-9]+' || true)
  if [ -z "$own_passed" ]; then
    if [ "$code" -eq 0 ]; then own_passed=1 own_failed=0; else own_passed=0 own_failed=1; fi
  elif [ "$code" -ne 0 ] && [ "${own_failed:-0}" -eq 0 ]; then
    own_failed=1
  fi
  passed=$((passed + own_passed)) failed=$((failed + ${own_failed:-0}))
  printf '== %s: exit status %s after %s s\n' "$name" "$code" "$seconds"
}

# leg NAME COMMAND …: runs one leg and counts its tests.
leg() {
  local name=$1 begin=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$log"
  count "$name" "${PIPESTATUS[0]}" $((SECONDS - begin))
}

# beside COMMAND …: runs a leg that mostly waits for real time beside the next ones; `join NAME` shows and counts it.
beside() {
  beside_begin=$SECONDS
  ("$@" >"$beside_log" 2>&1; echo "$? $SECONDS" >"$beside_log.end") &
  beside_pid=$!
}
join() {
  local name=$1 code end
  printf '\n== %s\n' "$name"
  wait "$beside_pid"
  read -r code end <"$beside_log.end"
  tee "$log" <"$beside_log"
  count "$name" "$code" $((end - beside_begin))
}

deno_test() { .toolchain/deno test --quiet --config tests/deno.json --allow-all "$@"; }

leg 'base executables for deno compile' tests/build/seed_denort.sh
leg 'build for x64 and arm64' make --no-print-directory build build-arm64
leg 'checks' make --no-print-directory check
beside deno_test --trace-leaks tests/drivers/re*cording*_test.ts
leg 'unit tests' deno_test --trace-leaks tests/unit tests/emulators
join 'recordings of emulated cameras'
beside tests/vm/run.sh
leg 'drivers against emulated cameras' deno_test --trace-leaks --ignore="$(echo tests/drivers/re*cording*_test.ts | tr ' ' ,)" tests/drivers
join 'webcams in a virtual machine [VM-WEBCAM]'
leg 'MCP conformance and inspector [MCP-CONFORMANCE]' deno_test tests/conformance
beside deno_test tests/e2e/[n-z]*_test.ts
leg 'end to end, compiled binary: a to m' deno_test tests/e2e/[!n-z]*_test.ts
join 'end to end, compiled binary: n to z'
leg 'power cuts on a disk of its own [EVENTS-POWER-CUT]' tests/power/run.sh
leg 'arm64 binary under emulation [ARM64]' tests/build/arm64_smoke.sh dist/tapo-camera-mcp-arm64

if [ "$skipped" -gt 0 ]; then
  printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
else
  printf '\n%s passed, %s failed\n' "$passed" "$failed"
fi
[ "$failed" -eq 0 ]
