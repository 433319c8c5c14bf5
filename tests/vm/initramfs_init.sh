#!/bin/busybox sh
# First program of the test guest: loads the drivers, makes the host's files the read-only base of a throw-away
# root, and hands over to guest_main.sh.
# shellcheck shell=dash
/bin/busybox mkdir -p /sbin /proc /sys /dev /host /new
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev

while read -r module options; do
  # shellcheck disable=SC2086  # "key=value key=value" are several words
  insmod "/modules/$module" $options || echo "init: $module could not be loaded"
done </modules/order

options=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o "ro,cache=loose,$options" root /host
mount -t tmpfs none /new
mkdir -p /new/upper /new/work /new/root
# Files the host lacks (udev, on a host without it) lie over the host's own.
mkdir -p /new/extra
mount -t 9p -o "ro,cache=loose,$options" extra /new/extra
mount -t overlay -o lowerdir=/new/extra:/host,upperdir=/new/upper,workdir=/new/work none /new/root

root=/new/root
mkdir -p $root/proc $root/sys $root/dev $root/run $root/tmp $root/mnt/project $root/mnt/out
mount -t tmpfs none $root/tmp
mount -t tmpfs none $root/run
# The project has a mount of its own, for it may lie under the host's /tmp, which the guest does not see.
mount -t 9p -o "ro,cache=loose,$options" project $root/mnt/project
mount -t 9p -o "$options" out $root/mnt/out
ifconfig lo 127.0.0.1 up
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
route add default gw 10.0.2.2
for folder in proc sys dev; do mount --move /$folder $root/$folder; done
exec switch_root $root /bin/bash /mnt/project/tests/vm/guest_main.sh
