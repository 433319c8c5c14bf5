#!/usr/bin/env bash
# Runs as the first process of the test guest: brings udev up, runs the test program and switches the guest off.
set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
out=/mnt/out
chmod 1777 /tmp
mkdir -p /dev/shm /dev/pts
mount -t tmpfs none /dev/shm

{
  /usr/lib/systemd/systemd-udevd --daemon
  udevadm trigger --subsystem-match=video4linux
  udevadm settle --timeout=20
} >"$out/udev.log" 2>&1

# shellcheck disable=SC1091
. "$out/env"
read -r uptime _ </proc/uptime
printf '# guest up after %s s\n' "$uptime" >>"$out/tap.txt"
cd /tmp || exit 1
if [ -e "$out/command" ]; then
  timeout "$GUEST_LIMIT_S" bash "$out/command" >>"$out/tap.txt" 2>&1
else
  timeout "$GUEST_LIMIT_S" /mnt/project/.toolchain/deno run --no-config --no-lock --quiet --allow-all \
    /mnt/project/tests/vm/guest_test.ts >>"$out/tap.txt" 2>"$out/errors.txt"
fi
echo $? >"$out/status"
dmesg >"$out/dmesg.txt"
sync
echo o >/proc/sysrq-trigger
sleep 10
