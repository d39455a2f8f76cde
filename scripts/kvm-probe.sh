#!/bin/bash
# kvm-probe.sh [KERNEL] — can this machine run VMs with KVM? Exit 0: yes. Exit 1: no, with the reason.
#
# It is not enough that /dev/kvm exists and accepts a VM: it may still not run a kernel to its end (KVM
# emulated in software, some nested ones), while libvirt and qemu report it as usable. So a stock kernel is
# started without disk, and has to get as far as looking for one. KERNEL is any Debian vmlinuz; by default
# the one that guest/build.sh leaves beside the demo guest, or the newest in /boot.
#
# The time-out, 20 s or $KVM_PROBE_SECONDS, is generous: with KVM the line comes within a second or two.
set -euo pipefail

readonly SECONDS_ALLOWED=${KVM_PROBE_SECONDS:-20}
# The last thing a kernel does by itself. It says this only after it has set up memory, interrupts, timers,
# ACPI and PCI, the places where a KVM that is not a real one gets stuck.
readonly EXPECTED='VFS: Unable to mount root fs'

main() {
	local kernel=${1:-}
	[[ -n $kernel ]] || kernel=$(default_kernel)
	[[ -r $kernel ]] || die "no kernel to start: name a vmlinuz that you may read, or run guest/build.sh first"
	command -v qemu-system-x86_64 >/dev/null || die "missing qemu-system-x86_64: run scripts/packages.sh run"
	[[ -c /dev/kvm ]] || unusable "there is no /dev/kvm"
	[[ -r /dev/kvm && -w /dev/kvm ]] || unusable "you may not open /dev/kvm: join the group kvm"
	OUTPUT=$(mktemp)
	trap 'rm -f "$OUTPUT"' EXIT
	probe "$kernel"
}

default_kernel() {
	local kernel newest=''
	for kernel in "${RENKEI_STATE:-var/up}"/guest/*.vmlinuz /boot/vmlinuz-*; do
		[[ ! -r $kernel ]] || newest=$kernel
		[[ $newest != *.qcow2.vmlinuz ]] || break
	done
	echo "$newest"
}

# With -cpu host, qemu mostly fails at once if the KVM is incomplete.
# panic=-1 makes the kernel reboot at once when it finds no root disk, and -no-reboot makes qemu end then.
probe() {
	local began=$EPOCHREALTIME status=0 took
	{
		timeout --kill-after=2 "$SECONDS_ALLOWED" qemu-system-x86_64 \
			-machine pc,accel=kvm -cpu host -m 128 -smp 1 -nodefaults -no-user-config -display none \
			-no-reboot -serial stdio -kernel "$1" -append 'console=ttyS0 panic=-1' \
			</dev/null >"$OUTPUT" 2>&1 || status=$?
	} 2>/dev/null # or bash reports by itself that qemu was aborted
	took=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
	if grep -q "$EXPECTED" "$OUTPUT"; then
		echo "kvm: usable, a kernel came up in $took s"
	elif [[ $status -eq 124 || $status -eq 137 ]]; then
		unusable "a kernel did not come up within $SECONDS_ALLOWED s; its last line: $(last_line)"
	else
		unusable "qemu ended after $took s; its last line: $(last_line)"
	fi
}

last_line() {
	tr -d '\r' <"$OUTPUT" | grep . | tail -n 1 || echo none
}

unusable() {
	echo "kvm: not usable: $*"
	exit 1
}

# It is unknown whether KVM is usable: another exit code than "not usable", so that callers can tell.
die() {
	echo "kvm: $*" >&2
	exit 2
}

main "$@"
