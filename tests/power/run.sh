#!/usr/bin/env bash
# Power cuts on a disk of their own. Ends with 77 where this machine lets nobody mount one. [EVENTS-POWER-CUT]
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'umount -q "$folder/disk" || true; rm -rf "$folder"' EXIT
mkdir "$folder/disk"
truncate -s 256M "$folder/image"
mkfs.ext4 -q "$folder/image"
if ! mount -o loop "$folder/image" "$folder/disk"; then
  echo 'No disk can be mounted here: this needs root and a loop device'
  exit 77
fi
umount "$folder/disk"
.toolchain/deno run --quiet --config tests/deno.json --allow-all tests/power/power_cut.ts "$folder/disk" "$folder/image"
