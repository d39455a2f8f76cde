#!/bin/bash
# up.sh — from a fresh clone to a guest that answers on ssh. Running it again changes nothing that is right already.
#
#   RENKEI_PORT    port of the API (2633)
#   RENKEI_AUTH    file with oneadmin's password (~/.one/one_auth)
#   RENKEI_BRIDGE, RENKEI_NET   the bridge it makes and the network on it (renkei0, 10.79.0)
#   RENKEI_VAR     folder of the data, the logs and the guest image (var)
#
# What it makes is undone by down.sh. Root is needed for packages, libvirt, the bridge and the server, which
# starts VMs; where you are not root, sudo asks.
set -euo pipefail

# shellcheck source=scripts/up-settings.sh
source "$(dirname "${BASH_SOURCE[0]}")/up-settings.sh"
readonly SERVER_SECONDS=30 HOST_SECONDS=60 GUEST_SECONDS=120
readonly GUEST=$RENKEI_STATE/guest/renkei-demo.qcow2
PHASES=''

main() {
	BEGAN=$EPOCHREALTIME
	mkdir -p "$RENKEI_STATE"
	phase "packages" scripts/packages.sh run build
	phase "program" make --no-print-directory build
	phase "guest image" scripts/guest/build.sh "$GUEST"
	phase "libvirt" scripts/libvirt.sh start
	phase "bridge" make_bridge
	phase "server" start_server
	phase "host" register_host
	phase "objects" make_objects
	phase "VM running" run_vm
	phase "guest on ssh" wait_for_ssh
	summary
}

# phase TITLE COMMAND… runs a command, and prints how long it took.
phase() {
	local title=$1 start=$EPOCHREALTIME
	shift
	echo "==> $title"
	"$@"
	PHASES+=$(printf '  %-14s %7.2f s' "$title" "$(since "$start")")$'\n'
}

since() {
	awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'
}

# wait_for SECONDS WHAT COMMAND… tries a command until it succeeds.
wait_for() {
	local seconds=$1 what=$2 tries
	shift 2
	for ((tries = 0; tries < seconds * 10; tries++)); do
		"$@" && return
		sleep 0.1
	done
	die "$what: not within $seconds s; the server's log is $LOG"
}

make_bridge() {
	if ip link show "$BRIDGE" >/dev/null 2>&1; then
		echo "bridge $BRIDGE is there"
	else
		as_root ip link add "$BRIDGE" type bridge forward_delay 0
		echo "$BRIDGE" >"$MADE_BRIDGE"
	fi
	[[ $(ip -o address show dev "$BRIDGE") == *" $NET.1/"* ]] || as_root ip address add "$NET.1/24" dev "$BRIDGE"
	as_root ip link set "$BRIDGE" up
}

start_server() {
	if answers; then
		echo "serves on port $PORT already"
		return
	fi
	[[ -z $(server_pid) ]] || die "process $(server_pid) runs but does not answer; see $LOG, or run make down"
	rm -f "$PID_FILE" # of one that was killed
	as_root mkdir -p "$DISKS/datastores"
	allow_apparmor
	write_auth
	# shellcheck disable=SC2016 # the new shell expands it
	as_root env ONE_AUTH="$ONE_AUTH" setsid bash -c 'echo $$ >"$1"; shift; exec "$@"' server "$PID_FILE" \
		"$ROOT/bin/renkei" serve --data "$DATA" --listen "127.0.0.1:$PORT" \
		--set "storage.location=$DISKS/datastores" --set "libvirt.probe_kernel=$GUEST.vmlinuz" \
		</dev/null >>"$LOG" 2>&1 &
	wait_for "$SERVER_SECONDS" "the server's first answer" server_is_up
	echo "serves on port $PORT, log in ${LOG#"$ROOT"/}"
}

server_is_up() {
	! answers || return 0
	[[ ! -e $PID_FILE || -n $(server_pid) ]] || die "the server ended: $(tail -n 2 "$LOG")"
	return 1
}

# allow_apparmor lets VMs use the disks, where AppArmor confines them. The profile of a VM is made when it starts.
allow_apparmor() {
	[[ -d ${PROFILE%/*} && -d /sys/kernel/security/apparmor ]] || return 0
	! grep -qsF "$PROFILE_LINE" "$PROFILE" || return 0
	echo "$PROFILE_LINE" | as_root tee -a "$PROFILE" >/dev/null
}

# write_auth makes the password of oneadmin, as the server would, but as a file of yours.
write_auth() {
	[[ ! -e $ONE_AUTH ]] || return 0
	[[ ! -e $DATA/renkei.db ]] || die "$ONE_AUTH is gone, and $DATA holds its password hashed: put it back"
	mkdir -p "$(dirname "$ONE_AUTH")"
	(umask 077 && echo "oneadmin:$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')" >"$ONE_AUTH")
	echo "$ONE_AUTH" >"$MADE_AUTH"
}

register_host() {
	[[ -n $(column host ID "$HOST") ]] || bin/onehost create "$HOST" -i kvm -v kvm
	wait_for "$HOST_SECONDS" "host $HOST" host_is_on
	case $(cat "$DATA/kvm-probe.$HOST" 2>/dev/null || as_root cat "$DATA/kvm-probe.$HOST" 2>/dev/null) in
	kvm) echo "VMs run on KVM" ;;
	qemu) echo "KVM is not usable here: VMs are emulated, which is slower" ;;
	*) echo "whether KVM is usable is found out with the first VM" ;;
	esac
}

host_is_on() {
	[[ $(column host STAT "$HOST") == on ]]
}

make_objects() {
	[[ -n $(column vnet ID "$NAME") ]] || make_network
	[[ -n $(column image ID "$NAME") ]] || make_image
	wait_for "$HOST_SECONDS" "image $NAME" image_is_ready
	[[ -n $(column template ID "$NAME") ]] || make_template
}

make_network() {
	bin/onevnet create <<-END
		NAME = "$NAME"
		VN_MAD = "bridge"
		BRIDGE = "$BRIDGE"
		NETWORK_ADDRESS = "$NET.0"
		NETWORK_MASK = "255.255.255.0"
		AR = [ TYPE = "IP4", IP = "$NET.10", SIZE = "200" ]
	END
}

# make_image: datastores take files from /var/tmp, and from no home folder.
make_image() {
	local copy
	copy=$(mktemp /var/tmp/renkei-demo.XXXXXX)
	cp "$GUEST" "$copy"
	chmod 644 "$copy"
	bin/oneimage create -d default --name "$NAME" --path "$copy" --format qcow2
	wait_for "$HOST_SECONDS" "image $NAME" image_is_ready
	rm -f "$copy"
}

image_is_ready() {
	case $(column image STAT "$NAME") in
	rdy | used) ;;
	err) die "image $NAME: $(bin/oneimage show "$NAME" | grep ERROR)" ;;
	*) return 1 ;;
	esac
}

# make_template: the guest has drivers for the disk controllers of machine type pc. Under emulation it has no
# source of randomness of its own to make ssh keys from in good time, so it gets the host's.
make_template() {
	local random="<devices><rng model='virtio'><backend model='random'>/dev/urandom</backend></rng></devices>"
	bin/onetemplate create <<-END
		NAME = "$NAME"
		CPU = "0.2"
		VCPU = "1"
		MEMORY = "128"
		OS = [ ARCH = "x86_64", MACHINE = "pc" ]
		RAW = [ TYPE = "kvm", DATA = "$random" ]
		DISK = [ IMAGE = "$NAME" ]
		NIC = [ NETWORK = "$NAME" ]
		CONTEXT = [ NETWORK = "YES", SET_HOSTNAME = "$NAME", SSH_PUBLIC_KEY = "$(<"$(key).pub")" ]
	END
}

# key prints the SSH key for the guest: yours, or one made for it.
key() {
	local file
	for file in ~/.ssh/id_ed25519 ~/.ssh/id_rsa; do
		if [[ -r $file && -r $file.pub && ! -e $RENKEI_STATE/ssh/id ]]; then
			echo "$file"
			return
		fi
	done
	file=$RENKEI_STATE/ssh/id
	mkdir -p "${file%/*}"
	[[ -e $file ]] || ssh-keygen -q -t ed25519 -N '' -C renkei-demo -f "$file"
	echo "$file"
}

run_vm() {
	case $(column vm STAT "$NAME") in
	'') bin/onetemplate instantiate "$NAME" --name "$NAME" ;;
	poff | susp | stop | unde) bin/onevm resume "$NAME" ;;
	fail) die "VM $NAME failed: $(bin/onevm show "$NAME" | grep ERROR); end it with bin/onevm terminate --hard $NAME" ;;
	esac
	local start=$EPOCHREALTIME
	bin/onevm wait "$NAME" RUNNING --timeout "${GUEST_SECONDS}s" ||
		die "VM $NAME: $(bin/onevm show "$NAME" | grep -E 'ERROR|SCHED_MESSAGE'); the log is $LOG"
	echo "VM $NAME is RUNNING after $(since "$start") s"
}

wait_for_ssh() {
	IP=$(bin/onevm show "$NAME" -x | sed -n 's:.*<IP><!\[CDATA\[\([0-9.]*\)\]\]></IP>.*:\1:p; s:.*<IP>\([0-9.]*\)</IP>.*:\1:p' | head -n 1)
	[[ -n $IP ]] || die "VM $NAME has no address"
	wait_for "$GUEST_SECONDS" "ssh to $IP" in_guest true
	# shellcheck disable=SC2016 # the guest expands it
	echo "the guest says: $(in_guest 'echo up for $(cut -d " " -f 1 /proc/uptime) s, Linux $(uname -r)')"
}

# in_guest runs a command in the guest. Host keys are not stored, as each new VM has another one at the same address.
in_guest() {
	ssh -F none -i "$(key)" "${SSH_OPTIONS[@]}" -o BatchMode=yes -o ConnectTimeout=1 "root@$IP" "$@" 2>/dev/null
}
readonly SSH_OPTIONS=(-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR)

summary() {
	local settings=''
	[[ $PORT == 2633 ]] || settings="ONE_XMLRPC=$ONE_XMLRPC "
	[[ $ONE_AUTH == "$HOME/.one/one_auth" ]] || settings+="ONE_AUTH=$ONE_AUTH "
	echo
	bin/onevm list
	printf '\n%s  %-14s %7.2f s\n' "$PHASES" "all" "$(since "$BEGAN")"
	cat <<-END

		Come in:   ssh -i $(key) ${SSH_OPTIONS[*]} root@$IP
		List:      ${settings}bin/onevm list
		Another:   ${settings}bin/onetemplate instantiate $NAME
		Stop:      make down            (with the data: make down PURGE=1)
	END
}

main "$@"
