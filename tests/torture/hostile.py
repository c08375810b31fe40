#!/usr/bin/env python3
"""Feeds plein files that are broken, and seeded mutations of them, and holds that it never crashes, hangs or hoards.

    tests/torture/hostile.py BUILD FOLDER [MUTATIONS] [SEED]

Each file of FOLDER is read as boundaries and as incidents, then so are its mutations: bytes flipped, cut off, doubled, or
overwritten with numbers that lengths and counts choke on. Held for every run: exit status 0, 1, 65 or 66; one sentence with
the file in it when refused; under 2 s of processor time and 256 MB; no signal; nothing written.
"""
import collections
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile

SECONDS, BYTES, WALL = 2, 256 << 20, 60
ODD = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x10000000]


def mutate(data, chance):
    data = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        kind = chance.randrange(5)
        at = chance.randrange(len(data)) if data else 0
        if not data or kind == 0:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 16)))
        elif kind == 1:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del data[chance.randrange(len(data)):]
        elif kind == 3:
            order = chance.choice(["little", "big"])
            data[at:at + 4] = chance.choice(ODD).to_bytes(4, order)
        else:
            piece = data[at:at + chance.randint(1, 64)]
            data[at:at] = piece
    return bytes(data)


def siblings(path):
    return [other for other in path.parent.iterdir() if other.stem == path.stem and other.is_file()]


def run(plein, arguments, folder):
    """Exit status, what it said, processor time and the most memory."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    child = subprocess.Popen([plein, *arguments, "--lang", "en", "--threads", "1"], cwd=folder, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=limit)
    try:
        said = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
    finally:
        child.stderr.close()
        child.returncode = 0
    return os.waitstatus_to_exitcode(status), said.decode("utf-8", "replace"), used.ru_utime + used.ru_stime, used.ru_maxrss << 10


def faults(status, said, seconds, memory, name):
    errors = [line for line in said.splitlines() if line.startswith("plein: ")]
    if status not in (0, 1, 65, 66):
        yield f"exit status {status}"
    if status in (65, 66) and (not errors or pathlib.Path(name).stem not in said):
        yield "no sentence with the file in it"
    if seconds > SECONDS:
        yield f"{seconds:.1f} s"
    if memory > BYTES:
        yield f"{memory >> 20} MB"


def main():
    plein = os.path.abspath(f"{sys.argv[1]}/plein")
    folder = pathlib.Path(sys.argv[2])
    mutations = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    chance = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    plan = [(path, None) for path in files] + [(chance.choice(files), chance.getrandbits(64)) for _ in range(mutations)]
    ends, found, slowest, largest = collections.Counter(), 0, 0.0, 0
    for path, seed in plan:
        with tempfile.TemporaryDirectory() as work:
            for other in siblings(path):
                shutil.copyfile(other, f"{work}/{other.name}")
            if seed is not None:
                with open(f"{work}/{path.name}", "wb") as out:
                    out.write(mutate(path.read_bytes(), random.Random(seed)))
            main_file = path.with_suffix(".shp").name if path.with_suffix(".shp").exists() else path.name
            before = sorted(os.listdir(work))
            for option in ("--boundaries", "--incidents"):
                status, said, seconds, memory = run(plein, ["check", option, main_file], work)
                ends[status] += 1
                slowest, largest = max(slowest, seconds), max(largest, memory)
                wrong = list(faults(status, said, seconds, memory, main_file))
                if sorted(os.listdir(work)) != before:
                    wrong.append("something was written")
                for what in wrong:
                    found += 1
                    print(f"{path.relative_to(folder)} seed {seed} {option}: {what}: {said.splitlines()[:1]}")
    counts = ", ".join(f"{count} x {status}" for status, count in sorted(ends.items()))
    print(f"{len(files)} files, {mutations} mutations, {sum(ends.values())} runs: {counts}; at most {slowest:.2f} s "
          f"and {largest >> 20} MB; {found} faults")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
