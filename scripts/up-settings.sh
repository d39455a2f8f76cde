# shellcheck shell=bash disable=SC2034 # the scripts that source this use them
# up-settings.sh — paths and names for up.sh and down.sh. Sourced only.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly ROOT
cd "$ROOT" || exit

readonly PORT=${RENKEI_PORT:-2633} BRIDGE=${RENKEI_BRIDGE:-renkei0} NET=${RENKEI_NET:-10.79.0}
# Disks lie outside the clone: qemu runs as a user of its own, which may not look into people's home folders.
readonly DISKS=/var/lib/renkei/up-$PORT
readonly VAR=${RENKEI_VAR:-$ROOT/var}
export RENKEI_STATE=$VAR/up
readonly DATA=$VAR/data LOG=$RENKEI_STATE/renkei.log PID_FILE=$RENKEI_STATE/renkei.pid
readonly MADE_BRIDGE=$RENKEI_STATE/bridge MADE_AUTH=$RENKEI_STATE/made-auth
# Host, network, image, template and VM of the demonstration.
readonly HOST=localhost NAME=demo
readonly PROFILE=/etc/apparmor.d/local/abstractions/libvirt-qemu
readonly PROFILE_LINE="$DISKS/datastores/** rwk, # renkei up"

export ONE_AUTH=${RENKEI_AUTH:-${ONE_AUTH:-$HOME/.one/one_auth}} ONE_XMLRPC=http://127.0.0.1:$PORT/RPC2

as_root() {
	if [[ $(id -u) -eq 0 ]]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "this takes root: run it as root, or install sudo"
	fi
}

# server_pid prints the process ID of the server; nothing if it is not running, or if the ID now belongs to
# another program.
server_pid() {
	local pid
	pid=$(cat "$PID_FILE" 2>/dev/null) || return 0
	[[ $(cat "/proc/$pid/comm" 2>/dev/null) != renkei ]] || echo "$pid"
}

answers() {
	[[ -r $ONE_AUTH ]] && bin/onehost list >/dev/null 2>&1
}

# column NOUN COLUMN NAME prints a column of the row with that name; nothing if there is no such row.
column() {
	"bin/one$1" list --csv --no-header -l "$2" -f "NAME=$3" | head -n 1
}

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}
