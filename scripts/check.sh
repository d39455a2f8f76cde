#!/bin/bash
# check.sh — the short loop: what a change must pass before it is shown to anybody. Needs Go and gcc only.
set -euo pipefail
cd "$(dirname "$0")/.."

unformatted=$(git ls-files -z '*.go' | xargs -0 gofmt -l)
if [[ -n $unformatted ]]; then
	printf 'gofmt would change:\n%s\n' "$unformatted" >&2
	exit 1
fi
go vet -tags libvirt_dlopen ./...
exec go run ./scripts/testsum -tags libvirt_dlopen -short ./...
