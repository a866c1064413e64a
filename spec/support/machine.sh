#!/bin/sh
# machine.sh ROOT COMMAND... - that command in that root, with what every machine has and a folder has not. To be run with
# its own mounts and processes: as their first process it stays until the command has ended, and takes in orphans.
set -eu

root=$1
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ended=0
chroot "$@" || ended=$?
exit $ended
