#!/bin/bash
# libvirtd-without-cgroups.sh — runs libvirtd with all cgroups unmounted. Called by libvirt.sh in a
# mount namespace of its own, so that nothing else is affected.
set -euo pipefail

while read -r mount; do
	umount "$mount" 2>/dev/null || umount --lazy "$mount"
done < <(awk '$3 ~ /^cgroup/ { print $2 }' /proc/mounts | tac)
exec libvirtd
