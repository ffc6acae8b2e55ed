#!/usr/bin/env python3
"""Looks for every secret that the cloud gave out in a walk: in all files that were written, in the
arguments and environments of the processes, in what they printed and in what the window says.

The practice cloud keeps of each token a SHA-256 only. So all words of all files are hashed and
compared with what was given out, and no token has to be known. Its own file "signing.key" (mode 0600 in a
folder of mode 0700) is what it derives its keys from; it leaves no other program.

usage: given_out.py LANGUAGE
"""
import base64
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

from desk import ML, Desk

WORDS = re.compile(rb"[A-Za-z0-9_.-]{9,}")
PARTS = re.compile(rb"[A-Za-z0-9_-]{9,}")
# How a token of any service begins, and how a signature of a link looks that is not masked.
SHAPES = (re.compile(rb"eyJ0eXAi[A-Za-z0-9_-]{8,}"), re.compile(rb"[?&]sig=[A-Za-z0-9%+/]{20,}"))
KEEP = ("CREATE TABLE given_out (hash TEXT PRIMARY KEY)",
        "INSERT INTO given_out SELECT hash FROM tokens",
        "CREATE TRIGGER keep_given_out AFTER INSERT ON tokens BEGIN"
        " INSERT OR IGNORE INTO given_out VALUES (new.hash); END")


class Search:
    """What was given out, and where it was found."""

    def __init__(self, desk):
        self.hashes = {row[0] for row in desk.query("SELECT hash FROM given_out")}
        self.literals = set()
        self.found = []
        self.looked_at = 0

    def is_given_out(self, word):
        return hashlib.sha256(word).hexdigest() in self.hashes

    def look(self, where, data):
        self.looked_at += 1
        words = set(WORDS.findall(data)) | set(PARTS.findall(data))
        hits = [word for word in words if self.is_given_out(word)]
        hits += [shape.pattern for shape in SHAPES if shape.search(data)]
        hits += [literal for literal in self.literals if literal in data]
        # Never the secret itself: what a test prints is kept, too.
        self.found += [f"{where}: {len(hit)} characters" for hit in hits]


def descendants(pid):
    try:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield int(child)
        yield from descendants(int(child))


def look_at_processes(search, desk):
    own = {desk.ui.process.pid, desk.cloud.process.pid}
    for pid in own | {child for parent in own for child in descendants(parent)}:
        for name in ("cmdline", "environ"):
            try:
                data = pathlib.Path(f"/proc/{pid}/{name}").read_bytes()
            except OSError:
                assert pid not in own
                continue
            search.look(f"{name} of {pid}", data)


def look_at_files(search, folder, but=None):
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file() and not path.is_symlink() and not (but and path.is_relative_to(but)):
            search.look(str(path), path.read_bytes())


def look_at_window(search, desk):
    search.look("the window", "\n".join(desk.ui.texts()).encode())


def read_refresh_token():
    """The one that the application keeps in the keyring."""
    answer = subprocess.run(["secret-tool", "lookup", "application", "io.github.labwalk.Labwalk",
                             "cloud", "practice"], stdout=subprocess.PIPE, check=True)
    assert len(answer.stdout) > 20, "the keyring has no refresh token"
    return answer.stdout.strip()


def read_account_key(desk):
    """The key of the lab's storage account, as a client of the resource manager gets it."""
    (group,) = desk.groups()
    (account,) = [item for item in desk.ask().get(group["id"] + "/resources").json["value"]
                  if item["type"] == "Microsoft.Storage/storageAccounts"]
    answer = desk.ask().send("POST", account["id"] + "/listKeys", version="2023-05-01")
    return answer.json["keys"][0]["value"].encode()


def assert_search_finds(desk, refresh):
    """A search that finds nothing would prove nothing."""
    search = Search(desk)
    search.literals = {b"key=="}
    token = desk.ask().tokens["access_token"].encode()
    head = base64.urlsafe_b64encode(json.dumps({"typ": "JWT"}, separators=(",", ":")).encode())
    for data in (b'{"refresh": "%s"}' % refresh, b"Authorization: Bearer %s\r\n" % token,
                 b"a=1&token=%s&b=2" % refresh, b"x key== y", b"https://a/b?sig=" + b"A" * 40,
                 head.rstrip(b"=") + b"0" * 10):
        before = len(search.found)
        search.look("itself", data)
        assert len(search.found) > before


def main():
    home = pathlib.Path.home()
    with Desk(language=sys.argv[1]) as desk:
        for statement in KEEP:
            desk.query(statement)
        desk.start()
        desk.sign_in()
        desk.provision()
        refresh = read_refresh_token()
        assert_search_finds(desk, refresh)
        search = Search(desk)
        # Access and refresh tokens, codes of the device sign-in; of the application and of the test.
        assert len(search.hashes) >= 6
        assert search.is_given_out(refresh)
        search.literals = {read_account_key(desk)}
        assert desk.has(ML + "/workspaces")
        look_at_window(search, desk)
        look_at_processes(search, desk)
        desk.end()
        look_at_files(search, desk.root, but=desk.root / "cloud" / "signing.key")
        # The keyring's own file is encrypted, so it is looked at as well.
        look_at_files(search, home)
        look_at_files(search, os.environ["XDG_RUNTIME_DIR"])
    assert search.looked_at > 10
    assert not search.found, "\n".join(search.found)
    print(f"{len(search.hashes)} secrets were given out, {search.looked_at} places looked at")


main()
