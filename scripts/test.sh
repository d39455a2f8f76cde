#!/bin/bash
# test.sh — everything, on a fresh clone on a new machine: installs what it needs, then format, vet and all tests,
# with real guests on this machine's libvirt and, where it is root, on two simulated hosts. The last lines name
# what could not be run and why, and how many passed. The exit status is 0 when none failed.
#
# Settings: RENKEI_STATE, where the guest image and what was started are remembered (var/test).
set -euo pipefail
cd "$(dirname "$0")/.."
export RENKEI_STATE=${RENKEI_STATE:-$PWD/var/test}
readonly guest=$RENKEI_STATE/guest/demo.qcow2

main() {
	scripts/packages.sh run build test
	scripts/guest/build.sh "$guest"
	trap clean_up EXIT
	if scripts/libvirt.sh start; then
		export RENKEI_TEST_LIBVIRT=1 RENKEI_TEST_GUEST=$guest
		start_hosts
	else
		echo "test: libvirt does not serve here; tests with real guests are skipped" >&2
	fi
	# One package at a time: a guest under emulation takes a core for itself, and tests of patience (of the wire,
	# of clients) beside it would measure the machine.
	scripts/check.sh -count=1 -p 1 -timeout 20m
}

# start_hosts makes two simulated hosts, for tests that need two. Existing ones are not touched.
start_hosts() {
	[[ $(id -u) -eq 0 ]] || return 0
	! ip link show rklab >/dev/null 2>&1 || return 0
	export RENKEI_LAB=/var/tmp/renkei-lab-test RENKEI_LAB_NET=10.78.7
	HOSTS=made
	if ! scripts/lab/hosts.sh up 2; then
		echo "test: no simulated hosts here; tests between hosts are skipped" >&2
		return 0
	fi
	export RENKEI_TEST_HOSTS="$RENKEI_LAB_NET.11 $RENKEI_LAB_NET.12"
	export RENKEI_TEST_URI="qemu+ssh://root@{host}/system?keyfile=$RENKEI_LAB/id&no_verify=1"
}
HOSTS=''

clean_up() {
	[[ -z $HOSTS ]] || scripts/lab/hosts.sh down
	end_test_domains
	scripts/libvirt.sh stop
}

# end_test_domains destroys domains that killed tests have left, recognized by their disks.
end_test_domains() {
	local domain folder
	while read -r domain; do
		folder=$(virsh -c qemu:///system dumpxml "$domain" 2>/dev/null |
			grep -oE -m 1 "/var/tmp/renkei-(vm|guest)-[0-9]+") || continue
		echo "test: ending $domain, which a test left"
		virsh -q -c qemu:///system destroy "$domain" >/dev/null 2>&1 || true
		rm -rf "$folder"
	done < <(timeout 10 virsh -q -c qemu:///system list --name 2>/dev/null | grep .)
}

main
