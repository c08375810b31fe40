"""What a power cut leaves on a disk: replays a log of calls and drops what was not synced.

The model is harsher than any file system: of the writes to a file since its last fsync any part may
be missing, also in the middle, and of the new, removed and renamed names in a folder since its last
fsync any may be missing, in any mixture. One rename is there or is not.
"""
import os


class Disk:
    """Inodes with their bytes, and names; and for both, what is not yet on the disk."""

    def __init__(self, folder, files):
        """files: {path: (inode, bytes)}, all of them on the disk."""
        self.root = (folder, os.stat(folder).st_ino)
        self.bytes = {inode: bytearray(content) for inode, content in files.values()}
        self.names = {path: inode for path, (inode, _) in files.items()}
        self.written = {}  # inode: [(offset, bytes)], None instead of bytes: made empty
        self.named = []  # [(folders that a sync has to be of, {path: inode, or None: gone})]
        self.now = dict(self.names)  # as the running program sees it
        self.folders = set()

    def name(self, changes, *paths):
        self.now.update(changes)
        self.named.append(({os.path.dirname(path) for path in paths}, changes))

    def take(self, entry, syncs=True):
        """The next call; without syncs as if none were made."""
        what, inode, offset, path, content = entry
        before, _, after = path.partition("\t")
        if what in ("open", "create", "mkdir") and self.now.get(path) is None:
            self.name({path: inode}, path)
            self.bytes[inode], self.written[inode] = bytearray(), []
            self.folders = self.folders | {inode} if what == "mkdir" else self.folders - {inode}
        elif what == "create":
            self.written.setdefault(inode, []).append((0, None))
        elif what == "write":
            self.written.setdefault(inode, []).append((offset, content))
        elif what == "rename":
            inside = [old for old in self.now if old == before or old.startswith(before + "/")]
            moved = {after + old[len(before):]: self.now[old] for old in inside}
            self.name(dict.fromkeys(inside) | moved, before, after)
        elif what == "link":
            self.name({after: self.now[before]}, after)
        elif what == "unlink":
            self.name({path: None}, path)
        elif what == "sync" and syncs:
            self.sync(inode)

    def sync(self, inode):
        for offset, part in self.written.pop(inode, []):
            put(self.bytes[inode], offset, part)
        synced = {path for path, number in [*self.now.items(), self.root] if number == inode}
        for folders, changes in self.named:
            if folders & synced:
                self.names.update(changes)
        self.named = [(folders, changes) for folders, changes in self.named if not folders & synced]

    def cut(self, random):
        """{path: bytes} after a power cut now; of a folder, None."""
        names = dict(self.names)
        for _, changes in self.named:
            if random.random() < 0.5:
                names.update(changes)
        left = {}
        for path, inode in names.items():
            if inode is None:
                continue
            content = bytearray(self.bytes.get(inode, b""))
            for offset, part in self.written.get(inode, []):
                if random.random() < 0.5:
                    put(content, offset, part)
            left[path] = None if inode in self.folders else bytes(content)
        return left


def put(content, offset, part):
    if part is None:
        content.clear()
        return
    content.extend(bytes(max(0, offset + len(part) - len(content))))
    content[offset:offset + len(part)] = part


def read_log(path, folder):
    """The calls that change files under the folder, in their order, as (what, inode, offset, path, bytes)."""
    entries, inodes = [], {os.stat(folder).st_ino}
    with open(path, "rb") as log:
        for line in log:
            what, inode, offset, name = line.decode().rstrip("\n").split(" ", 3)
            content = None
            if what == "write":
                content = log.read(int(log.readline().split()[2]))
            if name.startswith(folder):
                inodes.add(int(inode))
            if name.startswith(folder) or int(inode) in inodes:
                entries.append((what, int(inode), int(offset), name, content))
    return entries
