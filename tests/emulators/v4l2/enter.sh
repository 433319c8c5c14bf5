#!/bin/sh
# Runs a command in a mount namespace of its own with an empty /dev and /sys/class, so that a stand-in webcam
# can be plugged in without touching this machine:  enter.sh STATE_DIR COMMAND ARG …
# The state folder holds dev/ and class/, which appear as /dev and /sys/class; bin/ goes first on the PATH.
set -eu
if [ "${STAND_IN_INSIDE:-}" != 1 ]; then
  exec env STAND_IN_INSIDE=1 unshare --mount --propagation private "$0" "$@"
fi
unset STAND_IN_INSIDE
state=$1
shift
for node in null zero full random urandom tty; do
  : > "$state/dev/$node"
  mount --bind "/dev/$node" "$state/dev/$node"
done
mkdir -p "$state/dev/shm"
mount --bind "$state/class" /sys/class
mount --rbind "$state/dev" /dev
PATH=$state/bin:$PATH exec "$@"
