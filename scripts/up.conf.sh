# shellcheck shell=bash disable=SC2034
# up.conf.sh — what up.sh and down.sh agree on. Sourced, from the repository's root.

STATE=$(realpath -m "${RENKEI_STATE:-var/up}")
export RENKEI_STATE=$STATE
PORT=${RENKEI_PORT:-2633}
DATA=$(realpath -m var/data)
AUTH=${ONE_AUTH:-$HOME/.one/one_auth}
GUEST=$STATE/guest/demo.qcow2
BRIDGE=renkei0
NET=10.79.0
# Images are taken from where datastores allow it by default.
IMAGE_COPY=/var/tmp/renkei-demo.$PORT.qcow2

export ONE_XMLRPC=http://127.0.0.1:$PORT/RPC2
# The commands look on port 2633 by themselves.
ENDPOINT_HINT=''
[[ $PORT = 2633 ]] || ENDPOINT_HINT="ONE_XMLRPC=$ONE_XMLRPC "

as_root() {
	if [[ $(id -u) = 0 ]]; then "$@"; else sudo "$@"; fi
}

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

# answers tells whether the server does.
answers() { bin/oneuser show >/dev/null 2>&1; }

# have NOUN NAME tells whether an object is there.
have() { bin/renkei "$1" show "$2" >/dev/null 2>&1; }

# until_state NOUN NAME STATE waits for a state as lists show it.
until_state() {
	for _ in $(seq 600); do
		if [[ $(bin/renkei "$1" list -f "NAME=$2" -l STAT --no-header | tr -d ' ') = "$3" ]]; then
			return
		fi
		sleep 0.1
	done
	bin/renkei "$1" show "$2" >&2
	fail "$1 $2 does not become $3"
}

guest_address() { bin/onevm show demo -x | grep -o '<IP><!\[CDATA\[[0-9.]*' | head -n 1 | grep -o '[0-9.]*$'; }

guest_ssh() {
	ssh -i "$STATE/id" -o BatchMode=yes -o ConnectTimeout=2 -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "root@$1" "${@:2}"
}
