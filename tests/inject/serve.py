"""A run that faults are forked from, one after another, as serve.c does it, each in a folder of its own."""
import os
import pathlib
import select
import shutil
import signal
import subprocess

CANNOT_BE_SERVED = 98


def copy(folder, to):
    """With the permissions, and with two names of one file as two names of one file."""
    first = {}

    def one(path, to):
        facts = path.lstat()
        if path.is_dir() and not path.is_symlink():
            to.mkdir(mode=facts.st_mode & 0o777)
            for inside in path.iterdir():
                one(inside, to / inside.name)
        elif facts.st_ino in first:
            os.link(first[facts.st_ino], to)
        else:
            shutil.copy2(path, to, follow_symlinks=False)
            first[facts.st_ino] = to

    one(folder, to)


class Service:
    """Over its folder, in which the run that serves writes as any other."""

    def __init__(self, folder, kind, first):
        self.folder, self.aside = folder, pathlib.Path(f"{folder}.aside")
        self.seconds = 300
        self.listen, ask = os.pipe()
        answer, self.speak = os.pipe()
        self.theirs = (ask, answer)
        self.environment = {"PLEIN_INJECT_SERVE": f"{kind}:{first}:{ask}:{answer}:{folder}"}
        self.heard = b""

    def begin(self, process):
        self.process = process
        for descriptor in self.theirs:
            os.close(descriptor)

    def line(self):
        """What the run says next, as (word, number); None at its end, or when it takes too long."""
        while b"\n" not in self.heard:
            if not select.select([self.listen], [], [], self.seconds)[0]:
                return None
            more = os.read(self.listen, 4096)
            if not more:
                return None
            self.heard += more
        line, self.heard = self.heard.split(b"\n", 1)
        word, number = line.decode().split()
        return word, int(number)

    def say(self, line):
        os.write(self.speak, f"{line}\n".encode())

    def fork(self, fault, judge):
        """One fault, at the point that the run is at; judge sees how it ended in the folder. None: cannot be had so."""
        os.rename(self.folder, self.aside)
        copy(self.aside, self.folder)
        said = pathlib.Path(f"{self.folder}.said")
        said.unlink(missing_ok=True)
        self.say(f"run {fault}")
        _, child = self.line()
        ended, late = self.line(), ""
        if ended is None:
            os.kill(child, signal.SIGKILL)
            ended, late = self.line(), "(no end)"
        status = os.waitstatus_to_exitcode(ended[1])
        found = None
        if status != CANNOT_BE_SERVED:
            self.rename_left(child)
            words = (said.read_text(errors="replace") if said.exists() else "") + late
            found = judge(self.folder, fault, subprocess.CompletedProcess([], status, stderr=words))
        shutil.rmtree(self.folder)
        os.rename(self.aside, self.folder)
        return found

    def rename_left(self, child):
        """The child went by the run's number, which lives on; the next run must see that its writer is gone."""
        for path in self.folder.iterdir():
            if path.name.startswith(f".plein-{self.process.pid}-"):
                path.rename(path.with_name(path.name.replace(str(self.process.pid), str(child), 1)))

    def end(self):
        os.close(self.speak)
        try:
            self.process.communicate(timeout=self.seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        os.close(self.listen)
        pathlib.Path(f"{self.folder}.said").unlink(missing_ok=True)


def serve(service, wanted, judge):
    """wanted: {number: [fault]}; yields (fault, what the judge found, or None: make it from the start)."""
    numbers = sorted(wanted)
    while (line := service.line()) is not None:
        word, number = line
        while numbers and numbers[0] < number:
            yield from ((fault, None) for fault in wanted[numbers.pop(0)])
        if numbers and numbers[0] == number:
            for fault in wanted[numbers.pop(0)]:
                yield fault, service.fork(fault, judge) if word == "alone" else None
        service.say(f"next {numbers[0] if numbers else 1 << 40}")
        if not numbers:
            break
    for number in numbers:
        yield from ((fault, None) for fault in wanted[number])
