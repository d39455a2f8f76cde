#!/bin/bash
# try-guest.sh IMAGE.qcow2 — does the demo guest work? Starts it under emulation with a context CD, comes in over
# ssh with the key from the CD, and presses the power button. Some ten seconds; exit 0 when all of it worked.
#
# The image is not modified. The network is qemu's user network, on a free loopback port: no root, no libvirt.
set -euo pipefail

readonly UP_SECONDS=60 OFF_SECONDS=30 MAC=52:54:00:12:34:56

main() {
	[[ $# -eq 1 && -r $1 ]] || die "usage: try-guest.sh IMAGE.qcow2"
	IMAGE=$(realpath "$1")
	WORK=$(mktemp -d)
	QEMU=
	trap clean_up EXIT
	cd "$WORK"
	make_context
	start_guest
	wait_for_line
	check_inside
	check_power_button
	echo "try-guest: $1 works"
}

clean_up() {
	[[ -z $QEMU ]] || kill "$QEMU" 2>/dev/null || true
	rm -rf "$WORK"
}

make_context() {
	ssh-keygen -q -t ed25519 -N '' -f id
	mkdir cd
	cat >cd/context.sh <<-CONTEXT
		ETH0_IP='10.0.2.15'
		ETH0_MAC='$MAC'
		ETH0_MASK='255.255.255.0'
		SET_HOSTNAME='tried'
		SSH_PUBLIC_KEY='$(<id.pub)'
		START_SCRIPT='echo started >/tmp/started'
	CONTEXT
	genisoimage -quiet -J -R -V CONTEXT -o context.iso cd
}

start_guest() {
	PORT=$((20000 + RANDOM % 20000))
	qemu-img create -q -f qcow2 -F qcow2 -b "$IMAGE" disk.qcow2
	qemu-system-x86_64 -machine pc,accel=tcg -m 128 -display none -nodefaults \
		-drive file=disk.qcow2,if=virtio -drive file=context.iso,if=ide,media=cdrom \
		-netdev "user,id=net,hostfwd=tcp:127.0.0.1:$PORT-:22" -device "virtio-net-pci,netdev=net,mac=$MAC" \
		-device virtio-rng-pci -serial file:serial.log -monitor unix:monitor,server,nowait &
	QEMU=$!
}

wait_for_line() {
	local tries
	for ((tries = 0; tries < UP_SECONDS * 10; tries++)); do
		grep -a '^GUEST-UP' serial.log 2>/dev/null && return
		kill -0 "$QEMU" 2>/dev/null || die "qemu ended before the guest was up"
		sleep 0.1
	done
	die "no GUEST-UP on the serial console within $UP_SECONDS s; it said: $(cat serial.log)"
}

check_inside() {
	local got want='tried started ext4'
	# shellcheck disable=SC2016 # the guest expands it
	got=$(ssh -F none -i id -p "$PORT" -o BatchMode=yes -o ConnectTimeout=10 -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@127.0.0.1 \
		'echo $(hostname) $(cat /tmp/started) $(awk "\$2 == \"/data\" { print \$3 }" /proc/mounts)')
	[[ $got == "$want" ]] || die "in the guest: want '$want', got '$got'"
}

check_power_button() {
	local tries
	echo system_powerdown | nc -q 1 -U monitor >/dev/null
	for ((tries = 0; tries < OFF_SECONDS * 10; tries++)); do
		kill -0 "$QEMU" 2>/dev/null || { QEMU= && return; }
		sleep 0.1
	done
	die "still running $OFF_SECONDS s after the power button"
}

die() {
	echo "try-guest: $*" >&2
	exit 1
}

main "$@"
