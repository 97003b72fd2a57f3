# `make demo` and `make test` are all that a fresh machine with Swift, git and make needs: each installs what is missing.

SHELL := /bin/bash

# What has to be on the machine beside Swift: pkg-config module, apt package, Homebrew formula.
define LIBRARIES
libpcre2-8 libpcre2-dev   pcre2
libzstd    libzstd-dev    zstd
sqlite3    libsqlite3-dev sqlite
libcurl    libcurl4-openssl-dev curl
endef
export LIBRARIES

SWIFT   ?= swift
SOURCES := Package.swift Sources Tests

# The demo reads the sessions in Fixtures as if they lay on the machine of their owner, and nothing else.
DEMO := env -i TERM="$$TERM" NO_COLOR="$$NO_COLOR" HOME=/home/dev CLAUDE_CONFIG_DIR=home HEADROOM_NO_CACHE=1

# Part of the toolchains of swift.org, on Linux and macOS; the one of Xcode has no fuzzer.
FUZZER       := $(SWIFT)c -swift-version 6 -O -sanitize=fuzzer -parse-as-library -strict-memory-safety \
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility
FUZZ_SECONDS ?= 600

# What the benchmark is run with: bytes of the logs that it makes, of those for growth (such as 4G), where the Python tool
# is (`install` fetches it, or the path of an interpreter that has it), and bytes of each session, when not those of real
# ones.
BENCH_SIZE    ?= 100M
BENCH_ROUNDS  ?= 3
BENCH_LARGE   ?=
BENCH_PYTHON  ?=
BENCH_SESSION ?=

.PHONY: help demo test build release offline scenarios proof format lint golden mutants bench bench-rules stress fuzz clean \
  dependencies
.DEFAULT_GOAL := help

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
	  printf '  make %-14s %s\n' "$$name" "$$text"; done

demo: release ## Install what is missing, build, and learn from the sessions in Fixtures
	@binary=$$($(SWIFT) build -c release --show-bin-path)/headroom && cd Fixtures/claude/demo && \
	  echo && echo '$$ headroom learn --all' && $(DEMO) "$$binary" learn --all --agent claude

test: dependencies ## Install what is missing, and run every test
	$(SWIFT) test

build: dependencies ## Build for development
	$(SWIFT) build --build-tests

release: dependencies ## Build the optimized program, .build/release/headroom
	$(SWIFT) build -c release --product headroom

offline: WITHOUT := libcurl
offline: dependencies ## Build the optimized program without any network code, .build/offline/release/headroom
	$(SWIFT) build -c release --product headroom --disable-default-traits --scratch-path .build/offline

scenarios: release ## Refine against a provider that plays every kind of answer (FAKE_PROVIDER names it)
	python3 Tests/Scenarios/refine.py $$($(SWIFT) build -c release --show-bin-path)/headroom

proof: release offline ## Show with strace, unshare and nm that nothing is sent unless a model is asked for
	Tests/Scenarios/offline.sh $$($(SWIFT) build -c release --show-bin-path)/headroom .build/offline/release/headroom

format: ## Format all Swift sources in place
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

lint: ## Check the format of all Swift sources
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

golden: dependencies ## Write anew what the tests expect of Fixtures; read the difference before you commit it
	HEADROOM_UPDATE_GOLDEN=1 $(SWIFT) test --filter HeadroomTests.FixtureTests
	git --no-pager diff --stat -- Fixtures

mutants: release ## Change the patterns of the rules in small ways and count what their examples notice
	$$($(SWIFT) build -c release --show-bin-path)/headroom rules mutants Rules --least 80

bench: release ## Measure against other programs, and print a table (BENCH_SIZE, BENCH_LARGE, BENCH_PYTHON, BENCH_SESSION)
	$(SWIFT) build -c release --product HeadroomBench
	@folder=$$($(SWIFT) build -c release --show-bin-path) && "$$folder/HeadroomBench" run --headroom "$$folder/headroom" \
	  --work .build/bench --size $(BENCH_SIZE) --rounds $(BENCH_ROUNDS) $(if $(BENCH_LARGE),--large $(BENCH_LARGE)) \
	  $(if $(BENCH_PYTHON),--python $(BENCH_PYTHON)) $(if $(BENCH_SESSION),--session-size $(BENCH_SESSION))

bench-rules: release ## Measure what 60 and 1,000 rules cost on each output; at most 1.6 times is wanted
	$$($(SWIFT) build -c release --show-bin-path)/headroom rules bench --most 1.6

stress: release ## Run the optimized program 1,000 times, eight at once, and kill it as often
	HEADROOM_STRESS=$${HEADROOM_STRESS:-1000} \
	  HEADROOM_PROGRAM="$$($(SWIFT) build -c release --show-bin-path)/headroom" $(SWIFT) test --filter StressTests

fuzz: ## Feed made-up files and logs to the block merger and the JSON scanner, FUZZ_SECONDS (600) each
	@mkdir -p .build/fuzz/blocks .build/fuzz/json
	$(FUZZER) -o .build/fuzz/run-blocks Tests/Fuzz/Blocks.swift Sources/MarkerBlock/*.swift
	$(FUZZER) -o .build/fuzz/run-json Tests/Fuzz/JSON.swift \
	  $(addprefix Sources/SessionReaders/JSON/JSON,Scanner.swift Unescaper.swift Slice.swift Text.swift Tape.swift)
	@for name in blocks json; do \
	  SWIFT_BACKTRACE=enable=no .build/fuzz/run-$$name -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -dict=Tests/Fuzz/$$name.dict -verbosity=0 \
	    -print_final_stats=1 -artifact_prefix=.build/fuzz/$$name- .build/fuzz/$$name Tests/Fuzz/$$name || exit 1; done

clean: ## Remove everything that was built
	rm -rf .build

dependencies: ## Install the libraries that are missing
	@command -v $(SWIFT) >/dev/null || { echo 'make: Swift 6.3 or later is needed: https://www.swift.org/install' >&2; exit 1; }; \
	apt= brew= names=; \
	command -v pkg-config >/dev/null || { apt=' pkg-config' brew=' pkgconf' names=' pkg-config'; }; \
	while read -r name package formula; do \
	  test "$$name" = '$(WITHOUT)' && continue; \
	  pkg-config --exists "$$name" 2>/dev/null && continue; \
	  apt="$$apt $$package" brew="$$brew $$formula" names="$$names $$name"; \
	done <<< "$$LIBRARIES"; \
	test -n "$$names" || exit 0; \
	if command -v apt-get >/dev/null; then \
	  sudo=; \
	  if test "$$(id -u)" != 0; then \
	    command -v sudo >/dev/null || { echo "make: as root, run: apt-get install$$apt" >&2; exit 1; }; \
	    sudo=sudo; \
	  fi; \
	  echo "Installing$$apt"; \
	  $$sudo apt-get update -q || echo 'make: apt-get update failed; trying with the lists that are there' >&2; \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$apt; \
	elif command -v brew >/dev/null; then \
	  echo "Installing$$brew"; \
	  brew install$$brew; \
	else \
	  echo "make: these are missing, and there is neither apt-get nor brew to install them:$$names" >&2; \
	  echo 'make: install their development files (headers and .pc files) with the package manager of this machine' >&2; \
	  exit 1; \
	fi
