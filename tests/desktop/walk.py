#!/usr/bin/env python3
"""Walks the whole lab through the window, as a person with a screen reader would.

usage: walk.py LANGUAGE
"""
import os
import sys
import tempfile

import person
from labwalk_ui import Labwalk

PICTURES = os.environ.get("LW_TEST_PICTURES")


class Walk:
    def __init__(self, language):
        self.language = language
        self.scratch = tempfile.TemporaryDirectory(prefix="labwalk-walk-")
        self.ui = Labwalk(["--practice"], language,
                          log=os.path.join(self.scratch.name, "labwalk.log"))
        self.count = 0

    def picture(self, name):
        if PICTURES:
            self.ui.screenshot(os.path.join(PICTURES, f"{self.language}-{name}.png"))

    def step_state(self, title, state, timeout=60):
        """Waits until the list of steps says that step @title is in @state."""
        translate = self.ui.translate
        wanted = f"{translate(title)}: {translate(state)}"
        self.ui.wait_for(wanted, "list item", timeout, translate=False)

    def open_step(self, title):
        translate = self.ui.translate
        prefix = translate(title) + ": "
        row = self.ui.until(
            lambda: next((node for node in self.ui.walk() if node.get_role_name() == "list item"
                          and (node.get_name() or "").startswith(prefix)), None), title)
        self.ui.choose(row)

    def sign_in(self):
        self.ui.click("Get a Code")
        address = self.ui.wait_for_text("/devicelogin", translate=False)
        code = self.ui.until(lambda: next(
            (text for text in self.ui.texts() if len(text) == 9 and text.isascii()
             and text.isalnum() and text.isupper()), None), "the code")
        self.picture("1-sign-in-code")
        person.use_code(address, code)
        self.step_state("Sign In", "Done")
        self.picture("1-sign-in")

    def provision(self):
        self.open_step("Provision")
        self.ui.wait_for("Create", "push button", 60, sensitive=True)
        self.picture("2-provision-plan")
        self.ui.click("Create", "push button", 60)
        self.picture("2-provision-making")
        self.step_state("Provision", "Done", 180)
        self.picture("2-provision")

    def clean_up(self):
        self.open_step("Clean Up")
        self.ui.click("Delete This Lab…", "push button", 60)
        entry = self.ui.wait_for("Name of the resource group", "text|entry")
        self.picture("6-clean-up-question")
        group = self.ui.until(lambda: next(
            (text for text in self.ui.texts() if text.startswith("rg-dp100-l")), None), "the group")
        self.ui.set_text(entry, group)
        self.ui.click("Delete", "push button")
        self.ui.wait_for_text("Gone: Azure answers 404, not found", 180)
        self.step_state("Clean Up", "Done")
        self.picture("6-clean-up")

    def run(self):
        self.sign_in()
        self.provision()
        self.clean_up()
        self.ui.close()
        complaints = self.ui.complaints()
        assert not complaints, "\n".join(complaints)


def main():
    walk = Walk(sys.argv[1])
    try:
        walk.run()
    except BaseException:
        walk.picture("failed")
        walk.ui.log.seek(0)
        sys.stderr.write(walk.ui.log.read().decode("utf-8", "replace"))
        if walk.ui.process.poll() is None:
            walk.ui.kill()
        raise


main()
