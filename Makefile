# plein: `make demo` installs what is missing, builds and draws the sample study; `make check` runs every test.
# `make help` lists the targets.

SHELL = /bin/sh
prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
datadir ?= $(prefix)/share
localedir ?= $(datadir)/locale
INSTALL ?= install

ifeq ($(MAKELEVEL),0)
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
endif

VERSION := $(shell cat VERSION)
BUILD ?= build
ifeq ($(origin CC),default)
CC = gcc
endif
CFLAGS ?= -O2 -g
PLEIN_REAL ?= $(abspath ../shared/real)
# One line a file; `make V=1` shows the commands.
say = $(if $(V),,@printf '  %-7s %s\n' $1 $(@:$(BUILD)/%=%);)

LIBRARIES = geos proj shapelib libpng zlib cairo pangocairo pangoft2 fontconfig inih libcjson libzip libsodium \
            sqlite3 libtiff-4 xlsxwriter expat
STRICT = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
         -Werror=implicit-function-declaration
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lgeotiff
# What engine/core/late loads when it is needed, plein is not linked with; tests are.
LATE = geos proj cairo pangocairo pangoft2 fontconfig libzip sqlite3 libtiff-4 xlsxwriter expat
EARLY_LIBS := $(shell pkg-config --libs $(filter-out $(LATE),$(LIBRARIES)) 2>/dev/null)
so_name = $(or $(shell objdump -p $(shell pkg-config --variable=libdir $1 2>/dev/null)/$2 2>/dev/null | \
            sed -n 's/ *SONAME *//p'),$2)
# libgeotiff has no .pc file, and libxlsxwriter's names no folder: they are where libtiff is.
LATE_NAMES := -DPLEIN_PROJ='"$(call so_name,proj,libproj.so)"' -DPLEIN_GEOS='"$(call so_name,geos,libgeos_c.so)"' \
              -DPLEIN_PANGOCAIRO='"$(call so_name,pangocairo,libpangocairo-1.0.so)"' \
              -DPLEIN_ZIP='"$(call so_name,libzip,libzip.so)"' -DPLEIN_SQLITE='"$(call so_name,sqlite3,libsqlite3.so)"' \
              -DPLEIN_EXPAT='"$(call so_name,expat,libexpat.so)"' \
              -DPLEIN_GEOTIFF='"$(call so_name,libtiff-4,libgeotiff.so)"' \
              -DPLEIN_XLSXWRITER='"$(call so_name,libtiff-4,libxlsxwriter.so)"'
CMOCKA_LIBS := $(shell pkg-config --libs cmocka 2>/dev/null)
# What makes a mistake end the program rather than serve an attacker; sanitizers look closer, and are in its way.
HARDEN = -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=3
HARDEN_LINK = -pie -Wl,-z,relro,-z,now,-z,noexecstack
# Library headers are taken as system headers: their warnings are not ours.
ALL_CFLAGS = -std=c17 -ffp-contract=off -fno-math-errno -fno-trapping-math -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
             -DGEOS_USE_ONLY_R_API -I. $(PKG_CFLAGS:-I%=-isystem %) $(STRICT) $(HARDEN) $(CFLAGS)
PLEIN_LIBS = $(EARLY_LIBS) -lm -lpthread -ldl $(HARDEN_LINK) $(LDFLAGS)
ALL_LIBS = $(PKG_LIBS) -lm -lpthread -ldl $(HARDEN_LINK) $(LDFLAGS)
PATHS = -DPLEIN_VERSION='"$(VERSION)"' -DPLEIN_SHIPPED='"$(datadir)/plein"' \
        -DPLEIN_LOCALEDIR='"$(localedir)"' $(LATE_NAMES)

ENGINE = $(sort $(wildcard engine/*/*.c))
CLI = $(sort $(wildcard cli/*.c))
TESTS = $(sort $(wildcard tests/test_*.c))
STEPS = $(sort $(wildcard tests/bench/step_*.c))
FUZZERS = $(sort $(wildcard tests/fuzz/fuzz_*.c))
ENGINE_OBJECTS = $(ENGINE:%.c=$(BUILD)/%.o)
CLI_OBJECTS = $(CLI:%.c=$(BUILD)/%.o)
TEST_PROGRAMS = $(TESTS:tests/%.c=$(BUILD)/tests/%)
BENCH_PROGRAMS = $(STEPS:%.c=$(BUILD)/%) $(BUILD)/tests/bench/chain $(BUILD)/tests/bench/generate
FUZZ_PROGRAMS = $(FUZZERS:tests/fuzz/%.c=$(BUILD)/fuzz/%)
REPLAY_PROGRAMS = $(FUZZERS:tests/fuzz/%.c=$(BUILD)/replay/%)
CATALOGUES = $(patsubst data/locale/%.po,$(BUILD)/locale/%/LC_MESSAGES/plein.mo,$(wildcard data/locale/*.po))
OURS = $(sort $(wildcard engine/*/*.[ch] cli/*.[ch] tests/*.[ch] tests/*/*.[ch] data/*/*.[ch]))

.PHONY: all demo check plain deps deps-check sanitize threads coverage fuzz fuzz-long torture bombs memcheck checksum \
        mutants bench bench-peers golden format lint install uninstall clean \
        help test-programs bench-programs fuzz-programs run-tests catalogue sample
.SECONDARY:
.SECONDEXPANSION:
.DELETE_ON_ERROR:

all: $(BUILD)/plein $(CATALOGUES) ## build plein into build/

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: ## install what is missing, build, and draw the sample study
	@tests/tools/deps build
	@$(MAKE) --no-print-directory all
	@tests/tools/demo $(BUILD)

check: ## install what the tests need, build, and run every test
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory all test-programs
	@$(MAKE) --no-print-directory plain
	@$(MAKE) --no-print-directory run-tests

# The same program without the instructions of wider processors, whose bytes tests/cli/bytes.bats compares: the objects
# that know of them are made anew, which their .d files tell once all is built.
WIDE = $(shell grep -lE 'engine/core/(clones|simd)\.h' $(ENGINE_OBJECTS:.o=.d) 2>/dev/null)
PLAIN_OBJECTS = $(CLI_OBJECTS) $(WIDE:$(BUILD)/%.d=$(BUILD)/plain/%.o) $(filter-out $(WIDE:.d=.o),$(ENGINE_OBJECTS))
plain: all
	@$(MAKE) --no-print-directory $(BUILD)/plain/plein
$(BUILD)/plain/plein: $$(PLAIN_OBJECTS)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) -o $@ $^ $(PLEIN_LIBS)

deps: ## install what is missing from Debian's packages
	@tests/tools/deps build check lint

run-tests:
	@BUILD=$(BUILD) PLEIN_REAL=$(PLEIN_REAL) tests/tools/run-tests $(BUILD)

# They make what others have made once more, to compare its bytes or to measure it: nothing new for a sanitizer to see.
REPEATING = bombs bytes order startup streaming
# AddressSanitizer must see the C++ library from the start, or exceptions end the program: nothing is late here.
sanitize: ## run the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@tests/tools/deps build check lint
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/sanitize CC=clang LATE= HARDEN= HARDEN_LINK= \
	    CFLAGS="-O1 -gline-tables-only -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" \
	    all test-programs
	@ASAN_OPTIONS=allow_user_segv_handler=0 PLEIN_SANITIZED=1 PLEIN_REAL=$(PLEIN_REAL) \
	    BUILD=$(BUILD)/sanitize tests/tools/run-tests $(BUILD)/sanitize $(REPEATING:%=-%)

# Those whose rooms run on threads; the commands go through the others. The gate leaves the long ones out, for its time.
THREADED = $(addprefix test_,assign clusters csvcut heat neighbours pipeline png $(THREADED_LONG))
THREADED_LONG = csv density tally
threads: ## run what works on threads under ThreadSanitizer
	@tests/tools/deps build check lint
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/threads CC=clang LATE= HARDEN= HARDEN_LINK= \
	    CFLAGS="-O1 -g -fsanitize=thread -fno-omit-frame-pointer" all $(THREADED:%=$(BUILD)/threads/tests/%)
	@tests/tools/threads $(BUILD)/threads $(THREADED)

# The counts are kept in a mapped file, so that a run that is killed or locked in counts too; they are atomic, since some
# of them are taken from others. An assert is no branch: only a bug of ours takes its other side.
COVERAGE_FLAGS = -O1 -DNDEBUG -Wno-unused -Wno-unused-command-line-argument -fprofile-instr-generate=$(abspath $(BUILD)/coverage/profile)/%m%c.profraw -fcoverage-mapping \
                 -fprofile-update=atomic -mllvm -runtime-counter-relocation
coverage: ## tell which branches of the parse, guard, ownership and disclosure rooms no test takes
	@tests/tools/deps build check coverage
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage CC=clang HARDEN= HARDEN_LINK= \
	    CFLAGS="$(COVERAGE_FLAGS)" all test-programs $(BUILD)/coverage/whole
	@PLEIN_REAL=$(PLEIN_REAL) tests/tools/coverage $(BUILD)/coverage

FUZZ_SECONDS ?= 60
# Paths alone are looked for in the long run: to trace each comparison takes a third of the time, and finds its words soon.
fuzz-long: FUZZ_SECONDS = long
fuzz-long: UNTRACED = -fno-sanitize-coverage=trace-cmp
fuzz fuzz-long: FUZZING = $(BUILD)/fuzzing$(if $(UNTRACED),-long)
fuzz fuzz-long: FUZZ_FLAGS = -O2 -gline-tables-only -fsanitize=address,undefined,fuzzer-no-link $(UNTRACED) \
    -fno-sanitize-recover=undefined -fsanitize-coverage-ignorelist=tests/fuzz/uncounted.txt
fuzz: ## run each fuzzer for a minute (FUZZ_SECONDS=n for longer, FUZZ_RUNS=n for so many runs, FUZZ_ONLY="csv wkb")
fuzz-long: ## 10 million runs of each of our own parsers, a million of those through a library
fuzz fuzz-long:
	@tests/tools/deps build check lint
	@$(MAKE) --no-print-directory BUILD=$(FUZZING) CC=clang HARDEN= HARDEN_LINK= CFLAGS="$(FUZZ_FLAGS)" fuzz-programs
	@tests/tools/fuzz $(FUZZING) $(FUZZ_SECONDS) $(FUZZ_ONLY)

memcheck: ## run the fuzzers' corpora and the hostile files under valgrind
	@tests/tools/deps build check memcheck
	@$(MAKE) --no-print-directory $(BUILD)/plein $(REPLAY_PROGRAMS)
	@PLEIN_REAL=$(PLEIN_REAL) tests/tools/memcheck $(BUILD)

# Half an hour or more; TORTURE="--minutes 10 --sites" is a shorter one: tests/inject/README.md tells more.
torture: ## have every allocation and every call fail, kill plein at any moment, cut its power
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory all $(BUILD)/inject/plein
	@tests/inject/torture.py $(BUILD) $(TORTURE)

bombs: ## have small files ask for a great deal, and hold that each is done or refused in 5 s and 512 MB
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory all
	@rm -rf $(BUILD)/bombs
	@tests/torture/bombs.py $(BUILD) $(BUILD)/bombs

checksum: ## hold that compilers, threads, locales and time zones change no byte
	@tests/tools/deps build checksum
	@$(MAKE) --no-print-directory all
	@tests/torture/checksum $(BUILD)

# Half an hour; MUTANTS="--seed 2 --area owner" are others: the script tells more.
mutants: export FLAGS = $(ALL_CFLAGS) $(PATHS)
mutants: export TEST_LIBS = $(CMOCKA_LIBS) $(ALL_LIBS)
mutants: export PLEIN_LIBS := $(PLEIN_LIBS)
mutants: export FAULT_LIBS = $(FAULTS:%=-Wl,--wrap=%)
mutants: export CC := $(CC)
mutants: ## break the guards, the owner rule and the rounding in 300 small ways, and count what the tests see
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory all
	@tests/torture/mutate.py $(BUILD) $(MUTANTS)

bench: ## measure the speed of every step and command, and run the comparing tests at full size
	@tests/tools/deps build check
	@$(MAKE) --no-print-directory all bench-programs test-programs
	@tests/bench/run $(BUILD)

bench-peers: ## run what is installed of data.table, scikit-learn, DuckDB and PostGIS on the same files
	@$(MAKE) --no-print-directory all bench-programs
	@tests/bench/peers $(BUILD)

golden: all ## draw the golden pictures anew (look at each before you commit it)
	@tests/tools/golden $(BUILD)

sample: $(BUILD)/data/europaplein/generate ## make the sample study's files anew
	$(BUILD)/data/europaplein/generate data/europaplein

format: ## lay out the code
	clang-format -i $(OURS)

# It takes values that a loop has set for unset ones; valgrind and MemorySanitizer know better.
ANALYZER = -fanalyzer -Wno-analyzer-use-of-uninitialized-value
LINT_BUILD = $(BUILD)/lint-gcc
lint: export FLAGS = $(filter-out -Werror%,$(ALL_CFLAGS)) $(PATHS)
lint: ## format, clang-tidy, cppcheck, both compilers, without a warning
	@tests/tools/deps build check lint
	@$(MAKE) --no-print-directory BUILD=$(LINT_BUILD) CC=gcc ANALYZE="$(ANALYZER)" CFLAGS="$(CFLAGS) -Werror" all test-programs
	@tests/tools/lint $(OURS)

test-programs: $(TEST_PROGRAMS) $(BUILD)/inject/plein
bench-programs: $(BENCH_PROGRAMS)
fuzz-programs: $(FUZZ_PROGRAMS)

$(BUILD)/plein: $(CLI_OBJECTS) $(BUILD)/libplein.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) -o $@ $^ $(PLEIN_LIBS)

# All of the engine in one program, what no command uses too: tests/tools/coverage asks it what there is to count.
$(BUILD)/whole: $(CLI_OBJECTS) $(BUILD)/libplein.a
	$(call say,LINK)$(CC) $(ALL_CFLAGS) -o $@ $(CLI_OBJECTS) -Wl,--whole-archive $(BUILD)/libplein.a -Wl,--no-whole-archive $(ALL_LIBS)

# The same objects, with the failures of tests/inject linked in.
WRAP = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=getpid
$(BUILD)/inject/plein: $(CLI_OBJECTS) $(BUILD)/libplein.a $(addprefix tests/inject/,inject.c serve.c serve.h)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(WRAP) -o $@ $(filter %.c %.o %.a,$^) $(PLEIN_LIBS)

$(BUILD)/libplein.a: $(ENGINE_OBJECTS)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

$(BUILD)/%.o: %.c VERSION Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(if $(filter engine/% cli/%,$<),$(ANALYZE)) $(PATHS) -MMD -MP -c -o $@ $<

$(BUILD)/plain/%.o: %.c VERSION Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(PATHS) -DPLEIN_PLAIN -MMD -MP -c -o $@ $<

# Those for which tests/faults.h has memory and calls fail.
FAULTS = malloc calloc realloc free open read fstat stat lseek fsync rename link unlink mkdir rmdir chmod fchmod \
         mkstemp mkdtemp opendir fopen fdopen fmemopen tmpfile fflush fclose fseeko ftello fread pipe2 pthread_create \
         readlink fork waitpid kill posix_spawnp syscall prctl sodium_init inflateInit2_ \
         __open_2 __read_chk __fread_chk
$(BUILD)/tests/test_faults_%: ALL_LIBS += $(FAULTS:%=-Wl,--wrap=%)
$(BUILD)/tests/test_faults_lockin: $(BUILD)/cli/lockin.o

$(BUILD)/tests/test_%: tests/test_%.c $(BUILD)/libplein.a
	@mkdir -p $(@D)
	$(call say,TEST)$(CC) $(ALL_CFLAGS) $(PATHS) -MMD -MP -o $@ $< $(filter %.o,$^) $(BUILD)/libplein.a $(CMOCKA_LIBS) $(ALL_LIBS)

BENCH_COMMON = $(addprefix tests/bench/,steps.c scatter.c heatpicture.c)
$(BUILD)/tests/bench/%: tests/bench/%.c $(BENCH_COMMON) $(wildcard tests/bench/*.h) $(BUILD)/libplein.a
	@mkdir -p $(@D)
	$(call say,BENCH)$(CC) $(ALL_CFLAGS) -o $@ $< $(BENCH_COMMON) $(BUILD)/libplein.a $(if $(findstring chain,$@),$(PLEIN_LIBS),$(ALL_LIBS))

$(BUILD)/tests/bench/generate: tests/bench/generate.c tests/bench/scatter.c data/europaplein/layer.c \
    $(wildcard tests/bench/*.h data/europaplein/*.h)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c,$^) -lm

$(BUILD)/data/europaplein/generate: $(wildcard data/europaplein/*.[ch])
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c,$^)

# The command line is read above the engine.
$(BUILD)/fuzz/fuzz_command $(BUILD)/replay/fuzz_command: $(BUILD)/cli/command.o
$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/libplein.a
	@mkdir -p $(@D)
	$(call say,FUZZ)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $< $(filter %.o,$^) $(BUILD)/libplein.a $(ALL_LIBS)

$(BUILD)/replay/%: tests/fuzz/%.c tests/fuzz/replay.c $(BUILD)/libplein.a
	@mkdir -p $(@D)
	$(call say,REPLAY)$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c %.o,$^) $(BUILD)/libplein.a $(ALL_LIBS)

$(BUILD)/locale/%/LC_MESSAGES/plein.mo: data/locale/%.po
	@mkdir -p $(@D)
	$(call say,MSGFMT)msgfmt --check -o $@ $<

catalogue: ## collect the texts to translate into data/locale/nl.po
	xgettext --from-code=UTF-8 --no-wrap --sort-by-file --keyword=_ --keyword=N_ --keyword=error_set:3 \
	    --keyword=notes_add:2 --keyword=FAULT:3 --package-name=plein -o $(BUILD)/plein.pot $(ENGINE) $(CLI)
	msgmerge --no-wrap --no-fuzzy-matching --update --backup=none data/locale/nl.po $(BUILD)/plein.pot

install: all ## install into $(prefix), with DESTDIR before it
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(datadir)/plein/styles $(DESTDIR)$(datadir)/plein/data
	$(INSTALL) -m 755 $(BUILD)/plein $(DESTDIR)$(bindir)/plein
	$(INSTALL) -m 644 $(wildcard styles/*.ini styles/*.cpt) $(DESTDIR)$(datadir)/plein/styles
	$(INSTALL) -m 644 $(wildcard data/*.csv) $(DESTDIR)$(datadir)/plein/data
	for language in $(patsubst data/locale/%.po,%,$(wildcard data/locale/*.po)); do \
	    $(INSTALL) -d $(DESTDIR)$(localedir)/$$language/LC_MESSAGES && \
	    $(INSTALL) -m 644 $(BUILD)/locale/$$language/LC_MESSAGES/plein.mo \
	        $(DESTDIR)$(localedir)/$$language/LC_MESSAGES/plein.mo; done

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(bindir)/plein
	rm -rf $(DESTDIR)$(datadir)/plein
	rm -f $(patsubst data/locale/%.po,$(DESTDIR)$(localedir)/%/LC_MESSAGES/plein.mo,$(wildcard data/locale/*.po))

clean: ## remove build/
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
