# `make` lists the targets. Each does its own set-up, so that a clean clone needs nothing before it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# How many compiler and linker jobs: as many as SwiftPM likes unless given (`make test JOBS=1`).
JOBS ?=
# The same flags for everything that builds in debug, so that demo, test and interop share one build.
# The two about caching make `--version` name this commit: SwiftPM otherwise keeps what git said at the first build.
BUILD_FLAGS := $(if $(JOBS),--jobs $(JOBS)) --explicit-target-dependency-import-check error \
    --manifest-cache none --disable-build-manifest-caching
TOOLS := gtoken gtoken-webhook gtokenctl

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: build ## The whole way on this machine, offline: from an annotated ServiceAccount to the role's ARN
	@"$$(swift build --show-bin-path)/gtokenctl" demo $(DEMO)

.PHONY: test
test: setup ## Every Swift test, then the tests of the scripts (one test: make test FILTER=HTTPHeadersTests)
	@scripts/secrets.sh test $(if $(FILTER),,--full) \
	    swift test $(BUILD_FLAGS) --disable-swift-testing $(if $(FILTER),--filter '$(FILTER)')
	@Tests/Scripts/run.sh

.PHONY: test-tsan
test-tsan: setup ## Every Swift test, and the tools they start, under the thread sanitizer
	@JOBS='$(JOBS)' scripts/sanitized.sh thread $(if $(FILTER),'$(FILTER)')

.PHONY: test-asan
test-asan: setup ## The same under the address and leak sanitizers
	@JOBS='$(JOBS)' scripts/sanitized.sh address $(if $(FILTER),'$(FILTER)')

.PHONY: interop
interop: build ## Real clients: AWS CLI, boto3, moto_server, google-auth, gcloud, kubectl and Python's jsonpatch (PyPI where they are missing)
	@scripts/secrets.sh interop Tests/Interop/run.sh

.PHONY: hostile
hostile: setup ## Much at once against the webhook of an image: answers, memory, how long others wait
	@scripts/static.sh gtoken-webhook
	@python3 Tests/Hostile/load.py dist

.PHONY: manifests-check
manifests-check: ## deployment/ built by kubectl, against the Kubernetes schemas and our rules (PyPI where they are missing)
	@Tests/Manifests/run.sh

.PHONY: fuzz
fuzz: setup ## Hostile bytes, coverage-guided (FUZZ_SECONDS=60 a target, FUZZ_TARGET=json, FUZZ_SANITIZER=address)
	@FUZZ_SECONDS='$(FUZZ_SECONDS)' FUZZ_RUNS='$(FUZZ_RUNS)' FUZZ_TARGET='$(FUZZ_TARGET)' FUZZ_SANITIZER='$(FUZZ_SANITIZER)' \
	    JOBS='$(JOBS)' scripts/fuzz.sh

.PHONY: build
build: setup ## Build the three tools, debug
	swift build $(BUILD_FLAGS)

.PHONY: docs
docs: build ## The documentation of GTokenCore, by DocC, and that nothing is undocumented
	@scripts/docs.sh $(DOCS)

.PHONY: examples
examples: ## Build and run Examples/ against a tag of a clone, as another project would
	@JOBS=$(JOBS) scripts/examples.sh

.PHONY: static
static: setup ## Build the three tools as stripped static binaries into dist/
	@scripts/static.sh $(TOOLS)

.PHONY: smoke
smoke: setup ## Build the static release binaries, and run each command of theirs, offline, against `gtokenctl emulate`
	@JOBS='$(JOBS)' scripts/static.sh $(TOOLS)
	@PYTHONDONTWRITEBYTECODE=1 scripts/secrets.sh smoke --full python3 Tests/Smoke/smoke.py

.PHONY: images
images: setup ## The images of gtoken and gtoken-webhook as OCI archives in dist/images; by buildah or docker too (ENGINE=none: not)
	@JOBS='$(JOBS)' ENGINE='$(ENGINE)' scripts/images.sh

.PHONY: images-check
images-check: build ## Make those archives, and run them as a node would (RUNNER=crun, runc or chroot)
	@JOBS='$(JOBS)' ENGINE=none scripts/images.sh
	@GTOKEN_BIN="$$(swift build --show-bin-path)" RUNNER='$(RUNNER)' PYTHONDONTWRITEBYTECODE=1 \
	    scripts/secrets.sh images-check python3 Tests/Images/check.py

.PHONY: images-reproducible
images-reproducible: setup ## Build them here and, anew, in a clone somewhere else, and compare the bytes
	@JOBS='$(JOBS)' scripts/reproducible.sh

.PHONY: release
release: ## Everything that a release has for this machine's architecture, in dist/release: docs/release.md
	@JOBS='$(JOBS)' scripts/release.sh

.PHONY: bench
bench: setup ## Measure the built tools, beside others' figures (one topic: make bench BENCH=gtoken): docs/benchmarks.md
	@command -v python3 >/dev/null || { echo "bench: skipped: there is no python3" && exit 69; }
	@scripts/static.sh $(TOOLS) gtoken-bench
	@python3 Benchmarks/bench.py $(BENCH)

.PHONY: profile
profile: setup ## Which functions of the webhook its instructions are in, by valgrind (REVIEW=small, medium or large)
	@command -v python3 >/dev/null || { echo "profile: skipped: there is no python3" && exit 69; }
	@scripts/static.sh gtoken-webhook gtoken-bench
	@python3 Benchmarks/callgrind.py $(REVIEW)

.PHONY: lint
lint: ## Formatting, scripts, and the rules about who imports whom
	@scripts/lint.sh

.PHONY: format
format: ## Format every Swift file in place
	swift format --in-place --parallel --recursive Package.swift Sources Tests Examples Benchmarks

.PHONY: check
check: ## What CI runs: lint, test, demo, fuzz, manifests-check, interop, smoke, images-check, docs, examples
	@.ci/run

.PHONY: clean
clean: ## Remove what the targets above made
	rm -rf .build .build-* .venv dist

.PHONY: setup
setup:
	@scripts/setup.sh
