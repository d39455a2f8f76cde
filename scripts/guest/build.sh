#!/bin/bash
# build.sh OUT.qcow2 — makes the demo guest: a Linux of about 20 MB that starts in seconds under emulation.
#
# What it is made of comes from Debian's packages (a cloud kernel, busybox, dropbear and its libraries) and
# from the files beside this script; nothing is installed. It needs neither root, nor loop devices, nor
# mounts, so it works in a container: file systems are written into a plain file at their offsets.
#
# Nothing is built when OUT exists and neither the packages' versions nor these files have changed.
# Beside OUT: OUT.vmlinuz, the kernel alone, for kvm-probe.sh; `packages`, what was downloaded.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE

# dropbear and every library it links to; a missing one stops the build (see add_sshd).
readonly PACKAGES=(busybox-static dropbear-bin libc6 libcrypt1 libgmp10 libtomcrypt1 libtommath1 zlib1g)

# Drivers of what a VM may get: disks and NICs (virtio), CD-ROM (IDE, virtio-scsi), power button, ballooning.
readonly MODULES=(virtio_pci virtio_blk virtio_net virtio_scsi ata_piix sd_mod sr_mod isofs
	button evdev virtio_balloon virtio_rng)

# The disk, in MiB: boot loader and kernel from 1, the guest's own data from DATA_MIB to the end.
readonly DISK_MIB=64 DATA_MIB=32

# With a fixed clock and fixed ids, the same inputs make the same image.
readonly EPOCH=1262304000 DISK_ID=0x52454e4b DATA_ID=52454e4b-4549-4000-8000-000000000001
export SOURCE_DATE_EPOCH=$EPOCH E2FSPROGS_FAKE_TIME=$EPOCH TZ=UTC LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
umask 022

main() {
	[[ $# -eq 1 ]] || die "usage: build.sh OUT.qcow2"
	need_tools
	mkdir -p "$(dirname "$1")"
	OUT=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
	CACHE=$(dirname "$OUT")/packages
	choose_lists
	resolve || echo "guest: the system's package lists do not know the guest's packages"
	if up_to_date; then
		echo "guest: $OUT is up to date"
		return
	fi
	echo "guest: building $OUT"
	download || { refresh_lists && resolve && download; } ||
		die "could not get ${VERSIONS[*]:-linux-image-cloud-amd64} from Debian's archive"
	WORK=$(mktemp -d "$(dirname "$OUT")/.guest.XXXXXX")
	trap 'rm -rf "$WORK"' EXIT
	unpack
	make_initrd
	make_disk
	publish
}

need_tools() {
	[[ $(uname -m) == x86_64 ]] || die "the demo guest is built on and for x86_64 only"
	local tool missing=()
	for tool in apt-get dpkg-deb cpio sfdisk mke2fs mformat mcopy syslinux depmod modprobe qemu-img; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[[ ${#missing[@]} -eq 0 ]] || die "missing ${missing[*]}: run scripts/packages.sh run"
}

# choose_lists prefers the package lists that refresh_lists fetched, when the system's were of no use before.
choose_lists() {
	APT=(-q -o APT::Sandbox::User=) # our folders need not be readable by apt's own user
	if [[ -d $CACHE/lists ]]; then
		APT+=(-o "Dir::State::lists=$CACHE/lists" -o "Dir::Cache=$CACHE/cache")
	fi
}

# refresh_lists is for when the system's lists are absent or name versions that the archive has no more.
# They are fetched into our own folder: refreshing the system's would need root.
refresh_lists() {
	echo "guest: fetching Debian's package lists"
	mkdir -p "$CACHE/lists/partial" "$CACHE/cache/archives/partial"
	choose_lists
	apt-get "${APT[@]}" -q update >/dev/null
}

# resolve sets VERSIONS to name=version: the present cloud kernel, then PACKAGES. Two questions to apt-cache
# and no more: each takes most of a second where the system keeps no index, as containers do not.
resolve() {
	local kernel
	kernel=$(known_packages linux-image-cloud-amd64 | sed -n 's/^Depends: \(linux-image-[^ ]*\).*/\1/p')
	mapfile -t VERSIONS < <(known_packages "$kernel" "${PACKAGES[@]}" |
		awk '$1 == "Package:" { name = $2 } $1 == "Version:" { print name "=" $2 }')
	[[ ${#VERSIONS[@]} -eq $((${#PACKAGES[@]} + 1)) ]] || VERSIONS=()
	[[ ${#VERSIONS[@]} -gt 0 ]]
}

known_packages() {
	apt-cache "${APT[@]}" show --no-all-versions "${@/%/:amd64}" 2>/dev/null || true
}

up_to_date() {
	[[ -s $OUT && -s $OUT.vmlinuz && -s $OUT.inputs && $(<"$OUT.inputs") == "$(inputs)" ]]
}

# inputs prints what the image depends on; kept beside it, readable.
inputs() {
	printf '%s\n' "${VERSIONS[@]}"
	(cd "$HERE" && sha256sum -- *)
}

download() {
	[[ ${#VERSIONS[@]} -gt 0 ]] || return 1
	mkdir -p "$CACHE/debs"
	# Existing complete files are kept.
	(cd "$CACHE/debs" && apt-get "${APT[@]}" -qq download "${VERSIONS[@]}")
}

unpack() {
	PARTS=$WORK/parts
	mkdir "$PARTS"
	local package version
	for package in "${VERSIONS[@]}"; do
		version=${package#*=}
		dpkg-deb -x "$CACHE/debs/${package%%=*}_${version//:/%3a}_amd64.deb" "$PARTS"
	done
	KERNEL=$(basename "$PARTS"/lib/modules/*)
}

make_initrd() {
	ROOT=$WORK/root
	mkdir -p "$ROOT"/{bin,sbin,etc/acpi/PWRF,proc,sys,dev,run,tmp,root,mnt,data,lib/modules,usr/bin,usr/sbin,var/log}
	add_busybox
	add_sshd
	add_modules
	add_configuration
	find "$ROOT" -exec touch --no-dereference --date "@$EPOCH" {} +
	(cd "$ROOT" && find . | sort | cpio --quiet -o -H newc -R +0:+0 --reproducible) | gzip -9n >"$WORK/initrd.gz"
}

add_busybox() {
	local command
	cp "$PARTS/bin/busybox" "$ROOT/bin/"
	for command in $("$PARTS/bin/busybox" --list); do
		[[ -e $ROOT/bin/$command ]] || ln -s busybox "$ROOT/bin/$command"
	done
}

# add_sshd asks the packages' own loader which libraries dropbear needs, so the builder's do not matter.
add_sshd() {
	local loader=lib64/ld-linux-x86-64.so.2 libraries=/lib/x86_64-linux-gnu program library
	mkdir -p "$ROOT/lib64" "$ROOT$libraries"
	cp -L "$PARTS/$loader" "$ROOT/$loader"
	for program in usr/sbin/dropbear usr/bin/dropbearkey; do
		cp "$PARTS/$program" "$ROOT/sbin/"
		while read -r library; do
			[[ $library == "$PARTS"/* ]] || die "dropbear needs $library: add its package to PACKAGES"
			cp -L "$library" "$ROOT$libraries/"
		done < <("$PARTS/$loader" --library-path "$PARTS/lib/x86_64-linux-gnu:$PARTS/usr/lib/x86_64-linux-gnu" \
			--list "$PARTS/$program" | sed -n -e 's/.*linux-vdso.*//' -e 's/.* => \([^ ]*\).*/\1/p')
	done
}

# add_modules copies the drivers flat, with a list in the order they must be loaded: insmod is faster than a
# modprobe that reads an index of thousands.
add_modules() {
	local module action file
	depmod -b "$PARTS" "$KERNEL"
	for module in "${MODULES[@]}"; do
		modprobe -d "$PARTS" -S "$KERNEL" --show-depends "$module" >"$WORK/depends" ||
			die "the kernel has no module $module"
		while read -r action file; do
			[[ $action == insmod && ! -e $ROOT/lib/modules/${file##*/} ]] || continue
			cp "$file" "$ROOT/lib/modules/"
			echo "${file##*/}" >>"$ROOT/lib/modules/order"
		done <"$WORK/depends"
	done
}

add_configuration() {
	install -m 755 "$HERE/init" "$ROOT/init"
	install -m 755 "$HERE/rc" "$HERE/rc.shutdown" "$HERE/udhcpc" "$ROOT/etc/"
	install -m 644 "$HERE/context" "$HERE/inittab" "$ROOT/etc/"
	# acpid runs this file for the event PWRF/00000080, the power button.
	install -m 755 "$HERE/power-button" "$ROOT/etc/acpi/PWRF/00000080"
	# Root has no password and sshd asks for a key; dropbear lets in only who has a known shell.
	echo 'root:x:0:0:root:/root:/bin/sh' >"$ROOT/etc/passwd"
	echo 'root:*:0:0:99999:7:::' >"$ROOT/etc/shadow"
	echo 'root:x:0:' >"$ROOT/etc/group"
	echo /bin/sh >"$ROOT/etc/shells"
	echo 'passwd: files' >"$ROOT/etc/nsswitch.conf"
}

make_disk() {
	DISK=$WORK/disk.raw
	truncate -s "${DISK_MIB}M" "$DISK"
	sfdisk -q "$DISK" <<-TABLE
		label-id: $DISK_ID
		start=1MiB, size=$((DATA_MIB - 1))MiB, type=6, bootable
		start=${DATA_MIB}MiB, type=83
	TABLE
	dd if=/usr/lib/SYSLINUX/mbr.bin of="$DISK" bs=440 count=1 conv=notrunc status=none
	make_boot
	mke2fs -q -F -t ext4 -m 0 -L renkei-data -U "$DATA_ID" \
		-E "offset=$((DATA_MIB << 20)),hash_seed=$DATA_ID,root_owner=0:0,nodiscard" \
		"$DISK" "$((DISK_MIB - DATA_MIB))M"
}

# make_boot: a FAT partition, because mtools and syslinux write one without mounting it.
make_boot() {
	local fat="$DISK@@1M"
	mformat -i "$fat" -T $(((DATA_MIB - 1) * 2048)) -h 64 -s 32 -H 2048 -N 52454e4b -v RENKEI ::
	mcopy -i "$fat" "$PARTS/boot/vmlinuz-$KERNEL" ::vmlinuz
	mcopy -i "$fat" "$WORK/initrd.gz" "$HERE/syslinux.cfg" ::
	syslinux --install --offset $((1 << 20)) "$DISK"
}

# publish renames whole files into place, the list of inputs last: a build that was cut short is not
# "up to date" and never half visible.
publish() {
	rm -f "$OUT.inputs"
	qemu-img convert -f raw -O qcow2 "$DISK" "$WORK/out.qcow2"
	cp "$PARTS/boot/vmlinuz-$KERNEL" "$WORK/vmlinuz"
	inputs >"$WORK/inputs"
	mv "$WORK/vmlinuz" "$OUT.vmlinuz"
	mv "$WORK/out.qcow2" "$OUT"
	mv "$WORK/inputs" "$OUT.inputs"
	echo "guest: $OUT, $(du -h "$OUT" | cut -f 1)"
}

die() {
	echo "guest: $*" >&2
	exit 1
}

main "$@"
