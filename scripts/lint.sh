#!/bin/bash
# lint.sh — golangci-lint with this repository's rules. It is built once and kept in the user's cache, because
# that takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly version=v2.15.0
readonly dir=${XDG_CACHE_HOME:-$HOME/.cache}/renkei-lint/$version
[[ -x $dir/golangci-lint ]] ||
	GOBIN=$dir go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
exec "$dir/golangci-lint" run --build-tags libvirt_dlopen ./...
