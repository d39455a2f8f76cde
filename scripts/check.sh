#!/bin/bash
# check.sh [go test's arguments…] — the short loop: the checks that every change must pass. Format,
# vet, and the tests, including the import rules (scripts/arch). Needs Go and a C compiler only.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly tags=libvirt_dlopen

unformatted=$(gofmt -l cmd drivers pkg scripts templates xmlrpc)
if [[ -n $unformatted ]]; then
	printf 'gofmt would change:\n%s\n' "$unformatted" >&2
	exit 1
fi
go vet -tags "$tags" ./...
# The tests need no second vet, and link faster without what only debuggers read.
[[ $# -gt 0 ]] || set -- -short
exec go run ./scripts/testsum -tags "$tags" -vet=off -ldflags=-w "$@" ./...
