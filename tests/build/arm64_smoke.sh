#!/usr/bin/env bash
# Shows that the arm64 program runs: starts it (under qemu-user on other machines), logs in, looks at live
# pictures, ends it and looks for leftovers.
#
#   arm64_smoke.sh BINARY
#
# Under qemu only the hub itself is arm64; the ffmpeg and setpriv it starts are this machine's.
# Exit status: 0 passed, 1 failed, 77 cannot be run here.
set -euo pipefail
cd "$(dirname "$0")/../.."

ready_limit_s=180
frames=5

say() { printf 'arm64_smoke: %s\n' "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }
cannot() { say "cannot be run here: $*"; exit 77; }

[ $# -eq 1 ] || { say "usage: arm64_smoke.sh BINARY"; exit 1; }
binary=$(realpath "$1")
[ -x "$binary" ] || fail "$binary is not there"
[ -x .toolchain/deno ] || cannot "there is no .toolchain/deno; run tools/setup.sh first"

# The libraries the program is linked with, and no more: 37 MB, unpacked without running anything.
sysroot=$PWD/.cache/arm64_sysroot
runner=()
if [ "$(uname -m)" != aarch64 ]; then
  missing=()
  command -v qemu-aarch64-static >/dev/null 2>&1 || missing+=(qemu-user-static)
  [ -e "$sysroot/ready" ] || command -v mmdebstrap >/dev/null 2>&1 || missing+=(mmdebstrap)
  if [ "${#missing[@]}" -gt 0 ]; then
    [ "$(id -u)" -eq 0 ] || cannot "these packages are missing and installing them needs root: ${missing[*]}"
    say "installing from apt: ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      "${missing[@]}" >/dev/null; } || cannot "apt could not install ${missing[*]}"
  fi
  if [ ! -e "$sysroot/ready" ]; then
    say "unpacking the arm64 libraries into .cache/arm64_sysroot"
    rm -rf "$sysroot"
    mkdir -p "$(dirname "$sysroot")"
    mmdebstrap --quiet --variant=extract --architectures=arm64 --include=libc6,libgcc-s1,libstdc++6 \
      bookworm "$sysroot" || cannot "mmdebstrap could not unpack the arm64 libraries"
    : >"$sysroot/ready"
  fi
  export QEMU_LD_PREFIX=$sysroot
  runner=(qemu-aarch64-static)
fi

work=$(mktemp -d)
session=''

# The hub and what it started: of its session, or still in the folder it was started in, for it gives its
# children sessions of their own.
survivors() {
  local process fields state sid
  for process in /proc/[0-9]*; do
    fields=$(cat "$process/stat" 2>/dev/null) || continue
    # The name in parentheses may hold spaces; after it come state, parent, group and session.
    read -r state _ _ sid _ <<<"${fields##*) }"
    # A zombie has ended; only this machine's init has not looked at it yet.
    [ "$state" != Z ] || continue
    if [ "$sid" = "$session" ] || [ "$(readlink "$process/cwd" 2>/dev/null)" = "$work" ]; then
      printf '%s\n' "${process#/proc/}"
    fi
  done
}
cleanup() {
  if [ -n "$session" ]; then
    for pid in $(survivors); do kill -KILL "$pid" 2>/dev/null || true; done
  fi
  rm -rf "$work"
}
trap cleanup EXIT

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }
port=$(.toolchain/deno eval --no-config \
  'const l = Deno.listen({ hostname: "127.0.0.1", port: 0 }); console.log(l.addr.port); l.close();')

mkdir "$work/data"
started=$EPOCHREALTIME
(cd "$work" && exec setsid "${runner[@]}" "$binary" serve --host 127.0.0.1 --port "$port" --metrics-port 0 \
  --data "$work/data" >"$work/log" 2>&1 </dev/null) &
session=$!

link=''
while [ -z "$link" ]; do
  link=$(grep -aoE -m 1 "http://127\.0\.0\.1:$port/\?token=[^[:space:]\"]+" "$work/log" || true)
  [ -n "$link" ] && break
  kill -0 "$session" 2>/dev/null || { tail -n 20 "$work/log" >&2; fail "the program ended before it was ready"; }
  [ "$(seconds_since "$started" | cut -d . -f 1)" -lt "$ready_limit_s" ] ||
    { tail -n 20 "$work/log" >&2; fail "no login link within $ready_limit_s s"; }
  sleep 0.1
done
ready=$(seconds_since "$started")

summary=$(timeout 300 .toolchain/deno run --no-config --no-lock --quiet --allow-net=127.0.0.1 \
  tests/build/hub_smoke.ts "$link" "$frames") || { tail -n 20 "$work/log" >&2; fail "see above"; }

stopping=$EPOCHREALTIME
kill -TERM "$session"
for _ in $(seq 300); do
  kill -0 "$session" 2>/dev/null || break
  sleep 0.1
done
! kill -0 "$session" 2>/dev/null || fail "the program did not end within 30 s of SIGTERM"
stopped=$(seconds_since "$stopping")
status=0
wait "$session" || status=$?
for _ in $(seq 20); do
  left=$(survivors)
  [ -n "$left" ] || break
  sleep 0.1
done
[ -z "$left" ] || fail "these processes outlived the program: $(for pid in $left; do tr '\0' ' ' <"/proc/$pid/cmdline"; done)"
[ "$status" -eq 0 ] || fail "the program ended with status $status after SIGTERM"

say "passed: ready after $ready s; $summary; ended $stopped s after SIGTERM, nothing left behind"
