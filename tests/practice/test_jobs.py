# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that really run: log, outputs, failure, cancel, limits, restart of the practice cloud."""

import json
import os
import time
import unittest

from practice_cloud import Cloud, CloudTest
from practice_lab import ENDED, Lab, wait_until

# Prints a line, then waits for a file that the test makes, so that nothing depends on speed.
PATIENT = b"""
import os, sys, time
print("first", flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
print("last")
"""


def is_alive(pid):
    """Whether a process is there and not only waits to be reaped."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Jobs(CloudTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab = Lab(cls.cloud, "jobs")
        cls.lab.make_workspace()
        cls.lab.make_cluster(nodes=4)

    def setUp(self):
        self.name = self.id().rsplit("_", 1)[1]

    def run_job(self, command, files=None, **rest):
        self.lab.submit(self.name, command, files, **rest)
        return self.lab.wait_for_end(self.name)

    def error(self):
        return self.lab.details(self.name)["error"]["error"]

    def test_completes(self):
        script = b"import sys, os\nprint('arguments', sys.argv[1:])\nprint('to', file=sys.stderr)\n" \
                 b"os.makedirs('outputs/deep')\nopen('outputs/deep/a.txt', 'w').write('out')\n" \
                 b"print(open('data/\xed\x95\x9c.txt').read())\n"
        state = self.run_job("python run.py --alpha 'two words'",
                             {"run.py": script, "data/한.txt": "값".encode()})
        self.assertEqual(state, "Completed")
        log = self.lab.log(self.name)
        self.assertEqual(log, "arguments ['--alpha', 'two words']\nto\n값\n")
        details = self.lab.details(self.name)
        self.assertIsNone(details["error"])
        self.assertEqual(details["runDefinition"]["environment"]["assetId"],
                         "azureml://registries/azureml/environments/sklearn-1.5/versions/35")
        self.assertRegex(details["duration"], r"^00:00:\d\d\.\d{7}$")
        base = f"/artifacts/ExperimentRun/dcid.{self.name}"
        listed = self.lab.data("GET", base, area="artifact/v2.0").json["value"]
        self.assertEqual([a["path"] for a in listed],
                         ["outputs/deep/a.txt", "system_logs/lifecycler/lifecycler.log",
                          "user_logs/std_log.txt"])
        info = self.lab.data("GET", base + "/contentinfo?path=outputs/deep/a.txt",
                             area="artifact/v2.0").json
        self.assertEqual(self.lab.blob("GET", info["contentUri"]).body, b"out")
        same = self.lab.data("GET", f"/artifacts/contentinfo/ExperimentRun/dcid.{self.name}"
                             "/outputs/deep/a.txt", area="artifact/v2.0").json
        self.assertEqual(same["path"], "outputs/deep/a.txt")
        whole = self.lab.data("GET", base + "/content?path=outputs/deep/a.txt",
                              area="artifact/v2.0")
        self.assertEqual(whole.body, b"out")
        some = self.lab.data("GET", base + "/prefix/contentinfo?path=user_logs/",
                             area="artifact/v2.0").json["value"]
        self.assertEqual([a["path"] for a in some], ["user_logs/std_log.txt"])
        metrics = self.lab.data("POST", f"/runs/{self.name}/lastvalues", {}, area="metric/v2.0")
        self.assertEqual(metrics.json["value"], [])
        job = self.lab.ml("GET", "/jobs/" + self.name).json["properties"]
        tree = self.lab.data("POST", "/snapshots/sas", area="content/v2.0", body={
            "snapshotOrAssetId": job["properties"]["ContentSnapshotId"]}).json
        self.assertEqual(sorted(tree["children"]), ["data", "run.py"])
        leaf = tree["children"]["data"]["children"]["한.txt"]
        self.assertEqual((leaf["type"], leaf["sizeBytes"]), ("File", 3))
        self.assertEqual(self.lab.blob("GET", leaf["sasUrl"]).body.decode(), "값")

    def test_log_grows(self):
        go = os.path.join(self.cloud.state, "go-" + self.name)
        self.lab.submit(self.name, f"python p.py {go}", {"p.py": PATIENT})
        wait_until(lambda: self.lab.log(self.name) == "first\n")
        self.assertEqual(self.lab.status(self.name), "Running")
        url = self.lab.details(self.name)["logFiles"]["user_logs/std_log.txt"]
        after = self.lab.blob("GET", url, None, {"x-ms-range": "bytes=6-"})
        self.assertEqual((after.status, after.headers["Content-Range"]), (416, "bytes */6"))
        self.assertEqual(after.headers["x-ms-error-code"], "InvalidRange")
        early = self.lab.blob("GET", url, None, {"x-ms-range": "bytes=2-"})
        self.assertEqual((early.status, early.body), (206, b"rst\n"))
        self.assertEqual(early.headers["x-ms-blob-type"], "AppendBlob")
        open(go, "w").close()
        self.assertEqual(self.lab.wait_for_end(self.name), "Completed")
        late = self.lab.blob("GET", url, None, {"x-ms-range": "bytes=6-"})
        self.assertEqual((late.status, late.body), (206, b"last\n"))
        changed = self.lab.blob("GET", url, None, {"If-Match": early.headers["ETag"]})
        self.assertEqual(changed.status, 412)

    def test_fails(self):
        state = self.run_job("python bad.py", {"bad.py": b"print('so far')\nimport no_such_thing\n"})
        self.assertEqual(state, "Failed")
        self.assertIn("so far\nTraceback", self.lab.log(self.name))
        error = self.error()
        self.assertEqual((error["code"], error["innerError"]["code"]),
                         ("UserError", "NonZeroExitCode"))
        self.assertIn("status code 1", error["message"])
        self.assertIn("No module named 'no_such_thing'", error["message"])
        self.assertNotIn("error", self.lab.ml("GET", "/jobs/" + self.name).json["properties"])
        run = self.lab.data("POST", "/rundata", {"runId": self.name, "selectRunMetadata": True}).json
        self.assertEqual(run["runMetadata"]["error"]["error"]["code"], "UserError")

    def test_environment(self):
        # What this program was started with is not given to jobs; what a job asks for is.
        state = self.run_job("env; python -c 'import pandas, sklearn, matplotlib.pyplot'",
                             environmentVariables={"MINE": "1"})
        self.assertEqual(state, "Completed", self.lab.log(self.name))
        names = {line.split("=")[0] for line in self.lab.log(self.name).splitlines()}
        self.assertEqual(names - {"PWD", "SHLVL", "_", "OLDPWD"}, {
            "AZUREML_RUN_ID", "HOME", "LANG", "MINE", "MPLBACKEND", "PATH", "PYTHONUNBUFFERED",
            "TMPDIR"})

    def test_inputs(self):
        path = "/azureml-blobstore-{}/sets/one.csv".format(
            self.lab.ml("GET", "").json["properties"]["workspaceId"])
        self.lab.shared_key("PUT", path, body=b"1,2\n", headers={"x-ms-blob-type": "BlockBlob"})
        uri = "azureml://datastores/workspaceblobstore/paths/sets/"
        state = self.run_job(
            "echo ${{inputs.rate}}; cat ${{inputs.file}} ${{ inputs.folder }}/one.csv",
            inputs={"rate": {"jobInputType": "literal", "value": "0.1"},
                    "file": {"jobInputType": "uri_file", "uri": uri + "one.csv"},
                    "folder": {"jobInputType": "uri_folder", "uri": uri}})
        self.assertEqual(state, "Completed", self.lab.details(self.name)["error"])
        self.assertEqual(self.lab.log(self.name), "0.1\n1,2\n1,2\n")
        self.name += "-missing"
        self.assertEqual(self.run_job("echo ${{inputs.none}}"), "Failed")
        self.assertEqual(self.error()["innerError"]["code"], "JobSetupFailed")

    def test_cancel(self):
        # The command leaves processes that ignore the polite signal and detach themselves.
        marker = os.path.join(self.cloud.state, "pids-" + self.name)
        script = f"""
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for detach in (False, True):
    if os.fork() == 0:
        if detach:
            os.setsid()
            if os.fork() != 0:
                os._exit(0)
        break
with open({marker!r}, "a") as file:
    file.write(str(os.getpid()) + "\\n")
print("here", flush=True)
time.sleep(600)
""".encode()
        self.lab.submit(self.name, "python stubborn.py", {"stubborn.py": script})
        wait_until(lambda: self.lab.log(self.name).count("here") == 3)
        with open(marker) as file:
            pids = [int(line) for line in file]
        self.assertTrue(all(map(is_alive, pids)))
        answer = self.lab.ml("POST", f"/jobs/{self.name}/cancel")
        self.assertEqual((answer.status, answer.json), (202, None))
        self.assertEqual(self.lab.status(self.name), "CancelRequested")
        answers = self.lab.follow(answer)
        self.assertEqual((answers[-1].status, answers[-1].body), (200, b""))
        locations = [a.headers["Location"] for a in answers[:-1]]
        self.assertEqual(len(set(locations)), len(locations))
        self.assertEqual(self.lab.status(self.name), "Canceled")
        self.assertEqual([p for p in pids if is_alive(p)], [])
        again = self.lab.ml("POST", f"/jobs/{self.name}/cancel")
        self.assertEqual((again.status, again.code), (400, "UserError"))

    def test_leftover(self):
        # What a command leaves running when it ends is ended with it.
        self.assertEqual(self.run_job("setsid sleep 600 & echo $!"), "Completed")
        self.assertFalse(is_alive(int(self.lab.log(self.name))))

    def test_timeout(self):
        state = self.run_job("sleep 600", limits={"jobLimitsType": "Command", "timeout": "PT1S"})
        self.assertEqual(state, "Canceled")
        self.assertEqual(self.error()["innerError"]["code"], "JobTimeout")

    def test_limits(self):
        state = self.run_job("python -c 'bytearray(1 << 45)'")
        self.assertEqual(state, "Failed")
        self.assertIn("MemoryError", self.lab.log(self.name))

    def test_links(self):
        # A job can make links; what they lead to is not stored.
        self.assertEqual(self.run_job("mkdir outputs closed; chmod 500 closed; ln -s /etc/hostname outputs/file;"
                                      "ln -s /etc outputs/folder; echo x > outputs/real"),
                         "Completed")
        listed = self.lab.data("GET", f"/artifacts/ExperimentRun/dcid.{self.name}?path=outputs/",
                               area="artifact/v2.0").json["value"]
        self.assertEqual([a["path"] for a in listed], ["outputs/real"])
        # Nothing of a job that has ended is left on the disk but what was stored.
        run = self.lab.details(self.name)["runUuid"]
        self.assertFalse(os.path.exists(os.path.join(self.cloud.state, "jobs", run)))

    def test_put_again(self):
        body = self.lab.job_body("echo once", tags={"a": "1"})
        path = "/jobs/" + self.name
        first = self.lab.ml("PUT", path, body)
        self.assertEqual(first.status, 201)
        self.assertTrue(first.headers["Location"].startswith("https://management.azure.com/"))
        self.assertEqual(self.lab.ml("PUT", path, body).status, 200)
        self.lab.wait_for_end(self.name)
        self.assertEqual(self.lab.log(self.name), "once\n")
        body["properties"]["displayName"] = "another"
        self.assertEqual(self.lab.ml("PUT", path, body).json["properties"]["displayName"],
                         "another")
        changed = self.lab.job_body("echo twice")
        refused = self.lab.ml("PUT", path, changed)
        self.assertEqual((refused.status, refused.code), (400, "UserError"))
        body["properties"]["isArchived"] = True
        self.lab.ml("PUT", path, body)
        for view, there in (("ActiveOnly", False), ("ArchivedOnly", True), ("All", True)):
            listed = self.lab.ml("GET", "/jobs?listViewType=" + view).json["value"]
            self.assertEqual(self.name in [j["name"] for j in listed], there, view)
        self.assertEqual(self.lab.ml("DELETE", path).status, 200)
        self.assertEqual(self.lab.ml("GET", path).status, 404)
        self.assertEqual(self.lab.ml("DELETE", path).status, 204)

    def test_many(self):
        # More jobs than nodes: each gets its turn, and none gets another's log.
        names = [f"{self.name}-{i}" for i in range(12)]
        for name in names:
            self.lab.submit(name, f"for i in 1 2 3; do echo {name} $i; done")
        for name in names:
            self.assertEqual(self.lab.wait_for_end(name), "Completed")
            self.assertEqual(self.lab.log(name), "".join(f"{name} {i}\n" for i in (1, 2, 3)))
        numbers = [self.lab.data("GET", "/runs/" + name).json["runNumber"] for name in names]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 12)))

    def test_refused(self):
        for change, inner in (
                ({"environmentId": "azureml:No-Such@latest"}, "EnvironmentNotFound"),
                ({"environmentId": "azureml:AzureML-sklearn-1.5:99"}, "EnvironmentNotFound"),
                ({"computeId": self.lab.workspace + "/computes/none"}, "ComputeTargetNotFound"),
                ({"codeId": self.lab.workspace + "/codes/x/versions/1"}, "NotFoundError"),
                ({"command": ""}, "ArgumentNullOrEmpty"),
                ({"jobType": "Sweep"}, "ArgumentInvalid"),
                ({"limits": {"timeout": "soon"}}, "ArgumentInvalid")):
            body = self.lab.job_body("true")
            body["properties"].update(change)
            answer = self.lab.ml("PUT", "/jobs/" + self.name, body)
            self.assertEqual(answer.status, 400, change)
            infos = {i["type"]: i["info"] for i in answer.json["error"]["additionalInfo"]}
            self.assertEqual(infos["InnerError"]["value"]["innerError"]["code"], inner)
        self.assertEqual(self.lab.ml("PUT", "/jobs/-bad-", self.lab.job_body("true")).status, 400)
        missing = self.lab.data("GET", "/runs/none/details")
        self.assertEqual((missing.status, missing.code), (404, "UserError"))
        for reference in ("azureml:AzureML-sklearn-1.5:35", "azureml:AzureML-sklearn-1.0@latest",
                          "azureml://registries/azureml/environments/sklearn-1.5/versions/3",
                          "azureml://registries/azureml/environments/sklearn-1.5/labels/latest"):
            body = self.lab.job_body("true", environmentId=reference)
            name = f"/jobs/{self.name}-{len(reference)}"
            self.assertEqual(self.lab.ml("PUT", name, body).status, 201, reference)

    def test_code_names(self):
        # A name that leads out of the folder is refused, and the job says so.
        files = {"a.py": b"1", "../../escape.py": b"2"}
        self.assertEqual(self.run_job("true", files), "Failed")
        self.assertEqual(self.error()["innerError"]["code"], "JobSetupFailed")

    def test_code_is_known(self):
        files = {"k.py": b"print('known')"}
        first = self.lab.upload_code(files)
        self.assertEqual(self.lab.upload_code(files), first)
        self.assertNotEqual(self.lab.upload_code({"k.py": b"print('other')"}), first)

    def test_paging(self):
        names = [f"{self.name}-{i}" for i in range(3)]
        for name in names:
            self.lab.ml("PUT", "/jobs/" + name, self.lab.job_body("true", tags={"set": self.name}))
        path, found = f"/jobs?$top=2&tag=set={self.name}", []
        answer = self.lab.ml("GET", path)
        while True:
            found += [j["name"] for j in answer.json["value"]]
            if not answer.json["nextLink"]:
                break
            answer = self.lab.get(answer.json["nextLink"].split("azure.com", 1)[1])
        self.assertEqual(sorted(found), names)
        for name in names:
            self.assertEqual(self.lab.wait_for_end(name), "Completed")


class Slowly(CloudTest):
    """At a pace at which the states between can be seen."""

    arguments = ("--pace", "0.1", "--auto-approve")

    def test_states_and_nodes(self):
        lab = Lab(self.cloud, "slow")
        lab.make_workspace()
        lab.make_cluster()
        go = os.path.join(self.cloud.state, "go")
        lab.submit("states", f"python p.py {go}", {"p.py": PATIENT})
        self.assertEqual(lab.details("states")["logFiles"], {})
        seen = []

        def look():
            cluster = lab.ml("GET", "/computes/aml-cluster").json["properties"]["properties"]
            state = lab.status("states")
            if state == "Queued" and (reason := lab.data("GET", "/runs/states").json["queueingInfo"]):
                self.assertEqual(reason["code"], "WaitingForNode")
            counts = cluster["nodeStateCounts"]
            now = (state, cluster["currentNodeCount"], cluster["allocationState"],
                   next((n for n, c in counts.items() if c), ""))
            if not seen or seen[-1] != now:
                seen.append(now)
            if state == "Running" and not os.path.exists(go):
                nodes = lab.ml("POST", "/computes/aml-cluster/listNodes").json["nodes"]
                self.assertEqual([(n["nodeState"], n["runId"]) for n in nodes],
                                 [("running", "states")])
                open(go, "w").close()
            return state in ENDED and cluster["currentNodeCount"] == 0

        wait_until(look, 60)
        states = list(dict.fromkeys(s[0] for s in seen))
        self.assertEqual(states, ["NotStarted", "Starting", "Preparing", "Queued", "Running",
                                  "Finalizing", "Completed"][-len(states):])
        self.assertGreaterEqual(len(states), 5)
        for moment in (("Queued", 1, "Resizing", "preparingNodeCount"),
                       ("Running", 1, "Steady", "runningNodeCount"),
                       ("Completed", 1, "Steady", "idleNodeCount"),
                       ("Completed", 1, "Resizing", "leavingNodeCount"),
                       ("Completed", 0, "Steady", "")):
            self.assertIn(moment, seen)
        status = json.loads(lab.details("states")["tags"]["_aml_system_ComputeTargetStatus"])
        self.assertEqual(status["CurrentNodeCount"], 0)


class Restart(unittest.TestCase):
    def setUp(self):
        self.cloud = Cloud("--pace", "0", "--auto-approve")
        self.addCleanup(lambda: self.cloud.stop())
        self.lab = Lab(self.cloud, "again")
        self.lab.make_workspace()
        self.lab.make_cluster()

    def submit(self):
        """A job that tells its process and waits for a file."""
        self.go = os.path.join(self.cloud.state, "go")
        script = b"import os\nprint(os.getpid(), flush=True)\n" + PATIENT
        self.lab.submit("job", f"python p.py {self.go}", {"p.py": script})
        return self.wait_for_process()

    def wait_for_process(self, before=None):
        """Waits until the log is that of another process than @before. Returns the process."""
        def look():
            words = self.lab.log("job").split()
            return "first" in words and int(words[0]) != before and int(words[0])
        return wait_until(look)

    def test_killed_while_a_job_runs(self):
        pid = self.submit()
        self.assertTrue(is_alive(pid))
        self.cloud.kill()
        # Nothing of the job outlives the practice cloud.
        wait_until(lambda: not is_alive(pid))
        self.cloud.start()
        # The node is lost; the command begins again, with an empty log.
        self.wait_for_process(pid)
        self.assertEqual(self.lab.log("job").count("first"), 1)
        self.assertEqual(self.lab.data("GET", "/runs/job").json["currentAttemptId"], 2)
        open(self.go, "w").close()
        self.assertEqual(self.lab.wait_for_end("job"), "Completed")
        self.assertIn("node was lost while attempt 1 ran",
                      self.lab.log("job", "system_logs/lifecycler/lifecycler.log"))

    def test_stopped_while_a_job_runs(self):
        pid = self.submit()
        self.cloud.process.stdin.close()
        begin = time.monotonic()
        self.assertEqual(self.cloud.end(), 0)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertFalse(is_alive(pid))
        self.cloud.start()
        self.wait_for_process(pid)
        open(self.go, "w").close()
        self.assertEqual(self.lab.wait_for_end("job"), "Completed")

    def test_three_lost_nodes_fail_it(self):
        pid = self.submit()
        for attempt in (2, 3, 4):
            self.cloud.kill()
            self.cloud.start()
            if attempt < 4:
                pid = self.wait_for_process(pid)
                self.assertEqual(self.lab.data("GET", "/runs/job").json["currentAttemptId"],
                                 attempt)
        self.assertEqual(self.lab.wait_for_end("job"), "Failed")
        error = self.lab.details("job")["error"]["error"]
        self.assertEqual((error["code"], error["innerError"]["code"]), ("ServiceError", "NodeLost"))

    def test_killed_after_a_cancel(self):
        pid = self.submit()
        self.lab.ml("POST", "/jobs/job/cancel")
        self.cloud.kill()
        wait_until(lambda: not is_alive(pid))
        self.cloud.start()
        self.assertEqual(self.lab.wait_for_end("job"), "Canceled")

    def test_deleted_workspace_ends_its_job(self):
        pid = self.submit()
        self.lab.follow(self.lab.ml("DELETE", ""))
        self.assertEqual(self.lab.ml("GET", "").status, 404)
        wait_until(lambda: not is_alive(pid))

    def test_deleted_cluster_fails_its_job(self):
        pid = self.submit()
        self.lab.follow(self.lab.ml(
            "DELETE", "/computes/aml-cluster?underlyingResourceAction=Delete&api-version=2024-04-01"))
        self.assertEqual(self.lab.wait_for_end("job"), "Failed")
        self.assertFalse(is_alive(pid))
        self.assertEqual(self.lab.details("job")["error"]["error"]["innerError"]["code"],
                         "ComputeTargetNotFound")


if __name__ == "__main__":
    unittest.main()
