#!/bin/bash
# packages.sh [run|build|test]… — install the Debian packages that Renkei needs here.
#
#   run    what `make up` uses: qemu, libvirt, and the tools that make the demo guest
#   build  what `make build` uses besides Go itself
#   test   what `make test` uses on top of both: sshd, simulated hosts, the linter for these scripts
#
# Without an argument it installs run and build. Only what is missing is installed; when nothing is
# missing it needs no network and no root. On a system other than Debian it installs nothing, prints the
# list and exits with 1.
set -euo pipefail

readonly GO_VERSION=1.26 # the oldest Go that go.mod accepts

# The sets. qemu and libvirt come without their recommended packages: those bring a desktop's worth of
# libraries (a GTK window, sound) that a server does not show to anyone.
run_packages() {
	printf '%s\n' \
		qemu-system-x86 qemu-utils seabios ipxe-qemu \
		libvirt-daemon libvirt-daemon-driver-qemu libvirt-daemon-system libvirt-clients \
		iproute2 nftables dnsmasq-base openssh-client procps
	# To make the demo guest (scripts/guest/build.sh):
	printf '%s\n' cpio e2fsprogs fdisk kmod mtools syslinux
	[[ -d /run/systemd/system ]] || packages_without_systemd
}

# packages_without_systemd: libvirt.sh starts libvirt under tini. libvirt's start-up files for systemd would
# bring in more of systemd, or replace it by a newer one, to no use; so the other ones are taken, unless
# those are there already.
packages_without_systemd() {
	echo tini
	is_installed libvirt-daemon-system-systemd || echo libvirt-daemon-system-sysv
}

build_packages() {
	printf '%s\n' gcc libc6-dev make git ca-certificates
}

test_packages() {
	printf '%s\n' openssh-server netcat-openbsd genisoimage shellcheck
}

main() {
	[[ $# -gt 0 ]] || set -- run build
	local wanted missing
	wanted=$(wanted_packages "$@")
	refuse_other_systems "$wanted"
	missing=$(missing_packages "$wanted")
	if [[ -n $missing ]]; then
		install_packages "$missing"
	else
		echo "packages: all present ($*)"
	fi
	[[ " $* " != *" build "* ]] || want_go
}

wanted_packages() {
	local set
	for set in "$@"; do
		case $set in
		run) run_packages ;;
		build) build_packages ;;
		test) run_packages && build_packages && test_packages ;;
		*) die "no set of packages is called '$set': choose from run, build, test" ;;
		esac
	done | sort -u
}

refuse_other_systems() {
	local wanted=$1 id=''
	if [[ -r /etc/os-release ]]; then
		# shellcheck source=/dev/null
		id=$(. /etc/os-release && echo "${ID:-} ${ID_LIKE:-}")
	fi
	[[ " $id " == *" debian "* ]] && command -v apt-get >/dev/null && return
	echo "packages: this is not Debian (${id:-unknown}), so nothing was installed." >&2
	echo "packages: install what these Debian packages hold with your own package manager:" >&2
	echo "$wanted" >&2
	exit 1
}

missing_packages() {
	local package
	for package in $1; do
		is_installed "$package" || echo "$package"
	done
}

is_installed() {
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

install_packages() {
	local missing
	readarray -t missing <<<"$1"
	echo "packages: installing ${missing[*]}"
	LOG=$(mktemp)
	trap 'rm -f "$LOG"' EXIT
	# A fresh machine or container has no package lists; old ones name versions that are gone.
	quietly as_root apt-get update -q
	quietly as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -o DPkg::Lock::Timeout=300 -y -q --no-install-recommends "${missing[@]}"
	echo "packages: done"
}

# quietly shows a command's output only if it fails.
quietly() {
	if ! "$@" >"$LOG" 2>&1; then
		cat "$LOG" >&2
		die "failed: $*"
	fi
}

as_root() {
	if [[ $(id -u) -eq 0 ]]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "installing packages needs root: run this as root, or install sudo"
	fi
}

want_go() {
	if ! command -v go >/dev/null; then
		die "Go $GO_VERSION or newer is needed and is not in PATH: see https://go.dev/doc/install"
	fi
}

die() {
	echo "packages: $*" >&2
	exit 1
}

main "$@"
