#!/bin/bash
# check.sh [go test's arguments…] — the short loop: what a change must pass before it is shown to anybody. Format,
# vet, and the tests, among them those of the import rules (scripts/arch). Needs Go and a C compiler only.
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
