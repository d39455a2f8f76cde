#!/bin/bash
# libvirt.sh start|stop|status — a libvirt for qemu:///system, with or without systemd.
#
#   start   does nothing if libvirt is running. Otherwise starts it: by systemd if that is running,
#           else virtlogd and libvirtd themselves (containers, small machines). Remembers what it started.
#   stop    stops what start has started, and nothing else; refuses while VMs run.
#   status  prints which of the three it is; exits with 3 if libvirt is not running.
#
# No file under /etc/libvirt is changed: what a VM needs beyond the defaults is in its domain XML. State
# and logs of the daemons are in $RENKEI_STATE/libvirt (by default ./var/up/libvirt).
set -euo pipefail

readonly URI=qemu:///system START_SECONDS=20 STOP_SECONDS=10
STATE=${RENKEI_STATE:-$PWD/var/up}/libvirt

main() {
	case ${1:-} in
	start) start ;;
	stop) stop ;;
	status) status ;;
	*) die "usage: libvirt.sh start|stop|status" ;;
	esac
}

start() {
	if serves; then
		open_kvm_if_root
		echo "libvirt: serves $URI already"
		return
	fi
	become_root start
	mkdir -p "$STATE"
	if has_systemd; then
		systemctl start libvirtd
		echo systemd >"$STATE/started"
	else
		open_kvm_if_root
		start_daemons
	fi
	wait_until_serving
	echo "libvirt: started"
}

stop() {
	if [[ ! -e $STATE/started && ! -e $STATE/kvm ]]; then
		echo "libvirt: not started from here, left alone"
		return
	fi
	become_root stop
	refuse_while_vms_run
	if [[ -e $STATE/started ]]; then
		stop_what_started
		echo "libvirt: stopped"
	fi
	restore_kvm
	rm -f "$STATE/started"
}

status() {
	if ! serves; then
		echo "libvirt: nothing serves $URI"
		exit 3
	fi
	if [[ -e $STATE/started ]]; then
		echo "libvirt: serves $URI, started from here"
	else
		echo "libvirt: serves $URI, not started from here"
	fi
}

serves() {
	timeout 10 virsh -q -c "$URI" uri >/dev/null 2>&1
}

has_systemd() {
	[[ -d /run/systemd/system ]]
}

# become_root runs this script again through sudo, where it is not root already.
become_root() {
	[[ $(id -u) -ne 0 ]] || return 0
	command -v sudo >/dev/null || die "to $1 libvirt takes root: run this as root, or install sudo"
	exec sudo "RENKEI_STATE=${STATE%/libvirt}" "${BASH_SOURCE[0]}" "$1"
}

# start_daemons runs both daemons under tini as a subreaper. qemu leaves its parent when it starts, and
# libvirt waits for it to be gone when it ends; where process 1 does not collect its dead (in most
# containers it does not) that wait takes 40 s for each VM, and with tini 0.2 s.
start_daemons() {
	local tool
	for tool in tini virtlogd libvirtd; do
		command -v "$tool" >/dev/null || die "missing $tool: run scripts/packages.sh run"
	done
	: >"$STATE/started"
	if [[ ! -S /run/libvirt/virtlogd-sock ]] || ! pgrep -x virtlogd >/dev/null; then
		launch virtlogd virtlogd
	fi
	if cgroups_are_read_only; then
		launch libvirtd unshare --mount --propagation slave "${BASH_SOURCE[0]%/*}/libvirtd-without-cgroups.sh"
	else
		launch libvirtd libvirtd
	fi
}

launch() {
	local name=$1
	shift
	setsid tini -s -- "$@" </dev/null >"$STATE/$name.log" 2>&1 &
	# Process ids are reused; together with its start time an id is unique.
	echo "$name $! $(began $!)" >>"$STATE/started"
}

# began PID prints a process's start time, in clock ticks since boot; nothing if it has ended.
began() {
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# In a container cgroups are often there but read-only; libvirt then refuses to start any VM, while with no
# cgroups at all it works.
cgroups_are_read_only() {
	awk '$3 ~ /^cgroup/ && $4 ~ /^ro(,|$)/ { found = 1 } END { exit !found }' /proc/mounts
}

wait_until_serving() {
	local tries
	for ((tries = 0; tries < START_SECONDS * 10; tries++)); do
		serves && return
		sleep 0.1
	done
	[[ ! -s $STATE/libvirtd.log ]] || tail -n 5 "$STATE/libvirtd.log" >&2
	die "libvirt was started but does not serve $URI after $START_SECONDS s"
}

refuse_while_vms_run() {
	local vms
	vms=$(timeout 10 virsh -q -c "$URI" list --name 2>/dev/null | grep . | paste -s -d ' ') || return 0
	die "VMs still run: $vms. End them first (virsh -c $URI destroy NAME)"
}

stop_what_started() {
	local name pid start
	if [[ $(<"$STATE/started") == systemd ]]; then
		systemctl stop libvirtd libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket
		return
	fi
	# libvirtd before virtlogd, which it uses: the reverse of how they were started.
	while read -r name pid start; do
		end "$name" "$pid" "$start"
	done < <(tac "$STATE/started")
}

end() {
	local name=$1 pid=$2 start=$3 tries
	[[ $(began "$pid") == "$start" ]] || return 0
	kill "$pid"
	for ((tries = 0; tries < STOP_SECONDS * 10; tries++)); do
		[[ $(began "$pid") == "$start" ]] || return 0
		sleep 0.1
	done
	die "$name (process $pid) did not end within $STOP_SECONDS s"
}

# open_kvm_if_root gives /dev/kvm to the group kvm, as udev does on every machine that has it. Where udev
# does not run, libvirt finds that it has KVM and its VMs may not use it, distrusts what it learned about
# qemu, and learns it again dozens of times: each start of a VM then takes more than a minute.
open_kvm_if_root() {
	[[ $(id -u) -eq 0 && -c /dev/kvm ]] && ! has_systemd || return 0
	getent group kvm >/dev/null || return 0
	[[ $(stat -c '%G %a' /dev/kvm) != kvm\ 66? ]] || return 0
	mkdir -p "$STATE"
	stat -c '%g %a' /dev/kvm >"$STATE/kvm"
	chgrp kvm /dev/kvm
	chmod 660 /dev/kvm
}

restore_kvm() {
	local group mode
	[[ -e $STATE/kvm ]] || return 0
	read -r group mode <"$STATE/kvm"
	if [[ -c /dev/kvm ]]; then
		chgrp "$group" /dev/kvm
		chmod "$mode" /dev/kvm
	fi
	rm "$STATE/kvm"
}

die() {
	echo "libvirt: $*" >&2
	exit 1
}

main "$@"
