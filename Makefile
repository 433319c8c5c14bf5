# The commands of the project. `make run` and `make test` are all a newcomer needs.
SHELL := bash
DENO := .toolchain/deno
export DENO_TLS_CA_STORE ?= system,mozilla
ARGS ?=

# What the hub may do, in source and compiled alike. Programs are those of src/process/launcher.ts.
PROGRAMS := ffmpeg,setpriv,v4l2-ctl,rpicam-vid,rpicam-hello,libcamera-vid,libcamera-hello,cat,kill
PERMISSIONS := --no-prompt --allow-net --allow-read --allow-write --allow-env --allow-sys --allow-run=$(PROGRAMS)
# Frames are short-lived and large: a small young generation frees them early (docs/performance.md).
V8_FLAGS := --v8-flags=--max-semi-space-size=1,--min-semi-space-size=1

GENERATE = $(DENO) run --quiet --allow-read --allow-write --allow-env --allow-run=$(DENO) tools/generate/main.ts

# The dashboards are built with Grafana's SDK, which nothing else needs: it has a configuration and a lock of its own.
SDK := --config tools/grafana/sdk.json --lock tools/grafana/sdk.lock --frozen
DASHBOARDS := $(DENO) run --quiet --no-check $(SDK) --allow-read --allow-write=config/grafana tools/grafana/main.ts

MCPB := $(DENO) run --quiet --allow-all --config tools/mcpb/packer.json --lock tools/mcpb/packer.lock --frozen npm:@anthropic-ai/mcpb@2.1.2

.PHONY: run mcp demo dev bundle mcpb test test-unit test-e2e test-vm generate check check-newest fmt build build-arm64 bench islands setup setup-demo setup-test clean help

help: ## list the commands
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup:
	@tools/setup.sh run

setup-demo:
	@tools/setup.sh demo

setup-test:
	@tools/setup.sh test

run: setup islands ## install what is missing and start the hub; flags in ARGS="--port 7801"
	@$(DENO) run --quiet $(V8_FLAGS) $(PERMISSIONS) main.ts $(ARGS)

mcp: ## serve MCP on stdin and stdout from source: make -s mcp ARGS="--url http://raspberrypi.local:7777"
	@$(MAKE) --no-print-directory setup islands >&2
	@$(DENO) run --quiet $(V8_FLAGS) $(PERMISSIONS) main.ts mcp $(ARGS)

demo: setup-demo islands ## the same against emulated cameras; what is typed while it runs unplugs them and moves things
	@$(DENO) run --quiet --config tests/deno.json --allow-all tests/emulators/demo/main.ts \
		$(DENO) run --quiet $(V8_FLAGS) $(PERMISSIONS) main.ts $(ARGS)

dev: setup islands ## the same, restarting when a source file changes
	@$(DENO) run --quiet --watch=src,islands,static $(V8_FLAGS) $(PERMISSIONS) main.ts $(ARGS)

islands: setup static/build/boot.js

static/build/boot.js: $(wildcard islands/*.ts islands/*.tsx) deno.json deno.lock
	@rm -rf static/build
	@$(DENO) bundle --quiet --platform browser --minify --code-splitting --outdir static/build islands/boot.tsx

# The modules become a few files before they are compiled: the hub starts faster and needs 25 MB less memory. What is
# loaded when it is first needed (mail, MQTT, Web Push) has files of its own.
BUNDLE := dist/bundle
COMPILE = $(DENO) compile --quiet --no-check --no-lock $(V8_FLAGS) $(PERMISSIONS) \
	--include $(BUNDLE)/static --include $(BUNDLE)/docs --include $(BUNDLE)/src/store/worker.ts --include $(BUNDLE)/src/store/migrations \
	--include $(BUNDLE)/src/store/history_migrations --include $(BUNDLE)/config/grafana

bundle: setup islands
	@rm -rf $(BUNDLE) && mkdir -p $(BUNDLE)/src/store
	@cp -r static $(BUNDLE)/static
	@cp -r docs $(BUNDLE)/docs
	@mkdir -p $(BUNDLE)/config && cp -r config/grafana $(BUNDLE)/config/grafana && rm -f $(BUNDLE)/config/grafana/.env
	@cp -r src/store/worker.ts src/store/protocol.ts src/store/schemas.ts src/store/migrations src/store/history_migrations $(BUNDLE)/src/store
	@$(DENO) bundle --quiet --platform deno --code-splitting --outdir $(BUNDLE) main.ts

build: bundle ## compile dist/tapo-camera-mcp for x86-64 Linux
	@$(COMPILE) --target x86_64-unknown-linux-gnu -o dist/tapo-camera-mcp $(BUNDLE)/main.js

build-arm64: bundle ## compile dist/tapo-camera-mcp-arm64 for a 64-bit Raspberry Pi
	@$(COMPILE) --target aarch64-unknown-linux-gnu -o dist/tapo-camera-mcp-arm64 $(BUNDLE)/main.js

mcpb: build ## pack dist/tapo-camera-mcp.mcpb, the bundle for Claude Desktop on x86-64 Linux
	@rm -rf dist/mcpb dist/tapo-camera-mcp.mcpb
	@$(DENO) run --quiet --allow-read --allow-write=dist --allow-env tools/mcpb/prepare.ts dist/tapo-camera-mcp dist/mcpb
	@$(MCPB) validate dist/mcpb/manifest.json
	@$(MCPB) pack dist/mcpb dist/tapo-camera-mcp.mcpb

fmt: setup ## format every file
	@$(DENO) fmt --quiet

generate: setup ## write what is made from lists in the source: docs, types, goldens, config/grafana
	@$(GENERATE)
	@$(DASHBOARDS)

check: setup ## format, lint, types, import rule, pinned versions, generated files
	@$(DENO) fmt --check --quiet
	@$(DENO) lint --quiet
	@$(DENO) check --quiet main.ts islands/boot.tsx tools/generate/main.ts
	@$(DENO) check --quiet --config tests/deno.json tests
	@$(DENO) check --quiet --config tools/panel/deno.json tools/panel/module.ts tools/panel/build.ts
	@$(DENO) run --quiet --config tests/deno.json --allow-read --allow-run --allow-env tests/tools/check_house.ts
	@$(GENERATE) --check
	@$(DENO) check --quiet $(SDK) tools/grafana/main.ts
	@$(DASHBOARDS) --check

check-newest: ## the checks and unit tests on the newest Deno
	@tools/setup.sh newest
	@$(MAKE) --no-print-directory DENO=.toolchain/deno-newest check test-unit

test: setup-test ## everything: checks, unit tests, the compiled binary end to end
	@tests/run.sh

test-unit: setup-test
	@$(DENO) test --quiet --config tests/deno.json --allow-all --trace-leaks tests/unit

test-e2e: setup-test
	@$(DENO) test --quiet --config tests/deno.json --allow-all tests/e2e

test-vm: setup-test ## the webcam path on real V4L2 nodes in a virtual machine
	@tests/vm/run.sh

bench: setup-test build ## print the benchmark table
	@$(DENO) run --quiet --config tests/deno.json --allow-all tests/bench/main.ts $(ARGS)

clean:
	@rm -rf dist static/build .cache
