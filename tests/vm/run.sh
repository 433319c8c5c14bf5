#!/usr/bin/env bash
# Tests the hub with a real uvcvideo webcam that can be unplugged: boots a small guest in which this machine's
# files are the read-only root, plugs an emulated webcam into it over USB/IP and runs guest_test.ts there.
#
#   run.sh                 the test of make test-vm
#   run.sh FILE            runs the bash script FILE in the guest instead (to look around)
#
# HUB=path of the program to test; otherwise dist/tapo-camera-mcp. VM_ACCEL=kvm is faster where KVM works.
# Exit status: 0 passed, 1 failed, 77 cannot be run here.
set -euo pipefail
cd "$(dirname "$0")/../.."
limit_s=600

say() { printf 'test-vm: %s\n' "$*" >&2; }
seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

begun=$EPOCHREALTIME
[ -x .toolchain/deno ] || { echo "test-vm: cannot be run here: there is no .toolchain/deno; run tools/setup.sh first"; exit 77; }
hub=$(realpath -m --relative-to=. "${HUB:-dist/tapo-camera-mcp}")
[ $# -gt 0 ] || [ -x "$hub" ] || { say "FAILED: $hub is not there; run make build first"; exit 1; }
tests/vm/prepare.sh
prepared=$(seconds_since "$begun")

out=$PWD/.cache/vm/out
rm -rf "$out"
mkdir -p "$out"
: >"$out/tap.txt"
emulator='' qemu=''
cleanup() {
  [ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true
  [ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true
}
trap cleanup EXIT

.toolchain/deno run --no-config --no-lock --quiet --allow-net=127.0.0.1 --allow-run=ffmpeg \
  tests/emulators/uvc/main.ts >"$out/emulator.json" 2>"$out/emulator.log" &
emulator=$!
for _ in $(seq 300); do
  [ -s "$out/emulator.json" ] && break
  kill -0 "$emulator" 2>/dev/null || { cat "$out/emulator.log" >&2; say "FAILED: the emulated webcam did not start"; exit 1; }
  sleep 0.1
done
port() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$out/emulator.json"; }
cat >"$out/env" <<END
export GUEST_LIMIT_S=$((limit_s - 30))
export USBIP_PORT=$(port usbip_port)
export CONTROL_URL=http://10.0.2.2:$(port control_port)
export HUB=/mnt/project/$hub
END
[ $# -eq 0 ] || cp "$1" "$out/command"

booted=$EPOCHREALTIME
share() { printf -- '-virtfs\nlocal,path=%s,mount_tag=%s,security_model=none%s\n' "$2" "$1" "$3"; }
mapfile -t shares < <(
  share root / ,readonly=on,multidevs=remap
  share extra "$PWD/.cache/vm/extra" ,readonly=on
  share project "$PWD" ,readonly=on,multidevs=remap
  share out "$out" ''
)
timeout "$limit_s" qemu-system-x86_64 -accel "${VM_ACCEL:-tcg,thread=multi}" -cpu max -M q35 -smp 2 -m 1536 \
  -nodefaults -display none -no-reboot -serial "file:$out/console.log" \
  -kernel .cache/vm/vmlinuz -initrd .cache/vm/initramfs \
  -append 'console=ttyS0 loglevel=3 panic=-1 mitigations=off nokaslr tsc=reliable random.trust_cpu=on net.ifnames=0' \
  "${shares[@]}" -netdev user,id=net -device virtio-net-pci,netdev=net -device virtio-rng-pci \
  >"$out/qemu.log" 2>&1 </dev/null &
qemu=$!
# The line with the counts is kept for the end.
counts='^[0-9]* passed, [0-9]* failed$'
tail -n +1 -f --pid="$qemu" "$out/tap.txt" | sed -u "/$counts/d"
wait "$qemu" || true
qemu=''

say "prepared in $prepared s, guest ran $(seconds_since "$booted") s"
status=$(cat "$out/status" 2>/dev/null || true)
if [ "$status" != 0 ]; then
  if [ -z "$status" ]; then
    say "FAILED: the guest did not finish; its console and qemu said:"
    tail -n 15 "$out/console.log" "$out/qemu.log" >&2 || true
  fi
  [ ! -s "$out/errors.txt" ] || tail -n 30 "$out/errors.txt" >&2
fi
grep "$counts" "$out/tap.txt" || true
[ "$status" = 0 ]
