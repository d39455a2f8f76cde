#!/bin/bash
# lint.sh [golangci-lint's arguments…] — golangci-lint with this repository's rules (.golangci.yml). It is built
# once, which takes minutes, and kept in the user's cache, apart from what the project itself depends on.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly version=v2.15.0
readonly dir=${XDG_CACHE_HOME:-$HOME/.cache}/renkei-lint/$version

if [[ ! -x $dir/golangci-lint ]]; then
	echo "lint: building golangci-lint $version, once"
	GOBIN=$dir go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
fi
exec "$dir/golangci-lint" run "$@" ./...
