# What there is to make; `make help` lists it.

GO      ?= go
TAGS    := libvirt_dlopen
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)

export CGO_ENABLED := 1

.PHONY: build up down check test bench lint tidy clean help

build: ## bin/renkei, and the names onevm, rvpevm … beside it
	@command -v gcc >/dev/null || scripts/packages.sh build
	$(GO) build -tags $(TAGS) -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/renkei ./cmd/renkei
	@bin/renkei link bin

up: ## serve, and boot a real guest on this machine
	@scripts/up.sh

down: ## undo what up made; PURGE=1 removes the data too
	@scripts/down.sh

check: ## the short loop: format, vet, import rules, fast tests
	@scripts/check.sh

test: ## everything, with real guests; names what could not run
	@scripts/test.sh

bench: ## benchmarks of the parts; BENCH=REGEX picks some
	$(GO) test -tags $(TAGS) -run '^$$' -bench '$(or $(BENCH),.)' -benchmem ./...

lint: ## golangci-lint, at the version that the script names
	@scripts/lint.sh

tidy: ## format the code and what go.mod requires
	gofmt -w cmd drivers pkg scripts templates xmlrpc
	$(GO) mod tidy

clean: ## remove what build made
	rm -rf bin

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-7s %s\n", $$1, $$2}'
