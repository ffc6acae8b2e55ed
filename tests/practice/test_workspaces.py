# SPDX-License-Identifier: GPL-3.0-or-later
"""Workspaces, computes, quotas, datastores, environments."""

import unittest
import urllib.parse

from practice_cloud import Cloud, CloudTest
from practice_lab import API, ML, REGION, Lab, wait_until


def instance_body(size="STANDARD_DS11_V2", **rest):
    return {"location": REGION, "properties": {"computeType": "ComputeInstance", "properties": {
        "vmSize": size, "applicationSharingPolicy": "Personal",
        "sshSettings": {"sshPublicAccess": "Disabled"}, **rest}}}


class Workspaces(CloudTest):
    def setUp(self):
        self.lab = Lab(self.cloud, self.id().rsplit("_", 1)[1])

    def tearDown(self):
        answer = self.lab.send("DELETE", self.lab.group)
        if answer.status == 202:
            self.lab.follow(answer)

    def assert_error(self, answer, status, code, text=""):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body)
        self.assertIn(text, answer.json["error"]["message"])

    def test_shape(self):
        self.lab.make_group()
        missing = self.lab.ml("GET", "")
        self.assert_error(missing, 404, "ResourceNotFound")
        self.assertEqual(missing.headers["x-ms-failure-cause"], "gateway")
        properties = self.lab.make_helpers()
        begun = self.lab.ml("PUT", "", self.lab.workspace_body(properties))
        self.assertEqual(begun.status, 202)
        for header, kind in (("Azure-AsyncOperation", "async"), ("Location", "location")):
            self.assertIn("/workspaceOperationsStatus/", begun.headers[header])
            self.assertTrue(begun.headers[header].endswith("type=" + kind))
        self.assertEqual(self.lab.follow(begun)[-1].json,
                         {"status": "Succeeded", "percentComplete": 100.0})
        result = urllib.parse.urlsplit(begun.headers["Location"])
        self.assertEqual(self.lab.get(result.path + "?" + result.query).json["name"],
                         "mlw-" + self.lab.name)
        workspace = self.lab.ml("GET", "").json
        self.assertEqual(workspace["id"], self.lab.workspace)
        self.assertEqual(workspace["identity"]["type"], "SystemAssigned")
        shown = workspace["properties"]
        self.assertEqual(shown["provisioningState"], "Succeeded")
        self.assertEqual(shown["storageAccount"], properties["storageAccount"])
        self.assertEqual(shown["discoveryUrl"], f"https://{API}/discovery")
        self.assertEqual((shown["hbiWorkspace"], shown["publicNetworkAccess"]), (False, "Enabled"))
        found = self.cloud.send(API, "GET", "/discovery").json
        self.assertEqual(found["api"], "https://" + API)
        for path in (self.lab.group, self.lab.subscription):
            listed = self.lab.get(f"{path}/providers/{ML}/workspaces").json["value"]
            self.assertIn(workspace["id"], [w["id"] for w in listed])
        patched = self.lab.ml("PATCH", "", {"tags": {"a": "b"}, "properties": {"description": "d"}})
        self.lab.follow(patched)
        workspace = self.lab.ml("GET", "").json
        self.assertEqual((workspace["tags"], workspace["properties"]["description"]),
                         ({"a": "b"}, "d"))
        # What is in a workspace has no row of its own in its group.
        self.lab.make_cluster()
        kinds = [r["type"].lower() for r in self.lab.get(self.lab.group + "/resources").json["value"]]
        self.assertIn(f"{ML}/workspaces".lower(), kinds)
        self.assertEqual(len(kinds), 5)

    def test_refused(self):
        self.lab.make_group()
        properties = self.lab.make_helpers()
        for name in ("storageAccount", "keyVault", "applicationInsights"):
            less = {k: v for k, v in properties.items() if k != name}
            self.assert_error(self.lab.ml("PUT", "", self.lab.workspace_body(less)), 400,
                              "BadRequest", "Missing dependent resources")
            gone = {**properties, name: properties[name] + "x"}
            self.assert_error(self.lab.ml("PUT", "", self.lab.workspace_body(gone)), 400,
                              "BadRequest", properties[name])
        body = self.lab.workspace_body(properties)
        body["location"] = "nowhere"
        self.assertEqual(self.lab.ml("PUT", "", body).status, 400)
        bad = self.lab.workspace + "-" + "x" * 33
        self.assert_error(self.lab.send("PUT", bad, self.lab.workspace_body(properties)), 400,
                          "BadRequest")
        self.lab.follow(self.lab.ml("PUT", "", self.lab.workspace_body(properties)))
        other = {**properties, "storageAccount": properties["storageAccount"] + "x"}
        self.assert_error(self.lab.ml("PUT", "", self.lab.workspace_body(other)), 400, "BadRequest")
        self.assertEqual(self.lab.ml("PUT", "", self.lab.workspace_body(properties)).status, 202)

    def test_deleted(self):
        self.lab.make_workspace()
        self.lab.make_cluster()
        body = self.lab.ml("GET", "").json
        again = self.lab.workspace_body({k: body["properties"][k] for k in (
            "storageAccount", "keyVault", "applicationInsights")})
        self.lab.follow(self.lab.ml("DELETE", ""))
        self.assertEqual(self.lab.ml("GET", "").status, 404)
        self.assertEqual(self.lab.ml("DELETE", "").status, 204)
        self.assert_error(self.lab.ml("PUT", "", again), 400, "BadRequest",
                          "Soft-deleted workspace exists")
        purge = "?forceToPurge=true&api-version=2024-04-01"
        purged = self.lab.ml("DELETE", purge)
        self.assertEqual(purged.status, 202)
        self.lab.follow(purged)
        self.assertEqual(self.lab.ml("DELETE", purge).status, 204)
        self.lab.follow(self.lab.ml("PUT", "", again))
        self.assertEqual(self.lab.ml("GET", "/computes").json["value"], [])
        self.lab.follow(self.lab.ml("DELETE", purge))
        self.assertEqual(self.lab.ml("PUT", "", again).status, 202)
        # The group takes its workspace along, and the name stays taken.
        self.lab.follow(self.lab.send("DELETE", self.lab.group))
        self.assert_error(self.lab.ml("GET", ""), 404, "ResourceGroupNotFound")
        self.lab.make_group()
        self.assert_error(self.lab.ml("PUT", "", self.lab.workspace_body(self.lab_helpers())), 400,
                          "BadRequest", "Soft-deleted")

    def lab_helpers(self):
        """The helpers again; the vault has to be taken back."""
        tenant = self.lab.get("/tenants").json["value"][0]["tenantId"]
        vault = f"{self.lab.group}/providers/Microsoft.KeyVault/vaults/kv-{self.lab.name}"
        self.lab.send("PUT", vault, {"location": REGION, "properties": {
            "tenantId": tenant, "sku": {"family": "A", "name": "standard"}, "accessPolicies": [],
            "createMode": "recover"}})
        return self.lab.make_helpers()

    def test_datastores(self):
        self.lab.make_workspace()
        guid = self.lab.ml("GET", "").json["properties"]["workspaceId"]
        stores = {d["name"]: d["properties"]
                  for d in self.lab.ml("GET", "/datastores").json["value"]}
        self.assertEqual(sorted(stores), ["workspaceartifactstore", "workspaceblobstore",
                                          "workspacefilestore", "workspaceworkingdirectory"])
        self.assertEqual(stores["workspaceblobstore"]["containerName"],
                         "azureml-blobstore-" + guid)
        self.assertEqual(stores["workspaceworkingdirectory"]["fileShareName"],
                         "code-391ff5ac-6576-460f-ba4d-7e03433c68b6")
        only = self.lab.ml("GET", "/datastores?isDefault=true&count=30").json["value"]
        self.assertEqual([d["name"] for d in only], ["workspaceblobstore"])
        secret = self.lab.ml("POST", "/datastores/workspaceblobstore/listSecrets").json
        self.assertEqual(secret["secretsType"], "AccountKey")
        self.assertEqual(len(secret["key"]), 88)
        self.assertEqual(self.lab.ml("GET", "/datastores/none").status, 404)

    def test_environments(self):
        self.lab.make_workspace()
        names = [e["name"] for e in self.lab.ml("GET", "/environments").json["value"]]
        self.assertEqual(names, ["AzureML-sklearn-1.5", "AzureML-sklearn-1.0"])
        path = "/environments/AzureML-sklearn-1.5"
        self.assertEqual(self.lab.ml("GET", path).json["properties"]["latestVersion"], "35")
        top = self.lab.ml("GET", path + "/versions?$orderBy=createdtime%20desc&$top=1").json["value"]
        self.assertEqual([v["name"] for v in top], ["35"])
        self.assertEqual(self.lab.ml("GET", path + "/versions/3").json["name"], "3")
        self.assertEqual(self.lab.ml("GET", path + "/versions/36").status, 404)
        own = self.lab.ml("PUT", "/environments/mine/versions/1",
                          {"properties": {"image": "docker.io/python"}})
        self.assertEqual(own.status, 201)
        self.assertEqual(self.lab.ml("GET", "/environments/mine").json["properties"]
                         ["latestVersion"], "1")
        self.assertEqual(self.lab.ml("PUT", "/environments/AzureML-x/versions/1",
                                     {"properties": {}}).status, 400)


class Computes(CloudTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab = Lab(cls.cloud, "computes")
        cls.lab.make_workspace()

    def setUp(self):
        self.name = self.id().rsplit("_", 1)[1]
        self.path = "/computes/" + self.name

    def tearDown(self):
        for compute in self.lab.ml("GET", "/computes").json["value"]:
            self.lab.follow(self.delete("/computes/" + compute["name"]))

    def delete(self, path, action="Delete"):
        return self.lab.ml("DELETE", f"{path}?underlyingResourceAction={action}"
                           "&api-version=2024-04-01")

    def get(self):
        return self.lab.ml("GET", self.path).json["properties"]

    def test_cluster(self):
        begun = self.lab.ml("PUT", self.path, self.lab.cluster_body())
        self.assertEqual(begun.status, 201)
        self.assertIn("/computeOperationsStatus/", begun.headers["Azure-AsyncOperation"])
        self.assertIsNone(begun.headers["Retry-After"])
        self.lab.follow(begun)
        shown = self.get()["properties"]
        self.assertEqual((shown["allocationState"], shown["currentNodeCount"], shown["vmSize"]),
                         ("Steady", 0, "STANDARD_DS11_V2"))
        self.assertEqual(shown["scaleSettings"]["maxNodeCount"], 2)
        patched = self.lab.ml("PATCH", self.path, {"properties": {"properties": {
            "scaleSettings": {"minNodeCount": 1, "maxNodeCount": 3}}}})
        self.assertEqual(patched.status, 200)
        self.assertEqual(self.get()["properties"]["currentNodeCount"], 1)
        changed = self.lab.ml("PUT", self.path, self.lab.cluster_body(size="Standard_DS12_v2"))
        self.assertEqual(changed.status, 400)
        self.assertEqual(self.lab.ml("POST", self.path + "/stop").status, 400)
        self.assertEqual(self.delete(self.path, "Detach").status, 400)

    def test_instance(self):
        begun = self.lab.ml("PUT", self.path, instance_body(idleTimeBeforeShutdown="PT60M"))
        self.assertEqual(begun.status, 201)
        self.lab.follow(begun)
        shown = self.get()["properties"]
        self.assertEqual((shown["state"], shown["idleTimeBeforeShutdown"]), ("Running", "PT60M"))
        self.assertEqual(shown["lastOperation"]["operationName"], "Create")
        self.assertIn(f"https://{self.name}.{REGION}.instances.azureml.ms/lab",
                      [a["endpointUri"] for a in shown["applications"]])
        for verb, state in (("stop", "Stopped"), ("start", "Running"), ("restart", "Running")):
            answer = self.lab.ml("POST", f"{self.path}/{verb}")
            self.assertEqual(answer.status, 202)
            self.lab.follow(answer)
            shown = self.get()["properties"]
            self.assertEqual((shown["state"], shown["lastOperation"]["operationName"].lower()),
                             (state, verb))
        idle = self.lab.ml("POST", self.path + "/updateIdleShutdownSetting",
                           {"idleTimeBeforeShutdown": "PT2H"}, version="2025-12-01")
        self.assertEqual((idle.status, idle.body), (200, b""))
        self.assertEqual(self.get()["properties"]["idleTimeBeforeShutdown"], "PT2H")
        bad = self.lab.ml("POST", self.path + "/updateIdleShutdownSetting",
                          {"idleTimeBeforeShutdown": "PT1M"})
        self.assertEqual(bad.status, 400)
        self.assertEqual(self.lab.ml("PUT", self.path, instance_body()).status, 200)

    def test_name(self):
        for name, body in (("ci", instance_body()), ("1ci", instance_body()),
                           ("c" * 25, instance_body()), ("c" * 17, self.lab.cluster_body())):
            self.assertEqual(self.lab.ml("PUT", "/computes/" + name, body).status, 400, name)
        self.assertEqual(self.lab.ml("PUT", self.path, instance_body()).status, 201)
        other = Lab(self.cloud, "computes2")
        other.make_workspace()
        taken = other.ml("PUT", self.path, instance_body())
        self.assertEqual(taken.status, 400)
        self.assertIn("already", taken.json["error"]["message"])

    def usage(self, name):
        rows = self.lab.get(f"{self.lab.subscription}/providers/{ML}/locations/{REGION}/usages")
        return [r["currentValue"] for r in rows.json["value"] if name in r["name"]["value"]
                and not r["type"].endswith("workspaces/usages")][0]

    def test_quota(self):
        self.assertEqual(self.usage("DSv2"), 0)
        self.assertEqual(self.lab.ml("PUT", self.path, instance_body()).status, 201)
        self.assertEqual((self.usage("DSv2"), self.usage("Regional")), (2, 2))
        gpu = self.lab.ml("PUT", "/computes/gpu", self.lab.cluster_body(size="Standard_NC6s_v3"))
        self.assertEqual((gpu.status, gpu.code), (400, "BadRequest"))
        self.assertIn("vCPU quota of 0", gpu.json["error"]["message"])
        for number in range(5):
            name = f"/computes/big{number}"
            answer = self.lab.ml("PUT", name, instance_body("Standard_DS12_v2"))
            self.assertEqual(answer.status, 201)
        full = self.lab.ml("PUT", "/computes/more", instance_body("Standard_DS12_v2"))
        self.assertEqual((full.status, full.code), (400, "BadRequest"))
        self.assertIn("vCPU quota", full.json["error"]["message"])
        self.assertEqual(self.lab.ml("GET", "/computes/more").status, 404)
        self.assertEqual(self.usage("Regional"), 22)
        # A cluster may stand without room; the job that needs its node waits and says why.
        self.lab.ml("PUT", "/computes/last", instance_body())
        self.lab.make_cluster("waiting")
        self.lab.submit("patient", "true", compute="waiting")
        wait_until(lambda: self.lab.data("GET", "/runs/patient").json["queueingInfo"])
        info = self.lab.data("GET", "/runs/patient").json["queueingInfo"]
        self.assertEqual(info["code"], "ClusterCoreQuotaReached")
        self.lab.follow(self.delete("/computes/last"))
        self.assertEqual(self.lab.wait_for_end("patient"), "Completed")

    def test_sizes(self):
        base = f"{self.lab.subscription}/providers/{ML}/locations/{REGION}"
        sizes = {s["name"]: s for s in self.lab.get(base + "/vmSizes").json["value"]}
        size = sizes["Standard_DS11_v2"]
        self.assertEqual((size["vCPUs"], size["memoryGB"], size["family"]),
                         (2, 14.0, "standardDSv2Family"))
        self.assertEqual(size["estimatedVMPrices"]["values"][0]["vmTier"], "Standard")
        families = {s["family"][len("standard"):-len("Family")] for s in sizes.values()}
        quotas = [q["name"]["value"] for q in self.lab.get(base + "/quotas").json["value"]]
        for family in families:
            self.assertTrue(any(family.lower() in q.lower() for q in quotas), family)
        rows = self.lab.get(f"{self.lab.subscription}/providers/Microsoft.Compute/locations/{REGION}"
                            "/usages").json["value"]
        self.assertEqual(rows[0]["name"]["value"], "cores")

    def test_on_instance(self):
        self.lab.follow(self.lab.ml("PUT", self.path, instance_body()))
        self.lab.submit("on-instance", "echo here", compute=self.name)
        self.assertEqual(self.lab.wait_for_end("on-instance"), "Completed")
        self.assertEqual(self.lab.log("on-instance"), "here\n")
        self.lab.follow(self.lab.ml("POST", self.path + "/stop"))
        self.lab.submit("on-stopped", "echo here", compute=self.name)
        self.assertEqual(self.lab.wait_for_end("on-stopped"), "Failed")


class Slowly(unittest.TestCase):
    def test_creating(self):
        cloud = Cloud("--pace", "0.1", "--auto-approve")
        try:
            lab = Lab(cloud, "creating")
            lab.make_group()
            begun = lab.ml("PUT", "", lab.workspace_body(lab.make_helpers()))
            self.assertEqual(lab.ml("GET", "").json["properties"]["provisioningState"], "Creating")
            lab.follow(begun)
            begun = [lab.ml("PUT", "/computes/ci-slow", instance_body()),
                     lab.ml("PUT", "/computes/cluster", lab.cluster_body())]
            for answer, field in zip(begun, ("state", "allocationState")):
                outer = answer.json["properties"]
                self.assertEqual(outer["provisioningState"], "Creating")
                self.assertIn(field, outer["properties"])
                self.assertIsNone(outer["properties"][field])
            busy = lab.ml("POST", "/computes/ci-slow/stop")
            self.assertEqual(busy.status, 409)
            self.assertEqual(lab.follow(begun[0])[1].json, {"status": "InProgress"})
            lab.follow(begun[1])
            stop = lab.ml("POST", "/computes/ci-slow/stop")
            self.assertEqual(lab.ml("GET", "/computes/ci-slow").json["properties"]["properties"]
                             ["state"], "Stopping")
            # Killed in between, the operation goes on.
            cloud.kill()
            cloud.start()
            lab.follow(stop)
            self.assertEqual(lab.ml("GET", "/computes/ci-slow").json["properties"]["properties"]
                             ["state"], "Stopped")
        finally:
            cloud.stop()


if __name__ == "__main__":
    unittest.main()
