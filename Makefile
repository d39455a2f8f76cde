# What there is to make; `make help` lists it.

TAGS    := libvirt_dlopen
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
GO      := go

export CGO_ENABLED := 1

.PHONY: build up down check test bench lint clean help

build: ## bin/renkei, and the names onevm, oneimage … beside it
	@scripts/packages.sh build
	$(GO) build -tags $(TAGS) -trimpath -ldflags '$(LDFLAGS)' -o bin/renkei ./cmd/renkei
	@bin/renkei link bin

up: ## serve, and boot a real guest on this machine
	@scripts/up.sh

down: ## undo what up made; PURGE=1 removes the data too
	@scripts/down.sh

check: ## the short loop: format, vet, import rules, fast tests
	@scripts/check.sh

test: ## everything; what could not run is named in the last lines
	@scripts/test.sh

bench: ## benchmarks of the parts
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchmem ./...

lint: ## golangci-lint, at the version that the script names
	@scripts/lint.sh

clean: ## remove what build made
	rm -rf bin

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-7s %s\n", $$1, $$2}'
