# Everything a person or a machine does with this repository. `make run` and `make test` are the two to know.
# Every tool that is not a prerequisite (Rust by rustup, a C compiler, Node with npm, make) is installed here, at a pinned version.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CARGO_LEPTOS := 0.3.10
WASM_BINDGEN := 0.2.130
CARGO_DENY := 0.20.2
CARGO_FUZZ := 0.13.2
EN16931_CLI := 0.8.0
FACTUR_X := 7.8
SAXONCHE := 13.1.1
NIGHTLY := nightly
ADVISORIES := https://github.com/RustSec/advisory-db
DATA := .data/demo
LISTEN ?= 127.0.0.1:3000

# wasm-opt comes with the npm packages of end2end.
export PATH := $(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)
# Lints come with each build of our own code, so that libraries are compiled once for lints, tests and the program.
export RUSTC_WORKSPACE_WRAPPER := $(CURDIR)/.ci/lint
SSR := --no-default-features --features ssr

# Tools are used for seconds: building them quickly matters more than what they take then. What they share is built once. Where the
# system has OpenSSL, none is built for cargo-leptos.
QUICK := CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR=$(CURDIR)/target/tools
QUICK += $(shell pkg-config --exists openssl 2> /dev/null && echo OPENSSL_NO_VENDOR=1)
# But for what reads and writes WASM: of that there is much.
QUICK_BUT := $(foreach one,walrus wasmparser wasm-encoder wasm-bindgen-cli-support,--config profile.release.package.$(one).opt-level=1)

# A tool at its version: fetched ready made where cargo-binstall is there, else built. Name, version, options, how long building takes.
install = { if command -v cargo-binstall > /dev/null; then echo "== Fetching $(1) $(2) (a minute)"; cargo binstall --no-confirm $(1)@$(2); \
  else echo "== Building $(1) $(2) ($(4) on two cores; with cargo-binstall it would be fetched)"; RUSTC_WORKSPACE_WRAPPER= $(QUICK) cargo install $(QUICK_BUT) $(3) $(1)@$(2); fi; }

.PHONY: server judges e-invoice-judge map permissions-matrix help run test check dist bench pictures unit end2end prerequisites tools deny browser web clean

help:
	@echo "make run     build everything and serve the demo at http://$(LISTEN)"
	@echo "make test    run every test: rules, features, and people's journeys in a real browser"
	@echo "make check   formatting, lints (warnings are errors) and what the libraries bring along"
	@echo "make dist    the release binary, with its web files inside, as target/dist/latchkey"
	@echo "make permissions-matrix   what each preset opens, as text to review"
	@echo "make map     the layers and their arrows, drawn into docs/architecture.md from the source"
	@echo "make bench   measure a release build; make bench-scale does so with 500,000 tickets"
	@echo "make judges  e-invoices of the tests, judged by two validators of others"
	@echo "make fuzz    look for e-mails that break the reader"

run: tools web
	@echo "== Building the server (two minutes; about a quarter of an hour the first time, on two cores)"
	cargo build --quiet $(SSR)
	@echo "== Filling $(DATA) with demo data, if it is not there yet"
	target/debug/latchkey demo --data-dir $(DATA) --base-url http://$(LISTEN) > /dev/null
	@echo "== Serving the demo at http://$(LISTEN)  (Ctrl-C stops it)"
	exec target/debug/latchkey serve --data-dir $(DATA) --listen $(LISTEN)

test: unit judges end2end

unit: prerequisites
	@echo "== Rules and features (libraries take about a quarter of an hour the first time, on two cores)"
	cargo test --workspace --lib $(SSR)

# Two judges of e-invoices that know nothing of each other. The tests of `unit` laid the invoices out.
judges: e-invoice-judge
	@echo "== E-invoices, judged by en16931"
	@for one in target/e-invoices/*; do en16931 validate "$$one" > target/judged.txt 2>&1 || { echo "$$one"; cat target/judged.txt; exit 1; }; done
	@if command -v python3 > /dev/null && python3 -m pip --version > /dev/null 2>&1; then \
	  [ -d target/judge-$(FACTUR_X) ] || { echo "== Installing factur-x $(FACTUR_X) and saxonche $(SAXONCHE) (Python)"; \
	    python3 -m pip install --quiet --target target/judge-$(FACTUR_X) factur-x==$(FACTUR_X) saxonche==$(SAXONCHE) 2> /dev/null || rm -rf target/judge-$(FACTUR_X); }; \
	  if [ -d target/judge-$(FACTUR_X) ]; then echo "== E-invoices, judged by the rules of EN 16931"; PYTHONPATH=target/judge-$(FACTUR_X) python3 end2end/judges.py target/e-invoices; \
	  else echo "== factur-x and saxonche cannot be installed: one of two judges of e-invoices is left out."; fi; \
	else echo "== There is no Python with pip: one of two judges of e-invoices is left out. Install it with 'sudo apt-get install python3-pip'."; fi

e-invoice-judge: prerequisites
	@en16931 --version 2> /dev/null | grep -q "$(EN16931_CLI)" || $(call install,en16931-cli,$(EN16931_CLI),--locked,about three minutes)

end2end: tools browser mail-server web server
	@echo "== People's journeys, with and without WASM"
	cd end2end && npx tsc --noEmit && npx playwright test

# Writes src/features/permissions/matrix.txt anew and prints it. A test compares the file with what is true.
permissions-matrix: prerequisites
	@LATCHKEY_WRITE_MATRIX=1 cargo test --lib --quiet $(SSR) the_permissions_matrix > /dev/null
	@cat src/features/permissions/matrix.txt

# Draws the layers in docs/architecture.md anew from the source. A test compares them.
map: prerequisites
	@LATCHKEY_WRITE_MAP=1 cargo test --lib --quiet $(SSR) the_map_in_the_docs > /dev/null
	@sed -n '/<!-- map/,/<!-- .map/p' docs/architecture.md

# Where the list of known weaknesses cannot be reached, the rest is checked all the same.
check: prerequisites
	@echo "== Formatting"
	cargo fmt --all --check
	@echo "== Lints of server and tests, and beside them the tools that are missing and lints of the browser's half: each is for minutes at"
	@echo "   work on one processor alone"
	$(MAKE) -j2 server web deny e-invoice-judge
	@echo "== Libraries: licences and sources"
	cargo deny --config .deny.toml check licenses bans sources
	@if timeout 20 git ls-remote -q $(ADVISORIES) HEAD > /dev/null 2>&1; then \
	  echo "== Libraries: known weaknesses"; cargo deny --config .deny.toml check advisories; \
	else echo "== Libraries: known weaknesses not checked, $(ADVISORIES) cannot be reached"; fi

# The program and its tests are two compilations of one library: asked for together they take both processors, and every library is
# built once (tests want more of tokio than the program does).
server: prerequisites
	cargo build --workspace --lib --bins --tests $(SSR)

dist: release-web
	$(MAKE) trained
	mkdir -p target/dist
	cp target/trained/$(HOST)/release/latchkey target/dist/latchkey
	@ls -l target/dist/latchkey

# The release binary is built twice: the first one counts what it does while somebody walks through a demo, and the second is laid out for
# what was counted (profile-guided optimization). Told the machine by name, cargo leaves out what only runs while building.
HOST = $(shell rustc -vV | sed -n 's/^host: //p')
PROFDATA = "$$(rustc --print sysroot)/lib/rustlib/$(HOST)/bin/llvm-profdata"
COUNTS := $(CURDIR)/target/counts
release_with = cargo build --release $(SSR) --target $(HOST) --target-dir target/$(1) --config 'build.rustflags=["$(2)"]'

trained: tools
	@test -x $(PROFDATA) || { echo "== Adding LLVM's tools"; rustup component add llvm-tools; }
	@echo "== The binary that counts (about twenty minutes on two cores)"
	$(call release_with,counting,-Cprofile-generate=$(COUNTS))
	@echo "== What there is to count: a walk through a demo (a minute)"
	rm -rf $(COUNTS)
	cd end2end && BINARY=target/counting/$(HOST)/release/latchkey node bench/train.mjs
	$(PROFDATA) merge -o target/counts.profdata $(COUNTS)
	@echo "== The binary that is laid out for it (about as long)"
	$(call release_with,trained,-Cprofile-use=$(CURDIR)/target/counts.profdata)

.PHONY: trained release-web load-generator bench-scale mail-server fuzz
release-web: tools
	@echo "== Web files, small and compressed (two minutes)"
	rm -rf target/site
	cargo leptos build --release --frontend-only --split --precompress

# The page is compared with a static file of its size, which only the measured binary holds.
SAMPLE_BYTES := 55400
bench: browser load-generator release-web
	head -c $(SAMPLE_BYTES) /dev/zero | tr '\0' 'x' > target/site/sample.html
	$(MAKE) trained
	mkdir -p target/bench
	cp target/trained/$(HOST)/release/latchkey target/bench/latchkey
	cd end2end && node bench/bench.mjs && node bench/contacts.mjs && node bench/mail.mjs && node bench/import.mjs

# Looks for e-mails that break the reader, for a minute; SECONDS=3600 for longer. What it finds belongs into src/fuzz/corpus/mail.
SECONDS ?= 60
fuzz: prerequisites
	@rustup toolchain list | grep -q "^$(NIGHTLY)" || rustup toolchain install --profile minimal $(NIGHTLY)
	@cargo fuzz --version 2> /dev/null | grep -q "$(CARGO_FUZZ)" || $(call install,cargo-fuzz,$(CARGO_FUZZ),--locked,about a minute)
	mkdir -p target/fuzz/new
	# It sets flags of its own, and with them those of .cargo/config.toml are gone. Nothing here is unsafe, so no sanitizer is needed.
	RUSTC_WORKSPACE_WRAPPER= RUSTFLAGS="--cfg erase_components" cargo +$(NIGHTLY) fuzz run --sanitizer none --fuzz-dir src/fuzz --target-dir target/fuzz mail target/fuzz/new src/fuzz/corpus/mail -- -max_total_time=$(SECONDS) -timeout=1 -artifact_prefix=target/fuzz/

# Half a million tickets, and mail that comes in. It takes about a quarter of an hour and several GB, and is not part of `bench`.
bench-scale: tools
	@test -x target/bench/latchkey || { echo "Run 'make bench' first: it builds the binary that is measured."; exit 1; }
	cd end2end && node bench/scale.mjs && node bench/billing.mjs

load-generator: prerequisites
	@command -v wrk > /dev/null || { echo "== Installing wrk"; apt-get update -qq && apt-get install -y -qq wrk > /dev/null; } || { echo "wrk is missing: install it, for example with 'sudo apt-get install wrk'."; exit 1; }

# The pictures of README, from the demo.
pictures: browser web server
	cd end2end && node bench/pictures.mjs

# The browser's half. The name of each file holds the hash of its content.
web: tools
	@echo "== Building the browser's half (a minute; about four the first time)"
	rm -rf target/site
	cargo leptos build --frontend-only --split

prerequisites:
	@command -v cargo > /dev/null || { echo "Rust is missing: install it with rustup (https://rustup.rs)."; exit 1; }
	@command -v clippy-driver > /dev/null || { echo "Clippy is missing: add it with 'rustup component add clippy'."; exit 1; }
	@command -v cc > /dev/null || { echo "A C compiler is missing: install gcc or clang, for example with 'apt-get install build-essential'."; exit 1; }

deny: prerequisites
	@cargo deny --version 2> /dev/null | grep -q "$(CARGO_DENY)" || $(call install,cargo-deny,$(CARGO_DENY),--locked,about five minutes)

tools: prerequisites
	@command -v npm > /dev/null || { echo "Node.js with npm is missing: install Node 20 or newer."; exit 1; }
	@rustup target list --installed | grep -q wasm32-unknown-unknown || { echo "== Adding the WASM target"; rustup target add wasm32-unknown-unknown; }
	@cargo leptos --version 2> /dev/null | grep -q "$(CARGO_LEPTOS)" || $(call install,cargo-leptos,$(CARGO_LEPTOS),--locked,about ten minutes)
	@wasm-bindgen --version 2> /dev/null | grep -q "$(WASM_BINDGEN)" || $(call install,wasm-bindgen-cli,$(WASM_BINDGEN),,about two minutes)
	@if ! cmp -s end2end/package-lock.json end2end/node_modules/.installed; then \
	  echo "== Installing the npm packages of end2end"; \
	  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund && cp package-lock.json node_modules/.installed); fi

# Chromium's headless shell does the same for half the time: Debian's where it can be installed. Else the system's Chromium; else what
# Playwright can download.
browser: tools
	@if command -v chromium-headless-shell > /dev/null; then :; \
	elif command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ]; then echo "== Installing Chromium's headless shell"; \
	  { timeout 120 apt-get update -qq && timeout 300 apt-get install -y -qq chromium-headless-shell; } > /dev/null 2>&1 || echo "== It cannot be installed here"; fi
	@if command -v chromium-headless-shell > /dev/null || command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null; then :; \
	else echo "== Downloading Chromium for Playwright"; cd end2end && npx playwright install chromium || { echo "No browser: install Chromium, for example with 'sudo apt-get install chromium'."; exit 1; }; fi

# The mail server of one of the journeys. Where it cannot be installed that journey hands its e-mails over without one, and says so.
mail-server:
	@if [ -x /usr/sbin/postfix ]; then :; \
	elif command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ]; then echo "== Installing Postfix"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postfix > /dev/null; \
	else echo "== There is no Postfix: one journey does without. Install it with 'sudo apt-get install postfix'."; fi

clean:
	rm -rf target .data end2end/test-results end2end/playwright-report
