# make demo    fetch what is missing, build, fine-tune the default model on clinical cases, report
# make test    fetch what is missing, build, run all tests
# make test-e2e  the workbench in a real browser, killed, and learning from judgements
# make build   build in release; ./preceptor then works from any folder
# make check   formatter, lint, documentation, the kernels under emulation, tests, pictures of DICOM files
#              beside pydicom's, de-identified copies searched for marks, and a fuzzing client at the workbench
# make deidentification  the last but one alone; make rendering the one before
# make bench   speed and memory beside TRL and transformers (needs PEERS=, see Benchmarks/README.md)
# make bench-workbench  fifty raters at once while the model answers and trains
# make install PREFIX=/usr/local
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
.PHONY: demo test test-e2e build check rendering deidentification fuzz bench bench-workbench install bootstrap format

PREFIX ?= /usr/local
export PKG_CONFIG_PATH := $(CURDIR)/.venv/pkgconfig:$(PKG_CONFIG_PATH)
LIBRARIES = $(shell sed -n 's/^prefix=//p' .venv/pkgconfig/libtorch.pc 2>/dev/null)/lib
# Program and tests share one configuration, so that nothing is built twice.
SWIFT_FLAGS = -c release -Xswiftc -enable-testing
# Processors that this one can be limited to, and the suites whose numbers depend on it.
LESSER = $(if $(shell grep -m1 amx_bf16 /proc/cpuinfo 2>/dev/null),avx512_bf16) $(if $(filter x86_64,$(shell uname -m)),avx2) portable
NUMERICAL = TorchTests|LayersTests|OptimizersTests|ObjectivesTests|ModelsTests|GenerationTests
RUN_TESTS = LD_LIBRARY_PATH=$(LIBRARIES) GOMP_SPINCOUNT=10000 swift test $(SWIFT_FLAGS) --skip-build

bootstrap:
	@Scripts/bootstrap

build: bootstrap
	@swift build $(SWIFT_FLAGS) --product preceptor
	@swift build $(SWIFT_FLAGS) --product dicom-worker
	@swift build $(SWIFT_FLAGS) --product child-supervisor

demo: build
	@./preceptor quickstart

test: bootstrap
	@swift build $(SWIFT_FLAGS) --build-tests
	@# Apart: the engine's tests hold the threads that the workbench's wait for, and programs that
	@# each take all cores would slow the others down.
	@$(RUN_TESTS) --skip 'EndToEndTests|FeedbackTests|ProcessesTests|WorkbenchTests'
	@$(RUN_TESTS) --filter 'FeedbackTests|ProcessesTests|WorkbenchTests'
	@$(RUN_TESTS) --filter EndToEndTests
	@for cpu in $(LESSER); do echo "PRECEPTOR_CPU=$$cpu"; \
	    PRECEPTOR_CPU=$$cpu $(RUN_TESTS) --filter '^($(NUMERICAL))\.'; done

test-e2e: build
	@Scripts/bootstrap browser
	@.venv/bin/python -m unittest discover -v -s Tests/WorkbenchEndToEnd

check: bootstrap
	@Scripts/check
	@Scripts/check-kernels
	@$(MAKE) --no-print-directory test rendering deidentification fuzz

rendering: build
	@Scripts/bootstrap rendering
	@.venv/bin/python Scripts/reference/dicom_rendering.py ./preceptor --dcm2pnm dcm2pnm

deidentification: build
	@Scripts/bootstrap rendering deidentification
	@.venv/bin/python Scripts/reference/deidentification_canaries.py check ./preceptor
	@.venv/bin/python Scripts/reference/deidentification_profile.py ./preceptor \
	    .venv/lib/python*/site-packages/idiscore/_public_dicom.py
	@.venv/bin/python Scripts/reference/deidentification_pictures.py ./preceptor
	@.venv/bin/python Scripts/reference/deidentification_files.py ./preceptor
	@.venv/bin/python Scripts/image-fuzz ./preceptor

fuzz: build
	@Scripts/bootstrap fuzzer
	@.venv/bin/python Scripts/workbench-fuzz

format:
	@swift format -i -r -p Sources Tests Package.swift

bench: build
	@Benchmarks/run

bench-workbench: build
	@.venv/bin/python Benchmarks/workbench/load.py

install: build
	@Scripts/install "$(PREFIX)"
