# make          build the C core into build/
# make demo     both dialects join a real Prosody, as a table (KEEP=1 leaves it running)
# make test     everything: unit specs, the same under sanitizers, make install, the rock, live specs on both Prosodys
# make check    what a change passes: test, and the linters
# make fuzz     SECONDS=30: each parser of strangers' bytes, the key loaders and the whole of verify, under libFuzzer
# make load     WHAT="logins flood storm sessions memory tenants revocations": a real Prosody under a real client's load
# make alloc    every allocation fails in turn
# make valgrind the core's specs under valgrind
# make mutate   COUNT=50 SEED=1: small faults planted one at a time in a copy; which does no unit spec notice? LIVE=1: in
#               the Prosody modules, for the live specs
# make install  DESTDIR= PREFIX=/usr/local
# make bench-bulk  sign --bulk beside bare signing, ROWS=1000000
# make completion  doc/completion, after the command's options have changed
# make deb      a package for the Debian at hand, in build/deb
# make test-packages   the rock, the package and the container's recipe in bare Debian 12 and 13; as root
# make test-bare   SUITE="bookworm trixie": the README's first commands in a bare Debian with git and make; as root

MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
LUA ?= lua5.4
LUA_CFLAGS ?= $(shell pkg-config --cflags lua5.4)
CRYPTO_CFLAGS ?= $(shell pkg-config --cflags libcrypto)
CRYPTO_LIBS ?= $(shell pkg-config --libs libcrypto)
CFLAGS ?= -O2 -g
BUILD ?= build
SECONDS ?= 30
COUNT ?= 50
SEED ?= 1
JOBS ?= $(shell nproc)

WERROR = # of make lint and make asan: a newer compiler's warnings stop nobody's build
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wundef -Wmissing-prototypes $(WERROR)
CODE = -fPIC -fvisibility=hidden -fno-plt -falign-functions=32 # a call of Lua's or libcrypto's without a detour
SAN = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OBJ = $(patsubst src/%.c,$(BUILD)/%.o,$(wildcard src/*.c))
CORE = $(BUILD)/meetauth/core.so
NEEDS = spec/support/needs.sh
NODE_TEST = node spec/support/testfiles.mjs
GUARD = timeout -k 10 2400 # seconds: a run of the unit specs takes much less
PARTS = check cli core rest # of the unit specs
SPECS_check = spec/cli/check
SPECS_cli = $(filter-out spec/cli/check,$(wildcard spec/cli/*))
SPECS_core = spec/src spec/vectors
SPECS_rest = $(shell find spec -name '*_spec.lua' -not -path 'spec/cli/*' -not -path 'spec/src/*' -not -path 'spec/vectors/*' \
	-not -path '*/node_modules/*')
PROSODIES = 0.12 13.0
PROSODY = build/prosody-0.12/usr/lib/prosody

LUADIR = $(DESTDIR)$(PREFIX)/share/lua/5.4
SHAREDIR = $(DESTDIR)$(PREFIX)/share
LIBDIR = $(DESTDIR)$(PREFIX)/lib/lua/5.4

all: $(CORE)

$(CORE): $(OBJ)
	@mkdir -p $(@D)
	$(CC) -shared $(LDFLAGS) -o $@ $^ $(CRYPTO_LIBS)

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(CODE) -DOPENSSL_NO_DEPRECATED $(WARN) $(LUA_CFLAGS) $(CRYPTO_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

install: $(CORE)
	cd lua && find . \( -name '*.lua' -o -name '*.js' -o -name '*.css' \) -exec install -D -m 644 {} $(abspath $(LUADIR))/{} \;
	install -D -m 755 $(CORE) $(LIBDIR)/meetauth/core.so
	install -D -m 755 lua/meetauth/cli/meetauth $(DESTDIR)$(PREFIX)/bin/meetauth
	install -D -m 644 doc/meetauth.1 $(SHAREDIR)/man/man1/meetauth.1
	install -D -m 644 doc/completion/meetauth.bash $(SHAREDIR)/bash-completion/completions/meetauth
	install -D -m 644 doc/completion/meetauth.zsh $(SHAREDIR)/zsh/site-functions/_meetauth
	install -D -m 644 doc/completion/meetauth.fish $(SHAREDIR)/fish/vendor_completions.d/meetauth.fish

deb: # compiles again, with its own flags
	examples/packaging/debian/build.sh $(BUILD)/deb

test-packages:
	spec/packages/run.sh

test-bare:
	spec/bare.sh $(SUITE)

demo:
	$(NEEDS) build live
	$(MAKE) all
	node examples/demo/demo.mjs

test: export MEETAUTH_SKIPPED = $(CURDIR)/build/skipped
test: # what takes longest begins first; each part's output stays together; what was skipped comes last
	$(NEEDS) build spec rock live storage browser
	@: >$(MEETAUTH_SKIPPED)
	$(MAKE) all
	$(MAKE) -j$$(($(JOBS) + 1)) --output-sync=target browser unit asan interop rock installed
	$(MAKE) -j$(JOBS) --output-sync=target live
	@spec/support/skipped.sh $(MEETAUTH_SKIPPED)

check: lint test

unit: $(PARTS:%=unit-%) # a process for each part: every spec leaves something in memory, and the collector walks over it

unit-%: all
	@$(GUARD) busted $(SPECS_$*)

live: prefix # every live spec on each Prosody
	$(NODE_TEST) --each=MEETAUTH_PROSODY=$(shell echo $(PROSODIES) | tr ' ' ,) spec/prosody/*.test.mjs

$(PROSODIES:%=live-%): live-%: prefix
	$(NODE_TEST) --each=MEETAUTH_PROSODY=$* spec/prosody/*.test.mjs

browser: prefix
	$(NODE_TEST) --jobs=1 spec/browser/*.test.mjs

interop: all
	$(NODE_TEST) spec/interop/*.test.mjs

live browser $(PROSODIES:%=live-%): export MEETAUTH_INSTALLED = $(CURDIR)/build/prefix
prefix: all # meetauth as installed, for all files of a run
	@rm -rf build/prefix
	@$(MAKE) -s install DESTDIR= PREFIX=$(CURDIR)/build/prefix

installed: all
	spec/install.sh

rock:
	spec/rock.sh

asan: $(PARTS:%=asan-%) # leaks fail, too; specs that start the command or measure times run only in unit

asan-build:
	$(MAKE) BUILD=build/asan WERROR=-Werror CFLAGS="$(SAN)" LDFLAGS="$(SAN)" all

asan-%: asan-build
	@LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so)" \
		ASAN_OPTIONS=detect_leaks=1 MEETAUTH_BUILD=build/asan $(GUARD) busted --exclude-tags=command,growth $(SPECS_$*)

fuzz: # SECONDS for each target of spec/fuzz
	$(NEEDS) build fuzz
	spec/fuzz/run.sh $(SECONDS)

alloc: # every allocation of Lua's and of libcrypto's fails in turn
	$(NEEDS) build spec
	$(MAKE) -f spec/alloc/Makefile

valgrind: all
	$(NEEDS) spec valgrind
	spec/valgrind.sh

mutate: export CC := $(CC)
mutate: export SAN := $(SAN)
mutate: # COUNT faults that SEED chooses; works in build/mutate. LIVE=1: a few of those in lua/mod_*
	$(NEEDS) build spec live
	LUA_PATH="./?.lua;;" $(LUA) spec/mutate/mutate.lua $(COUNT) $(SEED) $(if $(LIVE),live)

lint:
	$(NEEDS) build check
	luacheck -q lua lua/meetauth/cli/meetauth spec examples
	$(MAKE) BUILD=build/lint WERROR=-Werror all
	clang-format --dry-run -Werror src/*.[ch]
	cppcheck -q --std=c11 --enable=warning,performance,portability --error-exitcode=1 --inline-suppr src

# lua-luaossl and Prosody's util.jwt are measured beside the floor if they are installed
bench: all $(BUILD)/bench/floor.so $(BUILD)/bench/heapcount.so
	LD_PRELOAD=$(BUILD)/bench/heapcount.so LUA_PATH="lua/?.lua;lua/?/init.lua;./?.lua;$(PROSODY)/?.lua;;" \
		LUA_CPATH="$(BUILD)/?.so;$(BUILD)/bench/?.so;$(PROSODY)/?.so;;" $(LUA) spec/bench/bench.lua

bench-bulk: all # ROWS=1000000: sign --bulk beside bare signing
	LUA_PATH="lua/?.lua;lua/?/init.lua;;" LUA_CPATH="$(BUILD)/?.so;;" $(LUA) spec/bench/bulk.lua

completion: all # the files for completion in shells, written again
	for shell in bash zsh fish; do \
		LUA_PATH="lua/?.lua;lua/?/init.lua;;" LUA_CPATH="$(BUILD)/?.so;;" \
			$(LUA) -e "io.write(require('meetauth.cli.parser').completion('$$shell'))" >doc/completion/meetauth.$$shell; \
	done

$(BUILD)/bench/floor.so: spec/bench/floor.c $(BUILD)/b64url.o $(BUILD)/ecdsader.o
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -fPIC -shared $(LUA_CFLAGS) -o $@ $^ $(CRYPTO_LIBS)

$(BUILD)/bench/heapcount.so: spec/bench/heapcount.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -fPIC -shared -o $@ $<

load: all # WHAT: measurements and their numbers, see spec/prosody/load/load.mjs
	$(NEEDS) build live storage
	node spec/prosody/load/load.mjs $(WHAT)

clean:
	rm -rf build

.PHONY: all install deb demo test check unit live interop browser prefix asan asan-build fuzz alloc valgrind mutate installed rock test-packages test-bare lint bench bench-bulk load completion clean
-include $(OBJ:.o=.d)
