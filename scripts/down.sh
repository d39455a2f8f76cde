#!/bin/bash
# down.sh — undoes what up.sh made: VM, server, bridge, libvirt. The data stays, unless PURGE=1.
#
# The VM of the demonstration is terminated. Other VMs of this server are powered off: their disks stay, and
# `onevm resume` boots them. With PURGE=1 all are terminated. Also works if parts are gone already.
set -euo pipefail

# shellcheck source=scripts/up-settings.sh
source "$(dirname "${BASH_SOURCE[0]}")/up-settings.sh"
readonly URI=qemu:///system VM_SECONDS=60 STOP_SECONDS=30

main() {
	if [[ -x bin/onevm ]] && answers; then
		end_vms
	fi
	stop_server
	remove_stray_domains
	remove_bridge
	[[ ! -e $RENKEI_STATE/libvirt ]] || scripts/libvirt.sh stop
	forbid_apparmor
	if [[ ${PURGE:-} == 1 ]]; then
		purge
	else
		echo "down: done; the data is kept in var (remove it too: make down PURGE=1)"
	fi
}

end_vms() {
	local id name state
	while IFS=, read -r id name state; do
		if [[ ${PURGE:-} == 1 || $name == "$NAME" ]]; then
			end_vm "$id" "$name"
		elif [[ $state == runn ]]; then
			echo "down: powering VM $id ($name) off"
			bin/onevm poweroff --hard "$id" && bin/onevm wait "$id" POWEROFF --timeout "${VM_SECONDS}s"
		fi
	done < <(bin/onevm list --csv --no-header -l ID,NAME,STAT)
}

# end_vm terminates a VM, or deletes it if its state does not allow that.
end_vm() {
	echo "down: ending VM $1 ($2)"
	bin/onevm terminate --hard "$1" 2>/dev/null || bin/onevm recover --delete "$1"
	bin/onevm wait "$1" DONE --timeout "${VM_SECONDS}s" || echo "down: VM $1 did not end within $VM_SECONDS s" >&2
}

stop_server() {
	local pid tries
	pid=$(server_pid)
	if [[ -n $pid ]]; then
		as_root kill "$pid"
		for ((tries = 0; tries < STOP_SECONDS * 10; tries++)); do
			[[ -n $(server_pid) ]] || break
			sleep 0.1
		done
		[[ -z $(server_pid) ]] || die "the server (process $pid) did not end within $STOP_SECONDS s"
		echo "down: the server has stopped"
	fi
	rm -f "$PID_FILE"
}

# remove_stray_domains destroys domains that a crashed server has left, recognized by their disks.
remove_stray_domains() {
	local domain
	command -v virsh >/dev/null || return 0
	while read -r domain; do
		[[ $(as_root virsh -c "$URI" dumpxml "$domain" 2>/dev/null) == *"$DISKS/"* ]] || continue
		echo "down: ending $domain, which no server looks after"
		as_root virsh -q -c "$URI" destroy "$domain" >/dev/null 2>&1 || true
		[[ ${PURGE:-} != 1 ]] || as_root virsh -q -c "$URI" undefine --managed-save --snapshots-metadata "$domain" >/dev/null
	done < <(as_root timeout 10 virsh -q -c "$URI" list --all --name 2>/dev/null | grep .)
}

remove_bridge() {
	[[ -e $MADE_BRIDGE ]] || return 0
	as_root ip link delete "$(<"$MADE_BRIDGE")" 2>/dev/null || true
	rm -f "$MADE_BRIDGE"
	echo "down: the bridge is gone"
}

forbid_apparmor() {
	grep -qsF "$PROFILE_LINE" "$PROFILE" || return 0
	as_root sed -i "\\|^$DISKS/datastores/|d" "$PROFILE"
}

purge() {
	[[ ! -e $MADE_AUTH ]] || rm -f "$(<"$MADE_AUTH")"
	as_root rm -rf "$VAR" "$DISKS"
	as_root rmdir --ignore-fail-on-non-empty /var/lib/renkei 2>/dev/null || true
	echo "down: done, the data is gone too"
}

main "$@"
