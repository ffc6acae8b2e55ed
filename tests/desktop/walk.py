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
        home = os.path.join(self.scratch.name, "home")
        os.mkdir(home)
        self.ui = Labwalk(["--practice"], language, {"HOME": home},
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

    def script(self):
        ui = self.ui
        self.open_step("Script")
        ui.click("Read the Notebook", "push button", 90)
        self.picture("3-script-notebook")
        ui.click("Convert to Script", "push button")
        ui.wait_for_text("#!/usr/bin/env python", translate=False)
        self.picture("3-script")
        ui.click("Run Without Arguments", "push button", 60)
        ui.wait_for_text("This failure was expected", 60)
        ui.click("Break It on Purpose", "push button")
        ui.click("Run", "push button", 60)
        ui.wait_for_text("Mend the script, then run it again.", 60)
        ui.click("Mend It", "push button")
        ui.click("Run", "push button", 60)
        ui.wait_for("0.8534", "label", 60, translate=False)
        self.step_state("Script", "Done")
        self.picture("3-script-test")

    def job(self):
        self.open_step("Job")
        self.ui.wait_for("Submit", "push button", 60, sensitive=True)
        self.picture("4-job-form")
        self.ui.click("Submit", "push button")
        self.ui.wait_for("Go On to the Results", "push button", 120, sensitive=True)
        self.step_state("Job", "Done")
        self.picture("4-job")

    def results(self):
        """Until the log of the job is read to its end, and its AUC stands beside the test's."""
        ui = self.ui
        ui.click("Go On to the Results", "push button")
        ui.wait_for("Go On to Clean Up", "push button", 180, sensitive=True)
        self.step_state("Results", "Done")
        shown = [text for text in ui.texts() if "0.8534" in text]
        assert len(shown) >= 2, shown
        self.picture("5-results")
        ui.click("Log", "page tab")
        ui.wait_for_text("Reading data...", translate=False)
        self.picture("5-results-log")

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
        self.script()
        self.job()
        self.results()
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
