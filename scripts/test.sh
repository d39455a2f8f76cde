#!/bin/bash
# test.sh — everything: installs what it needs, checks, builds, and runs all tests, with real guests on this
# machine's libvirt. The last lines name what could not be run, and why.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly state=${RENKEI_STATE:-$PWD/var/test}
export RENKEI_STATE=$state

cleanup() { scripts/libvirt.sh stop || true; }

scripts/packages.sh run build test
unformatted=$(git ls-files -z '*.go' | xargs -0 gofmt -l)
[[ -z $unformatted ]] || { printf 'gofmt would change:\n%s\n' "$unformatted" >&2; exit 1; }
go vet -tags libvirt_dlopen ./...
shellcheck scripts/*.sh scripts/lab/*.sh .ci/run

mkdir -p "$state"
scripts/guest/build.sh "$state/guest/demo.qcow2"
trap cleanup EXIT
if scripts/libvirt.sh start; then
	export RENKEI_TEST_LIBVIRT=1 RENKEI_TEST_GUEST=$state/guest/demo.qcow2
else
	echo "libvirt does not serve here: tests with real guests are skipped" >&2
fi
# One package at a time beyond two: real guests under emulation need the cores.
go run ./scripts/testsum -tags libvirt_dlopen -p 2 -timeout 20m ./...
