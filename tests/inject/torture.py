#!/usr/bin/env python3
"""Has plein fail at every point, and holds that it ends well and that no output is torn.

    tests/inject/torture.py BUILD [--sample N] [--seed S] [--only map,shp] [--do memory,calls,killed,kills,powercut]

README.md beside this file tells more.
"""
import argparse
import concurrent.futures
import errno
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import inputs
from powercut import Disk, read_log
from serve import Service, serve

STOPPED = threading.Event()  # by a first interrupt: what was made is told
ENDS = {0, 2, 65, 66, 70, 73, 78}  # exit statuses of ours
STUDY = ["--study", "data/europaplein/plein.ini", "--lang", "en", "--quiet", "--threads", "1"]
SECONDS = 300  # of a machine that does much else

# What is run, and the outputs that belong together. {} is the folder that they go to.
SCENES = {
    "map": (["map", "-o", "{}/kaart.png"], [["kaart.png", "kaart.pgw", "kaart.png.aux.xml"]]),
    "clusters": (["clusters", "--members", "{}/leden.csv", "-o", "{}/clusters.geojson"],
                 [["leden.csv", "clusters.geojson"]]),
    "handover": (["handover", "make", "--jurisdiction", "Heemskerk", "--to", "Beverwijk", "-o", "{}/o.zip",
                  "--sign", "{}/../sleutel.key"], [["o.zip", "o.zip.minisig"]]),
    "months": (["map", "--with", "hours,months", "-o", "{}/tijd.png"], [["tijd.png", "tijd.pgw", "tijd.png.aux.xml"]]),
    "border": (["border", "--alt", "-o", "{}/grens.png"], [["grens.png", "grens.txt"]]),
    "unsigned": (["handover", "make", "--jurisdiction", "Heemskerk", "--to", "Beverwijk", "-o", "{}/o.zip"],
                 [["o.zip", "o.zip.minisig"]]),
    "shp": (["export", "-o", "{}/e.shp"], [["e.shp", "e.shx", "e.dbf", "e.prj", "e.cpg"]]),
    "gpkg": (["export", "-o", "{}/e.gpkg"], [["e.gpkg"]]),
    "geojson": (["export", "-o", "{}/e.geojson"], [["e.geojson"]]),
    "csv": (["export", "-o", "{}/e.csv"], [["e.csv"]]),
    "xlsx": (["export", "-o", "{}/e.xlsx"], [["e.xlsx"]]),
    "tif": (["export", "-o", "{}/e.tif"], [["e.tif"]]),
    "asc": (["density", "-o", "{}/d.asc"], [["d.asc"]]),
    "stdout": (["query", "--by", "category", "--format", "csv"], [["standard"]]),
}

# What is read, of each format: {} is the folder of inputs.
READERS = {
    "in-csv": ["--incidents", "{}/i.csv.gz", "--incidents", "{}/quoted.csv", "--incidents", "{}/i.zip"],
    "in-shp": ["--incidents", "{}/i.shp"],
    "in-geojson": ["--boundaries", "{}/b.geojson", "--incidents", "{}/i.geojson", "--incidents", "{}/i.geojsonl"],
    "in-gpkg": ["--boundaries", "{}/i.gpkg:areas", "--incidents", "{}/i.gpkg:points"],
    "in-xlsx": ["--incidents", "{}/i.xlsx"],
}
SCENES |= {name: (["check"] + [word.replace("{}", "{}/../inputs") for word in words] + ["-o", "{}/c.csv"], [["c.csv"]])
           for name, words in READERS.items()}


class Scene:
    """One command, what it writes, and how it is run in a folder of its own."""

    def __init__(self, name, work, build):
        self.name, self.work = name, work
        self.arguments, self.groups = SCENES[name]
        self.program, self.plain = f"{build}/inject/plein", f"{build}/plein"
        self.files = [file for group in self.groups for file in group]
        folder = self.folder()
        done = self.run(folder, {"PLEIN_INJECT_REPORT": f"{folder}.report"})
        report = self.report(folder)
        self.new = {file: (folder / file).read_bytes() if (folder / file).exists() else None for file in self.files}
        assert done.returncode == 0 and report[0].startswith("0 "), f"{name} does not work: {done.stderr} {report[0]}"
        assert not any(self.new[file] == self.old(file) for file in self.files), f"{name} does not write {self.files}"
        self.allocations, self.calls = report[1].split(), report[2].split()
        self.forget(folder)

    def old(self, file):
        return f"an old {file}\n".encode()

    def folder(self):
        """In which each output is there already."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.work))
        for file in self.files:
            (folder / file).write_bytes(self.old(file))
        return folder

    def forget(self, folder):
        shutil.rmtree(folder)
        for kind in ("report", "log"):
            pathlib.Path(f"{folder}.{kind}").unlink(missing_ok=True)

    def report(self, folder):
        path = pathlib.Path(f"{folder}.report")
        return path.read_text().split("\n") if path.exists() else ["? ?"]

    def command(self, folder, program):
        words = [word.replace("{}", str(folder)) for word in self.arguments]
        operands = 2 if words[0] == "handover" else 1
        return [program] + words[:operands] + STUDY + words[operands:]

    def start(self, folder, environment, program, inherited=()):
        to = open(folder / "standard", "wb") if self.name == "stdout" else subprocess.DEVNULL
        return subprocess.Popen(self.command(folder, program), stdin=subprocess.DEVNULL, stdout=to, pass_fds=inherited,
                                stderr=subprocess.PIPE, env=os.environ | environment)

    def run(self, folder, environment):
        process = self.start(folder, environment, self.program)
        try:
            _, said = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
            said += b"(no end)"
        return subprocess.CompletedProcess(process.args, process.returncode, stderr=said.decode(errors="replace"))

    # ---- what is held ----

    def state(self, folder, group):
        """new, old, mixed or torn."""
        found = set()
        for file in group:
            path = folder / file
            content = path.read_bytes() if path.exists() else None
            found.add("new" if content == self.new[file] else "old" if content == self.old(file) else "torn")
        return "torn" if "torn" in found else found.pop() if len(found) == 1 else "mixed"

    def left(self, folder):
        return [path.name for path in folder.iterdir() if path.name.startswith(".plein-")]

    def clean(self, folder):
        """What the next run that writes into the folder does there."""
        subprocess.run([self.plain, "handover", "key", "-o", str(folder / "other")], check=True, capture_output=True)
        for key in ("other.key", "other.pub"):
            (folder / key).unlink()

    def complaints(self, folder, done, unlinks_fail):
        lines = done.stderr.splitlines()
        if self.left(folder) and unlinks_fail:
            self.clean(folder)
        states = [self.state(folder, group) for group in self.groups]
        if done.returncode not in ENDS:
            yield f"ends with {done.returncode}"
        if done.returncode != 0 and (len(lines) != 1 or not lines[0].startswith("plein: ") or "Success" in lines[0]):
            yield f"ends with {done.returncode} and says {lines}"
        if done.returncode == 0 and set(states) != {"new"}:
            yield f"ends with 0, outputs are {states}"
        if self.name != "stdout" and not set(states) <= {"new", "old"}:
            yield f"outputs are {states}"
        if self.left(folder):
            yield f"leaves {[re.sub('[0-9]+-......', 'N-XXXXXX', name) for name in self.left(folder)]}"

    def judge_failure(self, folder, fault, done):
        """How one run with one fault ended, and what is wrong with that."""
        blocks, failed = self.report(folder)[0].split()
        unlinks_fail = failed in ("unlink", "rmdir") or fault.startswith("call:") and fault.endswith(":on")
        found = [f"{self.name} {fault} {failed}: {what}" for what in self.complaints(folder, done, unlinks_fail)]
        if blocks not in ("0", "?"):
            found.append(f"{self.name} {fault} {failed}: {blocks} blocks are never freed")
        pathlib.Path(f"{folder}.report").unlink(missing_ok=True)
        return (done.returncode, done.stderr.replace(str(folder), "{}"), failed), found

    def judge_kill(self, folder, fault, _):
        """The next run must find all old, or all new, and leave nothing behind."""
        return (), [f"{self.name} killed at {fault}: {what}" for what in self.after(folder)]

    def judge(self, folder, fault, done):
        return (self.judge_kill if fault.endswith("kill") else self.judge_failure)(folder, fault, done)

    def fault_at(self, fault):
        """One run with one fault, from the start."""
        folder = self.folder()
        done = self.run(folder, {"PLEIN_INJECT": fault, "PLEIN_INJECT_REPORT": f"{folder}.report"})
        judged = self.judge(folder, fault, done)
        self.forget(folder)
        return judged

    def faults_at(self, faults):
        """Yields (fault, how it ended and what is wrong, whether it was forked), of one kind, in any order."""
        wanted, folder = {}, self.folder()
        for fault in faults:
            wanted.setdefault(int(fault.split(":")[1]), []).append(fault)
        service = Service(folder, faults[0].split(":")[0], min(wanted))
        service.begin(self.start(folder, service.environment, self.program, service.theirs))
        try:
            for fault, judged in serve(service, wanted, self.judge):
                yield fault, judged or self.fault_at(fault), judged is not None
        finally:
            service.end()
            self.forget(folder)

    def kill_at(self, moment):
        """A run that is not slowed by anything, killed so many seconds after its start."""
        folder = self.folder()
        process = self.start(folder, {}, self.plain)
        time.sleep(float(moment))
        process.kill()
        process.communicate()
        found = self.judge_kill(folder, moment, process)
        self.forget(folder)
        return found

    def after(self, folder):
        if any(self.state(folder, group) == "torn" for group in self.groups) and self.name != "stdout":
            yield "outputs are torn"
        if self.left(folder):
            self.clean(folder)
        states = [self.state(folder, group) for group in self.groups]
        if self.name != "stdout" and not set(states) <= {"new", "old"}:
            yield f"outputs are {states} after the next run"
        if self.left(folder):
            yield f"the next run leaves {self.left(folder)}"

    # ---- a power cut ----

    def cut(self, seeds, syncs):
        """Cuts the power after every call of one logged run; (cuts, what is wrong)."""
        folder, log = self.folder(), None
        before = {str(folder / file): ((folder / file).stat().st_ino, self.old(file)) for file in self.files}
        log = f"{folder}.log"
        self.run(folder, {"PLEIN_INJECT_LOG": log})
        disk, entries, found, cuts = Disk(str(folder), before), read_log(log, str(folder)), [], 0
        known = {}  # many cuts leave the same
        for number, entry in enumerate(entries, 1):
            disk.take(entry, syncs)
            last = number == len(entries)
            for seed in seeds:
                cuts += 1
                left = disk.cut(random.Random(f"{seed} {number}"))
                key = tuple(sorted(left.items()))
                states = known[key] = known.get(key) or self.states_of(left, str(folder))
                if not set(states) <= ({"new"} if last else {"new", "old"}):
                    found.append(f"{self.name} power cut after {' '.join(map(str, entry[:4]))}, seed {seed}: {states}")
        self.forget(folder)
        return cuts, found

    def states_of(self, left, folder):
        """Laid out in a real folder, for the real next run."""
        laid = pathlib.Path(tempfile.mkdtemp(dir=self.work))
        for path in sorted(left):
            to = laid / os.path.relpath(path, folder)
            if left[path] is None and to.parent.is_dir():
                to.mkdir()
            elif to.parent.is_dir():
                to.write_bytes(left[path])
        if any(name.endswith(".set") for name in self.left(laid)):
            self.clean(laid)
        states = [self.state(laid, group) for group in self.groups]
        shutil.rmtree(laid)
        return states


# ---- which points ----

def memory_points(scene, sites_only):
    """Each allocation once; and from then on, at the first of each site, a chain of calls."""
    if scene.name == "unsigned":
        return []  # they are those of "handover"
    sites = {}
    for number, site in enumerate(scene.allocations, 1):
        sites.setdefault(site, []).append(number)
    some = [number for numbers in sites.values() for number in {numbers[0], numbers[len(numbers) // 2]}]
    once = some if sites_only else range(1, len(scene.allocations) + 1)
    return [f"memory:{n}" for n in once] + [f"memory:{numbers[0]}:on" for numbers in sites.values()]


def call_points(scene, _):
    """Each call with each error; a write also by half. An interrupted call is never so for ever."""
    points = []
    for number, name in enumerate(scene.calls, 1):
        hows = [f"{errno.EIO}", f"{errno.EIO}:on", f"{errno.EINTR}"]
        hows += [f"{errno.ENOSPC}", f"{errno.ENOSPC}:on"] if name != "close" else []
        hows += ["short", "short:on"] if name == "write" else []
        points += [f"call:{number}:{how}" for how in hows]
    return points


def kill_points(scene, _):
    return [f"call:{number}:kill" for number in range(1, len(scene.calls) + 1)]


def moments(scene, _):
    """Random moments of a run that is not slowed by anything."""
    folder = scene.folder()
    begun = time.monotonic()
    scene.start(folder, {}, scene.plain).communicate()
    lasts = time.monotonic() - begun
    scene.forget(folder)
    count = 1000 // len(SCENES) + 1
    return [f"{random.uniform(0, lasts * 1.1):.6f}" for _ in range(count)]


# ---- the runs ----

BATCH = 400  # faults that one run serves; each costs it 1 to 5 ms, and a run from the start 40 to 400
PROVED = 100  # one in so many is made from the start as well, and must end the same


def batches_of(scenes, points, options):
    """(scene, [point]), in random order, so that what is cut short has been everywhere."""
    runs = [(scene, point) for scene in scenes for point in points(scene, options.sites)]
    if options.sample:
        runs = random.sample(runs, min(options.sample, len(runs)))
    random.shuffle(runs)
    batches = []
    for scene in scenes:
        own = [point for its, point in runs if its is scene]
        batches += [(scene, own[i:i + BATCH]) for i in range(0, len(own), BATCH)]
    random.shuffle(batches)
    return batches[options.after:]


class Tally:
    """Of one scene and kind: faults asked, made, forked, made from the start as well, and wrong."""

    def __init__(self, asked):
        self.asked, self.made, self.forked, self.proved, self.wrong = asked, 0, 0, 0, 0

    def __str__(self):
        text = f"{self.made} of {self.asked} faults, {self.wrong} wrong"
        return text + f" ({self.forked} forked, {self.proved} of them from the start too)" if self.forked else text


def faults(pool, scenes, points, options):
    """Runs a kind of fault at all points of all scenes, or at a sample; how many were wrong."""
    batches = batches_of(scenes, points, options)
    tallies = {scene.name: Tally(sum(len(batch) for its, batch in batches if its is scene)) for scene in scenes}
    begun, lasts = time.monotonic(), 60 * options.minutes
    proofs = random.Random(options.seed)

    def late():
        return STOPPED.is_set() or lasts and time.monotonic() - begun > lasts

    def served(scene, batch, tally):
        for fault, (how, found), forked in scene.faults_at(batch):
            tally.made += 1
            tally.forked += forked
            if forked and (found or proofs.randrange(PROVED) == 0):
                tally.proved += 1
                from_start = scene.fault_at(fault)
                if (how, found) != from_start:
                    found = found + [f"{scene.name} {fault}: ends as {how} forked, as {from_start} from the start"]
            tally.wrong += tell(found) > 0
            if late():
                break

    def killed(scene, batch, tally):
        for moment in batch:
            if not late():
                tally.made += 1
                tally.wrong += tell(scene.kill_at(moment)[1]) > 0

    def one(job):
        if not late():
            (killed if points is moments else served)(*job, tallies[job[0].name])

    for done, _ in enumerate(pool.map(one, batches), 1):
        if not late() and done % 20 == 0:
            print(f"{points.__name__}: {options.after + done} of {options.after + len(batches)} batches, "
                  f"{time.monotonic() - begun:.0f} s", flush=True)
    for name, tally in tallies.items():
        print(f"{points.__name__} {name}: {tally}", flush=True)
    wrong = sum(tally.wrong for tally in tallies.values())
    print(f"{points.__name__}: {sum(tally.made for tally in tallies.values())} of "
          f"{sum(tally.asked for tally in tallies.values())} faults, {wrong} wrong, {time.monotonic() - begun:.0f} s", flush=True)
    return wrong


def power_cuts(pool, scenes, options):
    """The same log with and without the syncs: the first must never tear an output, the second must."""
    seeds, begun, wrong = range(2 if options.sample else 20), time.monotonic(), 0
    whole = list(pool.map(lambda scene: scene.cut(seeds, syncs=True), scenes))
    control = list(pool.map(lambda scene: scene.cut(seeds, syncs=False), scenes))
    for scene, (cuts, found), (_, torn) in zip(scenes, whole, control):
        missed = tell([f"{scene.name}: without fsync no cut tears it"] if not torn else [])
        wrong += tell(found) + missed
        print(f"power_cuts {scene.name}: {cuts} cuts, {len(found)} wrong; without fsync {len(torn)} are torn", flush=True)
    print(f"power_cuts: {sum(cuts for cuts, _ in whole)} cuts, {wrong} wrong, {time.monotonic() - begun:.0f} s", flush=True)
    return wrong


def tell(found):
    for line in found:
        print(f"  {line[:300]}", flush=True)
    return len(found)


KINDS = {"memory": memory_points, "calls": call_points, "killed": kill_points, "kills": moments}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--sample", type=int, default=0, help="so many points of each kind; 0: all")
    parser.add_argument("--minutes", type=float, default=0, help="of each kind, at most; 0: as long as it takes")
    parser.add_argument("--sites", action="store_true", help="two allocations of each chain of calls, instead of all")
    parser.add_argument("--after", type=int, default=0, help="leave out so many batches, which an earlier run has made")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many runs at a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(SCENES))
    parser.add_argument("--do", default="memory,calls,killed,kills,powercut")
    options = parser.parse_args()
    os.chdir(pathlib.Path(__file__).resolve().parents[2])
    random.seed(options.seed)
    signal.signal(signal.SIGTERM, lambda *_: STOPPED.set())
    build, wrong = os.path.abspath(options.build), 0
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # where an fsync costs nothing
    with tempfile.TemporaryDirectory(prefix="plein-torture-", dir=memory) as work, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        subprocess.run([f"{build}/plein", "handover", "key", "-o", f"{work}/sleutel"], check=True)
        os.mkdir(f"{work}/inputs")
        inputs.make(pathlib.Path(work) / "inputs")
        scenes = list(pool.map(lambda name: Scene(name, work, build), options.only.split(",")))
        for scene in scenes:
            print(f"{scene.name}: {len(scene.allocations)} allocations from {len(set(scene.allocations))} sites, "
                  f"{len(scene.calls)} calls", flush=True)
        for kind in options.do.split(","):
            if STOPPED.is_set():
                break
            if kind == "powercut":
                wrong += power_cuts(pool, [scene for scene in scenes if scene.name != "stdout"], options)
            else:
                wrong += faults(pool, scenes, KINDS[kind], options)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
