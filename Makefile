# make demo    fetch what is missing, build, fine-tune the default model on clinical cases, report
# make test    fetch what is missing, build, run all tests
# make build   build in release; ./preceptor then works from any folder
# make check   formatter, lint, documentation, tests
# make bench   speed and memory beside TRL and transformers (needs PEERS=, see Benchmarks/README.md)
# make install PREFIX=/usr/local
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
.PHONY: demo test build check bench install bootstrap format

PREFIX ?= /usr/local
export PKG_CONFIG_PATH := $(CURDIR)/.venv/pkgconfig:$(PKG_CONFIG_PATH)
LIBRARIES = $(shell sed -n 's/^prefix=//p' .venv/pkgconfig/libtorch.pc 2>/dev/null)/lib
# Program and tests share one configuration, so that nothing is built twice.
SWIFT_FLAGS = -c release -Xswiftc -enable-testing
RUN_TESTS = LD_LIBRARY_PATH=$(LIBRARIES) GOMP_SPINCOUNT=10000 swift test $(SWIFT_FLAGS) --skip-build

bootstrap:
	@Scripts/bootstrap

build: bootstrap
	@swift build $(SWIFT_FLAGS) --product preceptor

demo: build
	@./preceptor quickstart

test: bootstrap
	@swift build $(SWIFT_FLAGS) --build-tests
	@# Apart: programs that each take all cores would slow the other tests down, and be slowed.
	@$(RUN_TESTS) --skip EndToEndTests
	@$(RUN_TESTS) --filter EndToEndTests

check: bootstrap
	@Scripts/check
	@$(MAKE) --no-print-directory test

format:
	@swift format -i -r -p Sources Tests Package.swift

bench: build
	@Benchmarks/run

install: build
	@Scripts/install "$(PREFIX)"
