# SPDX-License-Identifier: GPL-3.0-or-later
"""The unmodified Python SDK against the practice cloud. Skipped where it is not installed."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from practice_cloud import Cloud
from practice_lab import Lab

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77
SCRIPT = """
import os, sys
print("rate", sys.argv[sys.argv.index("--rate") + 1])
os.makedirs("outputs", exist_ok=True)
with open("outputs/result.txt", "w") as file:
    file.write("done")
"""


def environment():
    return {**os.environ, "PYTHONPATH": os.path.join(HERE, "stand-in"), "NO_PROXY": ""}


def find_python():
    """A Python that has the SDK; several may be installed."""
    for program in (sys.executable, shutil.which("python3"), "/usr/bin/python3"):
        probe = [program, "-c", "import azure.ai.ml, azure.identity"]
        if subprocess.run(probe, env=environment(), capture_output=True).returncode == 0:
            return program
    return None


class Sdk(unittest.TestCase):
    def test_lab(self):
        cloud = Cloud("--pace", "0", "--auto-approve")
        folder = tempfile.mkdtemp(prefix="labwalk-sdk-")
        try:
            lab = Lab(cloud, "sdk")
            lab.make_workspace()
            lab.make_cluster()
            os.mkdir(os.path.join(folder, "src"))
            with open(os.path.join(folder, "src", "train.py"), "w") as file:
                file.write(SCRIPT)
            # The SDK keeps tokens and telemetry in the home directory.
            settings = {"HTTPS_PROXY": f"http://127.0.0.1:{cloud.port}", "HOME": folder,
                        "REQUESTS_CA_BUNDLE": cloud.ready["ca"]}
            ran = subprocess.run(
                [PYTHON, os.path.join(HERE, "azure_ai_ml_lab.py"),
                 lab.subscription.rsplit("/", 1)[1], lab.group.rsplit("/", 1)[1],
                 lab.workspace.rsplit("/", 1)[1]],
                env={**environment(), **settings}, cwd=folder, capture_output=True, text=True,
                timeout=280)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            self.assertTrue(ran.stdout.endswith("all done\n"))
        finally:
            shutil.rmtree(folder)
            cloud.stop()


PYTHON = find_python()
if __name__ == "__main__":
    if PYTHON is None:
        print("no Python here has azure-ai-ml")
        sys.exit(SKIPPED)
    unittest.main()
