"""What the tests of resilience share: a practice cloud of its own process, a place of its own for
what the application keeps, and a second look at the cloud that does not go through the application.
"""
import json
import os
import pathlib
import sqlite3
import sys
import tempfile
import time

from labwalk_ui import POLL_S, Labwalk

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "practice"))
os.environ["LW_PRACTICE_CLOUD"] = os.path.join(
    os.environ["LW_TEST_BUILD_ROOT"], "src", "practice", "labwalk-practice-cloud")

from practice_cloud import Cloud, Session  # noqa: E402

ML = "Microsoft.MachineLearningServices"
GROUP_PREFIX = "rg-dp100-l"


class Desk:
    """A person's place of work: what survives the application, and the cloud it works with."""

    def __init__(self, *arguments, language="en", pace="0"):
        self.language = language
        self.scratch = tempfile.TemporaryDirectory(prefix="labwalk-desk-")
        self.root = pathlib.Path(self.scratch.name)
        self.cloud = Cloud("--pace", pace, "--auto-approve", *arguments,
                           state=str(self.root / "cloud"))
        self.environment = {f"XDG_{kind.upper()}_HOME": str(self.root / kind)
                            for kind in ("data", "state", "config", "cache")}
        self.logs = 0
        self.ui = None
        self.observer = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind is not None and self.ui is not None:
            self.ui.log.seek(0)
            sys.stderr.write(self.ui.log.read().decode("utf-8", "replace"))
            picture = os.environ.get("LW_TEST_PICTURES")
            if picture and self.ui.process.poll() is None:
                self.ui.screenshot(os.path.join(picture, "failed.png"))
        if self.ui is not None and self.ui.process.poll() is None:
            self.ui.kill()
        if self.cloud.process.poll() is None:
            self.cloud.stop()
        self.scratch.cleanup()

    # ---- The application ----

    def start(self, *arguments, proxy=None, environment=None):
        """Starts the application with what it left behind the last time."""
        self.logs += 1
        self.ui = Labwalk(["--practice-proxy", proxy or self.cloud.ready["proxy"],
                           "--practice-ca", self.cloud.ready["ca"], *arguments],
                          self.language, {**self.environment, **(environment or {})},
                          str(self.root / f"labwalk-{self.logs}.log"))
        return self.ui

    def end(self):
        """Closes the application as a person does, and sees that it had no complaint."""
        self.ui.close()
        complaints = self.ui.complaints()
        assert not complaints, "\n".join(complaints)

    def row(self, title):
        prefix = self.ui.translate(title) + ": "
        return next((node for node in self.ui.walk() if node.get_role_name() == "list item"
                     and (node.get_name() or "").startswith(prefix)), None)

    def open_step(self, title):
        self.ui.choose(self.ui.until(lambda: self.row(title), title))

    def wait_for_step(self, title, state, timeout=60):
        translate = self.ui.translate
        self.ui.wait_for(f"{translate(title)}: {translate(state)}", "list item", timeout,
                         translate=False)

    def sign_in(self):
        self.ui.click("Get a Code")
        self.wait_for_step("Sign In", "Done")

    def begin_to_provision(self):
        self.open_step("Provision")
        self.ui.click("Create", "push button", 60)

    def provision(self):
        self.begin_to_provision()
        self.wait_for_step("Provision", "Done", 120)

    # ---- What it keeps ----

    def records(self):
        return sorted((self.root / "data" / "labwalk" / "attempts").glob("*.json"))

    def record(self):
        (path,) = self.records()
        return json.loads(path.read_text())

    # ---- The cloud, asked by somebody else ----

    def ask(self):
        """A client of the resource manager with a token of its own; made anew after a restart."""
        if self.observer is None or self.observer.cloud is not self.cloud:
            self.observer = Session(self.cloud)
        return self.observer

    def groups(self):
        value = self.ask().get(f"{self.ask().subscription}/resourcegroups").json["value"]
        return [group for group in value if group["name"].startswith(GROUP_PREFIX)]

    def resources(self):
        """What is in the lab's groups, as "type name", the workspace's computes among it."""
        found = []
        for group in self.groups():
            for item in self.ask().get(group["id"] + "/resources").json["value"]:
                found.append(f"{item['type']} {item['name']}")
                if item["type"] == ML + "/workspaces":
                    answer = self.ask().get(item["id"] + "/computes", version="2024-04-01")
                    found += [f"{compute['type']} {compute['name']}"
                              for compute in answer.json["value"]]
        return found

    def has(self, kind):
        """Whether something of that type, or the group itself, is there."""
        if kind == "group":
            return bool(self.groups())
        return any(item.split()[0].lower() == kind.lower() for item in self.resources())

    def wait_until(self, condition, what, timeout=60):
        deadline = time.monotonic() + timeout
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {timeout} s; on the screen:\n"
                                     + "\n".join(self.ui.texts()))
            time.sleep(POLL_S)
        return value

    def query(self, statement, *values):
        """Asks, or changes, the state of the practice cloud behind its back."""
        with sqlite3.connect(os.path.join(self.cloud.state, "state.sqlite"), timeout=10) as state:
            return state.execute(statement, values).fetchall()
