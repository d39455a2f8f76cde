#!/bin/bash
# host-init.sh I LAB NET — starts what runs in simulated host I. hosts.sh calls it in the host's namespaces.
set -euo pipefail

readonly I=$1 LAB=$2 NET=$3
readonly DISK=$LAB/host$I MAX_NAMED=20
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE

main() {
	hostname "host$I"
	mount --make-rprivate /
	# A fresh /sys shows this host's network interfaces, and no cgroups: several libvirtd in the machine's
	# one tree of them would trip over each other.
	umount --recursive --lazy /sys
	mount -t sysfs sysfs /sys
	make_configuration
	own run /run
	own libvirt-etc /etc/libvirt
	own libvirt-lib /var/lib/libvirt
	own libvirt-log /var/log/libvirt
	own libvirt-cache /var/cache/libvirt
	own one /var/lib/one
	own ssh /root/.ssh
	mount --bind "$DISK/hosts" /etc/hosts
	mkdir -p /run/sshd
	make_network
	/usr/sbin/sshd -f "$HERE/sshd_config" -E "$DISK/sshd.log"
	virtlogd --daemon
	libvirtd --daemon
	exec sleep infinity
}

# own NAME FOLDER lays the host's own folder over the machine's, which has to exist for that.
own() {
	local source=$DISK/$1 target=$2
	mkdir -p "$source"
	if [[ ! -d $target ]]; then
		mkdir -p "$target"
		echo "$target" >>"$LAB/made"
	fi
	mount --bind "$source" "$target"
}

make_configuration() {
	rm -rf "$DISK/run" # as after a power cut
	mkdir -p "$DISK/libvirt-etc" "$DISK/ssh"
	sed "s/@UUID@/$(<"$DISK/uuid")/" "$HERE/libvirtd.conf" >"$DISK/libvirt-etc/libvirtd.conf"
	cp "$HERE/qemu.conf" "$DISK/libvirt-etc/qemu.conf"
	# Any host may reach any other with the one key, as migration and copies between hosts need.
	chmod 700 "$DISK/ssh"
	install -m 600 "$LAB/id" "$DISK/ssh/id_ed25519"
	install -m 600 "$LAB/id.pub" "$DISK/ssh/authorized_keys"
	install -m 600 "$HERE/ssh_config" "$DISK/ssh/config"
	[[ -e $DISK/ssh/host_key ]] || ssh-keygen -q -t ed25519 -N '' -f "$DISK/ssh/host_key"
	local j
	{
		cat /etc/hosts
		for ((j = 1; j <= MAX_NAMED; j++)); do
			echo "$NET.$((10 + j)) host$j"
		done
	} >"$DISK/hosts"
}

# make_network waits for the cable that hosts.sh plugs in, and puts it and this host on br0, where guests are.
make_network() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		[[ ! -e /sys/class/net/uplink ]] || break
		sleep 0.01
	done
	ip link set lo up
	ip link add br0 type bridge forward_delay 0
	ip link set uplink master br0 up
	ip link set br0 up
	ip address add "$NET.$((10 + I))/24" dev br0
	ip route add default via "$NET.1"
}

main
