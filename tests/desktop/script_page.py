#!/usr/bin/env python3
"""Goes through step 3 in the window: files, notebook, conversion, editor, test of the script.

usage: script_page.py LANGUAGE
"""
import os
import pathlib
import re
import sys
import tempfile

from labwalk_ui import Atspi, Labwalk

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "data/labs/dp100-08/src"
PICTURES = os.environ.get("LW_TEST_PICTURES")
FLAT = "train-classification-model.py"
SCRIPT = "train-model-parameters.py"
NOTEBOOK = "Train classification model.ipynb"
BREAK_LINE = "import pandas as pd\n"

# Prints until it is stopped, with an escape sequence, a lone carriage return and broken UTF-8.
ENDLESS = r'''
import argparse, os, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--training_data", type=str)
parser.add_argument("--size", choices=["small", "large"], default="small")
parser.add_argument("--loud", action="store_true")
print("process", os.getpid())
sys.stdout.flush()
sys.stdout.buffer.write(b"\x1b]0;title\x07\x1b[31mred\x1b[0m \xff end\n")
for i in range(100000):
    print("tick", i, flush=True)
    time.sleep(0.05)
'''


class ScriptPage:
    """One application in a home of its own, at step 3."""

    last = None

    def __init__(self, language, home, *arguments):
        self.home = pathlib.Path(home)
        self.folder = self.home / "Labwalk/dp100-08/src"
        self.home.mkdir(exist_ok=True)
        environment = {"HOME": str(home)}
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            environment[f"XDG_{name}_HOME"] = str(self.home / name.lower())
        self.ui = Labwalk(["--practice", *arguments], language, environment,
                          log=str(self.home / "labwalk.log"))
        ScriptPage.last = self
        self.open()

    def open(self):
        ui = self.ui
        prefix = ui.translate("Script") + ": "
        row = ui.until(
            lambda: next((node for node in ui.walk() if node.get_role_name() == "list item"
                          and (node.get_name() or "").startswith(prefix)), None), "the step", 60)
        ui.choose(row)
        ui.wait_for_text("Python 3", timeout=90, translate=False)

    def tab(self, title):
        self.ui.click(title, "page tab")

    def read(self, name):
        return (self.folder / name).read_text()

    def wait_for_file(self, name, text):
        self.ui.until(lambda: (self.folder / name).exists() and self.read(name) == text,
                      f"{name} as expected")

    def wait_for_outcome(self, title):
        self.ui.wait_for_text(title, 60)

    def argue(self, name, value):
        """Types @value for the argument @name."""
        row = self.ui.wait_for(name, "text", sensitive=True, translate=False)
        self.ui.set_text(row, value)

    def editor(self):
        return self.ui.wait_for("Text of the script", "text", sensitive=True)

    def wait_for_command(self, *parts):
        """The command line as it is shown."""
        self.ui.until(lambda: any(f"{SCRIPT} " in text + " " and all(p in text for p in parts)
                                  for text in self.ui.texts()), f"a command with {parts}")

    def end(self):
        self.ui.close()
        complaints = self.ui.complaints()
        assert not complaints, "\n".join(complaints)


def lesson(language, home):
    """What the lab teaches, by the suggested action alone."""
    page = ScriptPage(language, home)
    ui = page.ui
    original = (SOURCE / SCRIPT).read_text()
    for name in (NOTEBOOK, SCRIPT, "diabetes.csv"):
        assert (page.folder / name).read_bytes() == (SOURCE / name).read_bytes(), name
    assert not (page.folder / FLAT).exists()

    ui.click("Read the Notebook", "push button")
    ui.wait_for("Train a classification model", "label", translate=False)
    ui.wait_for("In [1]", "label", translate=False)
    ui.click("Convert to Script", "push button")
    page.wait_for_file(FLAT, (SOURCE / FLAT).read_text())
    ui.wait_for_text("#!/usr/bin/env python", translate=False)

    ui.click("Run Without Arguments", "push button", 60)
    page.wait_for_outcome("This failure was expected")
    ui.wait_for_text("Reading data...", translate=False)
    ui.wait_for_text("ValueError: Invalid file path", translate=False)

    ui.click("Break It on Purpose", "push button")
    page.wait_for_file(SCRIPT, original.replace(BREAK_LINE, "", 1))
    ui.click("Run", "push button")
    page.wait_for_outcome("Mend the script, then run it again.")
    ui.click("Mend It", "push button")
    page.wait_for_file(SCRIPT, original)

    ui.click("Run", "push button")
    page.wait_for_outcome("The script ran to its end")
    ui.wait_for("0.7950", "label", translate=False)
    ui.wait_for("0.8534", "label", translate=False)
    ui.wait_for("Go On to the Job", "push button")
    ui.wait_for(f"{ui.translate('Script')}: {ui.translate('Done')}", "list item", translate=False)
    return page


def form(page):
    """An argument that is typed is in the command and in the run."""
    page.tab("Test")
    page.argue("--reg_rate", "1000")
    page.wait_for_command("--training_data diabetes.csv", "--reg_rate 1000")
    page.ui.click("Run", "push button")
    page.ui.until(lambda: not page.ui.find("0.8534", "label", translate=False), "another AUC", 60)
    page.wait_for_outcome("The script ran to its end")
    page.argue("--reg_rate", "much")
    page.wait_for_command("--reg_rate much")
    page.ui.click("Run", "push button")
    page.wait_for_outcome("The script refused its arguments")
    page.argue("--reg_rate", "0.01")


def editing(page):
    """Saving, undoing, and another program that writes the same file."""
    ui, path = page.ui, page.folder / SCRIPT
    original = page.read(SCRIPT)
    page.tab("Script")
    path.write_text(original + "# from elsewhere\n")
    ui.wait_for_text("# from elsewhere", translate=False)

    ui.set_text(page.editor(), "# mine\n")
    path.write_text("# theirs\n")
    ui.wait_for_text("Another program changed this file while it was edited here.")
    ui.click("Save Mine", "push button")
    page.wait_for_file(SCRIPT, "# mine\n")

    ui.set_text(page.editor(), "# mine again\n")
    path.write_text("# theirs again\n")
    ui.wait_for_text("Another program changed this file while it was edited here.")
    ui.click("Take the File", "push button")
    ui.wait_for_text("# theirs again", translate=False)
    assert page.read(SCRIPT) == "# theirs again\n"
    ui.click("Undo", "push button")
    ui.wait_for_text("# mine again", translate=False)
    ui.click("Save", "push button")
    page.wait_for_file(SCRIPT, "# mine again\n")


def second_start(language, home):
    """What was changed is left alone until the person says otherwise, file by file."""
    page = ScriptPage(language, home)
    ui = page.ui
    ui.wait_for_text("Changed since; left as it is")
    assert page.read(SCRIPT) == "# mine again\n"
    ui.click("Replace…", "push button")
    ui.click("Cancel", "push button")
    assert page.read(SCRIPT) == "# mine again\n"
    ui.click("Replace…", "push button")
    ui.click("Replace", "push button")
    page.wait_for_file(SCRIPT, (SOURCE / SCRIPT).read_text())

    # A converted script that was edited is not overwritten unasked either.
    (page.folder / FLAT).write_text("# edited\n")
    page.tab("Notebook")
    ui.click("Convert to Script", "push button")
    ui.click("Cancel", "push button")
    assert page.read(FLAT) == "# edited\n"
    page.tab("Notebook")
    ui.click("Convert to Script", "push button")
    ui.click("Replace", "push button")
    page.wait_for_file(FLAT, (SOURCE / FLAT).read_text())
    page.end()


def other_lab(language, home, lab_folder):
    """Another copy of the lab: a broken notebook, a script without end, a missing package."""
    lab_folder.mkdir()
    (lab_folder / NOTEBOOK).write_text('{"cells": 3, "nbformat": 4}')
    (lab_folder / "diabetes.csv").write_text("a,b\r\n1,2\r\n")
    (lab_folder / SCRIPT).write_text(ENDLESS)
    page = ScriptPage(language, home, "--lab-folder", str(lab_folder))
    ui = page.ui
    ui.wait_for_text("Copied, with line ends corrected")
    assert (page.folder / "diabetes.csv").read_bytes() == b"a,b\n1,2\n"
    page.tab("Notebook")
    ui.wait_for("No Notebook to Show", "label")
    page.tab("Test")
    page.wait_for_command("--training_data diabetes.csv")
    ui.click("Run", "push button")
    ui.wait_for_text("tick 3", 60, translate=False)
    output = ui.wait_for_text("process ", translate=False)
    process = re.search(r"process (\d+)", output)[1]
    assert os.path.exists(f"/proc/{process}")
    assert "\x1b" not in output and "red \ufffd end" in output, output[:200]
    ui.click("Cancel", "push button")
    page.wait_for_outcome("The script and everything it started were ended.")
    ui.until(lambda: not os.path.exists(f"/proc/{process}"), "the end of the script")

    (page.folder / SCRIPT).write_text("import not_there_at_all\n")
    page.tab("Script")
    ui.wait_for_text("import not_there_at_all", translate=False)
    page.tab("Test")
    ui.click("Run", "push button")
    page.wait_for_outcome("A package is missing")
    ui.click(ui.translate("Show Line %u").replace("%u", "1"), "push button", translate=False)
    ui.until(lambda: page.editor().get_state_set().contains(Atspi.StateType.FOCUSED),
             "the editor in front")
    page.end()


def run(language, scratch):
    home = os.path.join(scratch, "home")
    page = lesson(language, home)
    form(page)
    editing(page)
    page.end()
    second_start(language, home)
    other_lab(language, os.path.join(scratch, "other"), pathlib.Path(scratch) / "lab")


def main():
    language = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="labwalk-script-") as scratch:
        try:
            run(language, scratch)
        except BaseException:
            ui = ScriptPage.last.ui
            if PICTURES:
                ui.screenshot(os.path.join(PICTURES, f"{language}-script-failed.png"))
            ui.log.seek(0)
            sys.stderr.write(ui.log.read().decode("utf-8", "replace"))
            if ui.process.poll() is None:
                ui.kill()
            raise


main()
