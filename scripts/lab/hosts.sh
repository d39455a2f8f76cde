#!/bin/bash
# hosts.sh — simulated hosts on one machine, for tests that need more than one.
#
#   hosts.sh up N        have hosts 1…N running; prints a line for each. A host that crashed is started anew
#   hosts.sh sh I CMD…   run a command in host I, as on its console (no ssh involved)
#   hosts.sh crash I     host I loses its power: everything in it ends at once. Its disks stay
#   hosts.sh down        end all hosts, remove their disks, links and files
#
# A host is a set of namespaces: its own network, processes, mounts and host name, with its own sshd,
# libvirtd, bridge br0 and /var/lib/one. Over ssh it looks like a machine. All bridges
# hang on one switch with this machine, the front end, at $NET.1; host I is $NET.(10+I).
#
# Disks and logs are in $RENKEI_LAB (by default /var/tmp/renkei-lab), the key to all hosts is
# $RENKEI_LAB/id. Every other path is the same folder for the hosts and the front end: $RENKEI_LAB/shared
# serves as shared storage. Needs root; scripts/packages.sh test installs the rest.
set -euo pipefail

readonly LAB=${RENKEI_LAB:-/var/tmp/renkei-lab}
readonly NET=${RENKEI_LAB_NET:-10.78.0} SWITCH=rklab READY_SECONDS=20 MAX_HOSTS=40
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE

main() {
	[[ $(id -u) -eq 0 ]] || die "making namespaces takes root"
	local command=${1:-}
	[[ $# -eq 0 ]] || shift
	case $command in
	up) check_count "${1:-}" && locked up "$1" ;;
	down) locked down ;;
	crash) check_host "${1:-}" && locked crash "$1" ;;
	sh) check_host "${1:-}" && inside "$@" ;;
	*) die "usage: hosts.sh up N | down | crash I | sh I CMD…" ;;
	esac
}

# locked: two tests that call up and down at once take turns. The hosts must not inherit the lock.
locked() {
	mkdir -p "$LAB"
	exec {LOCK}>"$LAB/lock"
	flock -w 60 "$LOCK" || die "another hosts.sh has been at work in $LAB for a minute"
	"$@"
}

up() {
	local count=$1 i
	need_tools
	mkdir -p "$LAB/shared"
	[[ -e $LAB/id ]] || ssh-keygen -q -t ed25519 -N '' -C renkei-lab -f "$LAB/id"
	make_switch
	for ((i = 1; i <= count; i++)); do
		runs "$i" || start_host "$i"
	done
	for ((i = 1; i <= count; i++)); do
		wait_until_ready "$i"
		echo "host$i $(address "$i") qemu+ssh://root@$(address "$i")/system?keyfile=$LAB/id&no_verify=1"
	done
}

need_tools() {
	local tool
	for tool in ip unshare nsenter setsid tini ssh ssh-keygen /usr/sbin/sshd virtlogd libvirtd virsh nc; do
		command -v "$tool" >/dev/null || die "missing $tool: run scripts/packages.sh test"
	done
}

# forward_delay 0: a bridge that waits to learn, as is usual, is deaf for 15 s to each new guest.
make_switch() {
	! ip link show "$SWITCH" >/dev/null 2>&1 || return 0
	ip link add "$SWITCH" type bridge forward_delay 0
	ip address add "$NET.1/24" dev "$SWITCH"
	ip link set "$SWITCH" up
}

start_host() {
	local i=$1 dir=$LAB/host$1
	end_links "$i"
	mkdir -p "$dir"
	[[ -e $dir/uuid ]] || cat /proc/sys/kernel/random/uuid >"$dir/uuid"
	rm -f "$dir/process"
	# tini is the host's process 1 and collects the dead: libvirt waits for each qemu until that is done.
	# --kill-child: ending unshare ends process 1, and with it everything in the host.
	setsid unshare --net --mount --uts --ipc --pid --fork --kill-child --mount-proc \
		tini -- "$HERE/host-init.sh" "$i" "$LAB" "$NET" </dev/null >"$dir/console.log" 2>&1 {LOCK}>&- &
	echo "$! $(began $!)" >"$dir/process"
	connect "$i" $!
}

# connect plugs the host into the switch. Its end of the cable can be put there only once the network
# namespace is made, and host-init.sh waits for it.
connect() {
	local i=$1 pid=$2 tries
	for ((tries = 0; tries < READY_SECONDS * 100; tries++)); do
		[[ $(readlink "/proc/$pid/ns/net") == "$(readlink /proc/self/ns/net)" ]] || break
		sleep 0.01
	done
	# Always the same address, or nobody finds a host again for half a minute after it crashed.
	ip link add "$SWITCH$i" type veth peer name uplink address "$(printf '02:52:4b:00:00:%02x' "$i")" netns "$pid"
	ip link set "$SWITCH$i" master "$SWITCH" up
}

wait_until_ready() {
	local i=$1 tries
	for ((tries = 0; tries < READY_SECONDS * 10; tries++)); do
		on_host "$i" virsh -q -c qemu:///system uri >/dev/null 2>&1 && return
		sleep 0.1
	done
	tail -n 5 "$LAB/host$i/console.log" >&2
	die "host $i did not answer within $READY_SECONDS s: see $LAB/host$i"
}

on_host() {
	local i=$1
	shift
	ssh -F none -i "$LAB/id" -o BatchMode=yes -o ConnectTimeout=1 -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "root@$(address "$i")" "$@" </dev/null
}

inside() {
	local i=$1 unshare first
	shift
	runs "$i" || die "host $i is not running"
	read -r unshare _ <"$LAB/host$i/process"
	first=$(pgrep -P "$unshare")
	[[ $# -gt 0 ]] || set -- bash
	exec nsenter --target "$first" --mount --uts --ipc --net --pid --wd=/root env HOME=/root "$@"
}

crash() {
	local i=$1 pid
	runs "$i" || die "host $i is not running"
	read -r pid _ <"$LAB/host$i/process"
	kill -KILL "$pid"
	wait_until_gone "$i"
	end_links "$i"
}

wait_until_gone() {
	local i=$1 tries
	for ((tries = 0; tries < READY_SECONDS * 100; tries++)); do
		runs "$i" || return 0
		sleep 0.01
	done
	die "host $i does not end"
}

# The cable goes with the host's network namespace, but only some time after its last process.
end_links() {
	ip link delete "$SWITCH$1" 2>/dev/null || true
}

down() {
	local dir i
	for dir in "$LAB"/host*/; do
		i=${dir%/}
		i=${i##*/host}
		[[ -d $dir ]] || continue
		! runs "$i" || crash "$i"
		end_links "$i"
		rm -rf "$dir"
	done
	ip link delete "$SWITCH" 2>/dev/null || true
	remove_mount_points
	rm -rf "$LAB/shared" "$LAB/id" "$LAB/id.pub" "$LAB/lock"
	rmdir --ignore-fail-on-non-empty "$LAB"
}

# host-init.sh noted the folders it had to make on this machine to mount the hosts' own over them.
remove_mount_points() {
	[[ -e $LAB/made ]] || return 0
	local dir
	while read -r dir; do
		rmdir --ignore-fail-on-non-empty "$dir" 2>/dev/null || true
	done < <(sort -ru "$LAB/made")
	rm "$LAB/made"
}

# A host runs while the process noted for it does; with the time it began, an id means this process only.
runs() {
	local pid start
	[[ -s $LAB/host$1/process ]] || return 1
	read -r pid start <"$LAB/host$1/process"
	[[ -n $start && $(began "$pid") == "$start" ]]
}

# began PID prints a process's start time, in clock ticks since boot; nothing if it has ended.
began() {
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'
}

check_count() {
	[[ $1 =~ ^[1-9][0-9]?$ && $1 -le $MAX_HOSTS ]] || die "up takes a number from 1 to $MAX_HOSTS"
}

check_host() {
	[[ $1 =~ ^[1-9][0-9]?$ && -d $LAB/host$1 ]] || die "no host '$1': hosts are numbered from 1, after up"
}

address() {
	echo "$NET.$((10 + $1))"
}

die() {
	echo "hosts: $*" >&2
	exit 1
}

main "$@"
