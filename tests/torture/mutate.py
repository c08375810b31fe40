#!/usr/bin/env python3
"""Breaks plein in small ways, one at a time, and counts how many of them the tests see.

    tests/torture/mutate.py BUILD [--count 300] [--seed 1] [--area NAME] [--at FILE[:LINE]] [--again LOG] [--jobs 2] [--log FILE]

A mutant is one changed token or one dropped statement of a room in ROOMS: a comparison, an operator, a constant, a
condition, a result, a statement. Its file alone is compiled; what no longer compiles, or gives the object code that it
gave, does not count, nor does what equivalent.txt tells that no test can see. The room's tests are linked with the mutant
and run, the quickest first; where none fails, again with the mutant under AddressSanitizer and UndefinedBehaviorSanitizer,
as `make sanitize` has them; and where none fails then, the room's .bats files run with a plein that has it. Of BUILD only the folder mutants is written. Ends non-zero when fewer than 90 % are killed.

Not among the mutants: dropped releases of memory (`make sanitize` sees those), prefetching, and what stands in comments,
texts and preprocessor lines. FLAGS, TEST_LIBS and PLEIN_LIBS come from the Makefile: `make mutants MUTANTS="--seed 2"`.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HOLD_PERCENT = 90
WALL_SECONDS, BYTES = 600, 6 << 30
SLOW_SECONDS = 2  # what takes longer does not run again under the sanitizers
# Area, room, the tests that cover it beside tests/test_ROOM.c and those that include its header, and its .bats files.
ROOMS = """
guards engine/formats/shapeguard         shapefile                      inputs errors
guards engine/formats/dbase              dbase,shapefile,shapefile_write inputs
guards engine/formats/wkb                wkb                            geopackage
guards engine/formats/geopackage_read    geopackage_read                geopackage
guards engine/formats/zip_archive        zip_read,xlsx_read             handover
guards engine/formats/zip_read           zip_read                       inputs handover package
guards engine/formats/seal               seal,packages                  handover package
guards engine/formats/json_read          json_read                      handover
guards engine/formats/geojson_scan       geojson                        inputs formats
guards engine/formats/prj                prj,shapefile                  inputs errors
guards engine/space/crs_text           crs_text                       inputs errors
guards engine/draw/png                png                            map
guards engine/report/scale              scale                          map series
owner  engine/core/geometry              owner,assign,duplicates              locate
owner  engine/space/assign               owner,assign                         locate border
owner  engine/space/cells                owner,assign                         locate
owner  engine/space/cells_build          owner,assign                         locate
owner  engine/space/cells_leaf           owner,assign                         locate
owner  engine/space/cells_spot           owner,assign                         locate
owner  engine/space/edges                owner,assign                         locate
owner  engine/space/edge_near            owner,assign                         locate border
counts engine/core/numbers               numbers,csv                    query
counts engine/core/decimals              decimals,csv_write,geojson_write  locate
counts engine/analysis/disclosure        disclosure,dominance,handover  handover
counts engine/analysis/disclosure_audit  disclosure,dominance,handover  handover
counts engine/analysis/disclosure_protect disclosure,dominance,handover handover
counts engine/analysis/square_density    square_density                 package
counts engine/analysis/squares           squares,packages,handover      handover package
counts engine/study/handover_strip       handover,packages              handover
counts engine/study/handover_table       dominance,handover,packages    handover package
counts engine/study/handover_totals     handover_totals,handover       handover
counts engine/study/handover_rows       handover_rows                  handover
"""
OTHER = {"<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="], "+": ["-"],
         "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"], "&&": ["||"], "||": ["&&"], "<<": [">>"], ">>": ["<<"], "&": ["|"],
         "|": ["&"], "^": ["|"], "+=": ["-="], "-=": ["+="], "|=": ["&="], "&=": ["|="], "^=": ["|="], "*=": ["/="]}
Room = collections.namedtuple("Room", "area path tests scripts")
Mutant = collections.namedtuple("Mutant", "room start end text line was becomes")


def rooms():
    sources = {path.stem[5:]: path.read_text() for path in pathlib.Path("tests").glob("test_*.c")}
    for row in ROOMS.strip().splitlines():
        area, path, named, *scripts = row.split()
        covering = [name for name, text in sources.items() if f'"{path}.h"' in text or name == path.split("/")[-1]]
        tests = [] if named == "-" else named.split(",")
        yield Room(area, path + ".c", tuple(sorted(set(tests + covering))), tuple(scripts))


# ---- what can be changed ----

def code_only(text):
    """The text with comments, texts, characters and preprocessor lines blanked, in its length."""
    blank = lambda found: re.sub(r"[^\n]", " ", found.group(0))
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)
    return re.sub(r"^#[^\n]*(?:\\\n[^\n]*)*", blank, text, flags=re.M)


def closing(code, opening):
    depth = 0
    for at in range(opening, len(code)):
        depth += (code[at] == "(") - (code[at] == ")")
        if depth == 0:
            return at
    raise ValueError("a parenthesis without its end")


def operators(code):
    for found in re.finditer(r"(?<=\s)([-+*/%<>=!&|^]+)(?=\s)", code):
        for other in OTHER.get(found.group(1), []):
            yield found.start(1), found.end(1), other
    for found in re.finditer(r"\+\+|--", code):
        yield found.start(), found.end(), "--" if found.group() == "++" else "++"


def constants(code):
    for found in re.finditer(r"(?<![\w.])(0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?)(?=[uUlL]*(?![\w.]))", code):
        for step in ("+ 1", "- 1"):
            yield found.start(1), found.end(1), f"({found.group(1)} {step})"


def conditions(code):
    for found in re.finditer(r"\b(?:if|while) (\()", code):
        end = closing(code, found.start(1))
        yield found.start(1), end + 1, ("(!", found.start(1), end + 1, ")")


def results(code):
    """Results of functions that tell whether it went well; and errors that nobody hears of."""
    for function in re.finditer(r"^(?:static )?(?:inline )?bool [^;{]*\)\n\{\n(.*?)^\}", code, flags=re.M | re.S):
        for found in re.finditer(r"\breturn\b\s*([^;]*);", function.group(1)):
            start, end = function.start(1) + found.start(1), function.start(1) + found.end(1)
            yield start, end, ("!(", start, end, ")")
    for found in re.finditer(r"\n +(return\b[^;]*;|break;|continue;)", code):
        yield found.start(1), found.end(1), ";"


def statements(code):
    for found in re.finditer(r"(?<=[{};)\n])\n +((?!return\b|__builtin_prefetch|\w*(?:free|close)\w*\()"
                             r"\*?(?:\+\+|--)?\*?\w[\w.\[\]>-]*(?:(?: (?:[-+*/|&^]|<<|>>)?= |\()[^;{}]*;|\+\+;|--;))", code):
        before = code[:found.start(1)].rstrip()
        head = before[before.rfind("\n") + 1:].lstrip()
        if before[-1:] in "{};" or head.startswith(("if (", "for (", "while (", "} else", "else")):
            yield found.start(1), found.end(1), ";"


def shown(text):
    return re.sub(r"\s+", " ", text).strip()


def mutants_of(room):
    text = pathlib.Path(room.path).read_text()
    code = code_only(text)
    for start, end, becomes in sorted(
            {(s, e, b) for kind in (operators, constants, conditions, results, statements) for s, e, b in kind(code)},
            key=lambda site: (site[0], site[1], str(site[2]))):
        if isinstance(becomes, tuple):
            becomes = becomes[0] + text[becomes[1]:becomes[2]] + becomes[3]
        first = text.rfind("\n", 0, start) + 1
        last = text.find("\n", end)
        if "prefetch" in code[first:last]:
            continue
        changed = text[:start] + becomes + text[end:]
        yield Mutant(room, start, end, changed, text.count("\n", 0, start) + 1, shown(text[first:last]),
                     shown(changed[first:last + len(changed) - len(text)]))


def known_equivalents(path):
    """file ;; line ;; line as changed ;; why no test can see it"""
    known = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        if line and not line.startswith("#"):
            file, was, becomes, why = (part.strip() for part in line.split(" ;; "))
            known[file, was, becomes] = why
    return known


# ---- what the tests say ----

class Bench:
    SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-U_FORTIFY_SOURCE"]

    def __init__(self, build, jobs, scripts):
        self.scripts = scripts
        self.build = pathlib.Path(build).resolve()
        self.kept = self.build / "mutants"
        self.kept.mkdir(exist_ok=True)
        self.work = self.new_folder()
        self.flags = [*shlex.split(os.environ["FLAGS"]), "-g0", "-w"]
        self.test_libs, self.plein_libs = shlex.split(os.environ["TEST_LIBS"]), shlex.split(os.environ["PLEIN_LIBS"])
        self.fault_libs = shlex.split(os.environ["FAULT_LIBS"])
        self.compiler = os.environ.get("CC", "gcc")
        self.pool = concurrent.futures.ThreadPoolExecutor(jobs)
        self.seconds, self.objects, self.running = {}, {}, set()
        kept = self.kept / "killed"
        self.seen = set(kept.read_text().split()) if kept.exists() else set()
        self.lock, self.locks = threading.Lock(), {}

    def new_folder(self):
        """No deeper: plein looks for what it ships with in the folders above it."""
        return pathlib.Path(tempfile.mkdtemp(dir=self.kept, prefix="run."))

    def compile(self, text, object_file, *more):
        """From standard input, so that no name of a file is part of the code."""
        done = subprocess.run([self.compiler, *self.flags, "-Werror=return-type", *more, "-x", "c", "-c", "-o", object_file, "-"],
                              input=text.encode(), stderr=subprocess.PIPE)
        return done.returncode == 0

    def link(self, program, objects, libs, *more):
        subprocess.run([self.compiler, "-fuse-ld=gold", *more, "-o", program, *objects, self.build / "libplein.a", *libs],
                       check=True, stderr=subprocess.DEVNULL)

    def run(self, command, seconds, folder, bytes=resource.RLIM_INFINITY, **environment):
        """Whether it ended well, and the processor time."""
        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
            resource.setrlimit(resource.RLIMIT_AS, (bytes, bytes))
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=limit, start_new_session=True, env={
                                     **os.environ, "TMPDIR": str(folder), "CMOCKA_TEST_ABORT": "1",
                                     "ASAN_OPTIONS": "allow_user_segv_handler=0:detect_leaks=0:hard_rss_limit_mb=2000:"
                                                     "max_allocation_size_mb=4000:allocator_may_return_null=1",
                                     **environment})
        self.running.add(child.pid)
        end = threading.Timer(WALL_SECONDS + 20 * seconds, self.end, [child.pid])
        end.start()
        _, status, used = os.wait4(child.pid, 0)
        end.cancel()
        child.returncode = status
        self.running.discard(child.pid)
        self.end(child.pid)  # what it has started and left
        return status == 0, used.ru_utime + used.ru_stime

    @staticmethod
    def end(group):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def prepare(self, test):
        """Compiles a test and holds that it passes; its time says when it comes and how long it may take. Both are kept
        in BUILD/mutants until the test or the library changes."""
        source, kept = pathlib.Path(f"tests/test_{test}.c"), self.kept / f"test_{test}"
        if not source.exists():
            raise SystemExit(f"mutate.py: there is no {source}, which ROOMS names")
        stamp = f"{source.stat().st_mtime_ns} {(self.build / 'libplein.a').stat().st_mtime_ns} {self.flags}"
        if kept.exists() and kept.read_text().split("\n")[0] == stamp:
            self.seconds[test] = float(kept.read_text().split("\n")[1])
            return
        # By its own name: what is written in the test as a path to its files must stand.
        subprocess.run([self.compiler, *self.flags, "-c", "-o", self.test_object(test), source], check=True)
        self.link(self.work / f"test_{test}", [self.test_object(test)], self.libs_of(test))
        good, self.seconds[test] = self.run([self.work / f"test_{test}"], 300, self.work)
        if not good:
            raise SystemExit(f"mutate.py: {source} fails without any mutant")
        kept.write_text(f"{stamp}\n{self.seconds[test]}\n")

    def libs_of(self, test):
        return self.test_libs + (self.fault_libs if test.startswith("faults_") else [])

    def test_object(self, test):
        return self.kept / f"test_{test}.o"

    def prepare_script(self, script):
        self.link_plein(self.work / "plein")
        self.seconds[script] = 100
        good, self.seconds[script] = self.script(script, self.work)
        if not good:
            raise SystemExit(f"mutate.py: tests/cli/{script}.bats fails without any mutant")

    def link_plein(self, program, *mutant):
        self.link(program, [*sorted((self.build / "cli").glob("*.o")), *mutant], self.plein_libs)

    def script(self, script, folder):
        return self.run(["bats", f"tests/cli/{script}.bats"], 3 + 3 * self.seconds[script], folder, BYTES,
                        PLEIN=str(folder / "plein"))

    def once(self, name, prepare):
        with self.lock:
            lock = self.locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self.seconds and name not in self.objects:
                prepare(name)

    def original(self, path):
        object_file = self.work / (path.replace("/", "_") + ".o")
        if not self.compile(pathlib.Path(path).read_text(), object_file):
            raise SystemExit(f"mutate.py: {path} does not compile")
        self.objects[path] = object_file.read_bytes()

    def passes(self, test, mutant, folder, bytes, *more):
        self.link(folder / "test", [self.test_object(test), mutant], self.libs_of(test), *more)
        watched = {"PLEIN_SANITIZED": "1"} if more else {}  # with fewer cases, then
        return self.run([folder / "test"], 3 + (6 if more else 3) * self.seconds[test], folder, bytes, **watched)[0]

    def judge(self, mutant):
        """What became of it, and the first test that saw it."""
        marks = {self.mark(mutant, test): test for test in mutant.room.tests}
        for mark, test in marks.items():
            if mark in self.seen:
                return "killed", f"test_{test}"
        folder = self.new_folder()
        try:
            verdict, by = self.judge_in(folder, mutant)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        for mark, test in marks.items():
            if by == f"test_{test}":
                with self.lock, open(self.kept / "killed", "a") as kept:
                    print(mark, file=kept)
        return verdict, by

    def mark(self, mutant, test):
        """Stands for a mutant and the test that saw it: what was seen with this very library need not be seen again."""
        parts = mutant.text, pathlib.Path(f"tests/test_{test}.c").read_text(), str((self.build / "libplein.a").stat().st_mtime_ns)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def judge_in(self, folder, mutant):
        plain, watched = folder / "plain.o", folder / "watched.o"
        if not self.compile(mutant.text, plain):
            return "no code", ""
        self.once(mutant.room.path, self.original)
        if plain.read_bytes() == self.objects[mutant.room.path]:
            return "same code", ""
        for test in mutant.room.tests:
            self.once(test, self.prepare)
        tests = sorted(mutant.room.tests, key=self.seconds.get)
        for test in tests:
            if not self.passes(test, plain, folder, BYTES):
                return "killed", f"test_{test}"
        if not self.compile(mutant.text, watched, *self.SANITIZE):
            return "no code", ""
        for test in [test for test in tests if self.seconds[test] < SLOW_SECONDS]:
            if not self.passes(test, watched, folder, resource.RLIM_INFINITY, *self.SANITIZE):
                return "killed", f"test_{test} (sanitized)"
        if self.scripts and mutant.room.scripts:
            self.link_plein(folder / "plein", plain)
        for script in mutant.room.scripts if self.scripts else []:
            self.once(script, self.prepare_script)
            if not self.script(script, folder)[0]:
                return "killed", f"{script}.bats"
        return "survived", ""


# ---- the run ----

def area_run(bench, plan, wanted, known, tell):
    """The first `wanted` of the plan that count."""
    counted, dropped = [], collections.Counter()
    plan = iter(plan)
    while len(counted) < wanted:
        batch = [mutant for mutant, _ in zip(plan, range(wanted - len(counted)))]
        if not batch:
            break
        told = []
        for mutant in batch:
            why = known.get((mutant.room.path, mutant.was, mutant.becomes))
            told.append(concurrent.futures.Future() if why else bench.pool.submit(bench.judge, mutant))
            if why:
                told[-1].set_result(("equivalent", why))
        for mutant, future in zip(batch, told):
            verdict, by = future.result()
            tell(mutant, verdict, by)
            if verdict in ("killed", "survived"):
                counted.append((mutant, verdict))
            else:
                dropped[verdict] += 1
    return counted, dropped


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("build")
    options.add_argument("--count", type=int, default=300, help="fewer are the first of those")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--area", help="guards, owner or counts alone, with its third of the mutants")
    options.add_argument("--at", action="append", help="every mutant of this file, or of this line of it, instead")
    options.add_argument("--again", help="those that survived by this earlier --log, where they are still to be had, instead")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--quick", action="store_true", help="without the .bats files: fewer are killed")
    options.add_argument("--log", default=os.devnull)
    options = options.parse_args()
    all_rooms = [room for room in rooms() if options.area in (None, room.area)]
    if options.at:
        files = {place.split(":")[0] for place in options.at}
        all_rooms = [room for room in all_rooms if room.path in files]
    bench = Bench(options.build, options.jobs, not options.quick)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        sys.exit(run(bench, options, all_rooms))
    finally:
        bench.pool.shutdown(cancel_futures=True, wait=False)
        for group in list(bench.running):
            bench.end(group)
        for folder in bench.kept.glob("run.*"):
            shutil.rmtree(folder, ignore_errors=True)


def survivors_of(log):
    rows = [line.split("\t") for line in pathlib.Path(log).read_text().splitlines()]
    return {(row[2].rsplit(":", 1)[0], row[3], row[4]) for row in rows if row[0] == "survived"}


def plans(options, all_rooms):
    """The mutants of each area, shuffled, and how many of them are wanted."""
    areas = sorted({room.area for room in all_rooms})
    survived = survivors_of(options.again) if options.again else set()
    for number, area in enumerate(areas):
        mutants = [mutant for room in all_rooms if room.area == area for mutant in mutants_of(room)]
        wanted = options.count // 3 if options.area else options.count * (number + 1) // len(areas) - options.count * number // len(areas)
        if options.at:
            mutants = [m for m in mutants if m.room.path in options.at or f"{m.room.path}:{m.line}" in options.at]
        if options.again:
            mutants = [m for m in mutants if (m.room.path, m.was, m.becomes) in survived]
        if options.at or options.again:
            wanted = len(mutants)
        random.Random(f"{options.seed} {area}").shuffle(mutants)
        yield area, mutants, wanted


def run(bench, options, all_rooms):
    began = time.monotonic()
    known = known_equivalents(pathlib.Path(__file__).with_name("equivalent.txt"))
    killed, total, survivors, dropped = collections.Counter(), collections.Counter(), [], collections.Counter()
    with open(options.log, "w") as log:
        def tell(mutant, verdict, by):
            print(f"{verdict}\t{by}\t{mutant.room.path}:{mutant.line}\t{mutant.was}\t{mutant.becomes}", file=log, flush=True)
        for _, mutants, wanted in plans(options, all_rooms):
            counted, left = area_run(bench, mutants, wanted, known, tell)
            dropped += left
            for mutant, verdict in counted:
                total[mutant.room] += 1
                killed[mutant.room] += verdict == "killed"
                if verdict == "survived":
                    survivors.append(mutant)
    for room in all_rooms:
        if total[room]:
            print(f"  {room.area:7} {room.path:40} {killed[room]:3} of {total[room]:3} killed")
    for mutant in survivors:
        print(f"survived: {mutant.room.path}:{mutant.line}\n  - {mutant.was}\n  + {mutant.becomes}")
    count, dead = sum(total.values()), sum(killed.values())
    not_counted = ", ".join(f"{number} {verdict}" for verdict, number in sorted(dropped.items()))
    print(f"seed {options.seed}: {dead} of {count} mutants killed ({100 * dead / max(count, 1):.1f} %); not counted: "
          f"{not_counted or 'none'}; {(time.monotonic() - began) / 60:.0f} minutes")
    return 0 if dead * 100 >= HOLD_PERCENT * count else 1


if __name__ == "__main__":
    main()
