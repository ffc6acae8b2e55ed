"""Drives a running Labwalk as a person with a screen reader would: through AT-SPI.

Names are given in English and looked up in the catalogue of the language under test, so that one
walk serves every language. Nothing here sleeps for a guessed time: every wait has a condition.
"""
import gettext
import os
import re
import signal
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

POLL_S = 0.05


def is_rounding(line):
    """GTK 4.8 rounds a text's height up by a pixel or two, by its font, where it is measured for a
    very wide window, and then reports itself. Any other difference is a complaint."""
    match = re.search(r"reports a minimum height of (\d+), but minimum height for width of "
                      r"1048576 is (\d+)", line)
    return match is not None and int(match[2]) - int(match[1]) in (1, 2)


class NotThere(AssertionError):
    """What was waited for did not come; the message holds the tree as it was."""


class Labwalk:
    """One running application."""

    def __init__(self, arguments, language="en", environment=None, log=None):
        build = os.environ["LW_TEST_BUILD_ROOT"]
        locale = {"en": "en_US.UTF-8", "ko": "ko_KR.UTF-8"}[language]
        catalogue = gettext.translation("labwalk", os.path.join(build, "po"), [language],
                                        fallback=language == "en")
        self.translate = catalogue.gettext
        self.log = open(log, "w+b") if log else subprocess.DEVNULL
        env = dict(os.environ, LC_ALL=locale, LANGUAGE=language, GTK_A11Y="atspi",
                   **(environment or {}))
        self.process = subprocess.Popen(
            [os.path.join(build, "src", "app", "labwalk"), *arguments], env=env,
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        Atspi.init()
        Atspi.set_timeout(5000, 15000)

    def spoken(self, name):
        """@name in the language under test, without the mark of its mnemonic."""
        return re.sub(r"\(_[A-Z]\)|_", "", self.translate(name))

    # ---- Looking ----

    def application(self):
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            try:
                if child is not None and child.get_process_id() == self.process.pid:
                    return child
            except GLib.Error:
                continue
        return None

    def walk(self, node=None, showing=True):
        """Every object of the tree, parents first; only what can be seen unless told."""
        try:
            if node is None:
                node = self.application()
                if node is None:
                    return
            if node.get_role() != Atspi.Role.APPLICATION and showing:
                if not node.get_state_set().contains(Atspi.StateType.VISIBLE):
                    return
            yield node
            if node.get_role() == Atspi.Role.APPLICATION:
                # GTK 4.8 ends the program when it is asked for a window that has just been closed,
                # so how many there are is never taken from the cache.
                node.clear_cache()
            for index in range(node.get_child_count()):
                child = node.get_child_at_index(index)
                if child is not None:
                    yield from self.walk(child, showing)
        except GLib.Error:
            return

    def tree(self, showing=True):
        lines = []
        for node in self.walk(showing=showing):
            depth, parent = 0, node
            while depth < 40:
                parent = parent.get_parent()
                if parent is None:
                    break
                depth += 1
            text = node.get_name() or ""
            lines.append("  " * depth + f"{node.get_role_name()} {text!r}")
        return "\n".join(lines)

    def texts(self):
        """All text on the screen: names of what is shown, and the contents of text views."""
        found = []
        for node in self.walk():
            name = node.get_name()
            if name:
                found.append(name)
            try:
                text = node.get_text_iface()
                if text is not None:
                    content = Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))
                    if content and content != name:
                        found.append(content)
            except GLib.Error:
                continue
        return found

    @staticmethod
    def is_unseen(node):
        """Whether it never had a place on the screen: GTK 4.8 also tells of stack pages behind."""
        component = node.get_component_iface()
        if component is None:
            return False
        extents = Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW)
        return extents.width == 0 and extents.height == 0

    def find(self, name, role=None, sensitive=False, translate=True):
        wanted = self.spoken(name) if translate else name
        for node in self.walk():
            try:
                # The buttons of libadwaita 1.2 dialogs are read twice over.
                if node.get_name() not in (wanted, f"{wanted} {wanted}"):
                    continue
                if role is not None and node.get_role_name() not in role.split("|"):
                    continue
                if sensitive and not node.get_state_set().contains(Atspi.StateType.SENSITIVE):
                    continue
                if sensitive and self.is_unseen(node):
                    continue
                return node
            except GLib.Error:
                continue
        return None

    # ---- Waiting ----

    def until(self, condition, what, timeout=30):
        deadline = time.monotonic() + timeout
        while True:
            value = condition()
            if value:
                return value
            if self.process.poll() is not None:
                raise NotThere(f"{what}: the application ended with {self.process.returncode}")
            if time.monotonic() > deadline:
                raise NotThere(f"{what}: not within {timeout} s; on the screen:\n{self.tree()}")
            time.sleep(POLL_S)

    def wait_for(self, name, role=None, timeout=30, sensitive=False, translate=True):
        return self.until(lambda: self.find(name, role, sensitive, translate), f"{name!r}", timeout)

    def wait_for_text(self, part, timeout=30, translate=True):
        wanted = self.translate(part) if translate else part
        return self.until(lambda: next((t for t in self.texts() if wanted in t), None),
                          f"text {wanted!r}", timeout)

    # ---- Acting ----

    def click(self, name, role=None, timeout=30, translate=True):
        node = self.wait_for(name, role, timeout, sensitive=True, translate=translate)
        self.activate(node)
        return node

    @staticmethod
    def activate(node):
        for index in range(node.get_n_actions()):
            if node.get_action_name(index) in ("click", "activate", "press"):
                assert node.do_action(index), f"{node.get_name()!r} refused its action"
                return
        raise NotThere(f"{node.get_name()!r} ({node.get_role_name()}) has no action")

    @staticmethod
    def choose(row):
        """Chooses a row of a list, as Enter does."""
        for index in range(row.get_n_actions()):
            if row.get_action_name(index) == "activate":
                assert row.do_action(index), f"{row.get_name()!r} refused its action"
                return
        parent = row.get_parent()
        selection = parent.get_selection_iface()
        assert selection is not None, f"{row.get_name()!r} cannot be chosen"
        assert Atspi.Selection.select_child(selection, row.get_index_in_parent())

    @staticmethod
    def set_text(node, text):
        editable = node.get_editable_text_iface()
        assert editable is not None, f"{node.get_name()!r} cannot be edited"
        assert Atspi.EditableText.set_text_contents(editable, text)

    def enter(self, name, text, timeout=30):
        self.set_text(self.wait_for(name, "text|entry|password text", timeout, sensitive=True), text)

    def screenshot(self, path):
        subprocess.run(["import", "-window", "root", path], check=True)

    # ---- Ending ----

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self, timeout=20):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise NotThere("the application did not end when it was asked to")

    def complaints(self):
        """Warnings and criticals that it wrote."""
        self.log.seek(0)
        lines = self.log.read().decode("utf-8", "replace").splitlines()
        return [line for line in lines if ("WARNING" in line or "CRITICAL" in line)
                and not is_rounding(line)]
