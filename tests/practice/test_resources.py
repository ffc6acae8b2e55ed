# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource Manager: groups, providers, locks, storage, vaults, insights, deletion, restart."""

import base64
import os
import shutil
import time
import unittest
import urllib.parse

from practice_cloud import ARM, Cloud, CloudTest, Session

STORAGE = {"location": "koreacentral", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2",
           "properties": {"allowBlobPublicAccess": False}}


class Resources(CloudTest):
    def setUp(self):
        self.session = Session(self.cloud)
        self.group = (self.session.subscription + "/resourceGroups/rg-"
                      + self.id().rsplit("_", 1)[1])
        answer = self.put(self.group, {"location": "koreacentral", "tags": {"lab": "08"}})
        self.assertEqual(answer.status, 201)

    def tearDown(self):
        answer = self.session.send("DELETE", self.group)
        if answer.status == 202:
            self.session.follow(answer)

    def get(self, path, **rest):
        return self.session.get(path, **rest)

    def put(self, path, body, **rest):
        return self.session.send("PUT", path, body, **rest)

    def path(self, kind, name):
        return f"{self.group}/providers/{kind}/{name}"

    def put_vault(self, name, **properties):
        tenant = self.get("/tenants").json["value"][0]["tenantId"]
        return self.put(self.path("Microsoft.KeyVault/vaults", name), {
            "location": "koreacentral", "properties": {
                "tenantId": tenant, "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [], **properties}})

    def assert_error(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code))
        self.assertIn("x-ms-request-id", answer.headers)
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8")

    def test_group(self):
        again = self.put(self.group, {"location": "Korea Central"})
        self.assertEqual(again.status, 200)
        self.assertEqual(again.json["tags"], {"lab": "08"})
        self.assertEqual(again.json["properties"]["provisioningState"], "Succeeded")
        self.assert_error(self.put(self.group, {"location": "eastus"}), 409,
                          "InvalidResourceGroupLocation")
        self.assertEqual(self.session.send("HEAD", self.group).status, 204)
        self.assertEqual(self.session.send("HEAD", self.group + "x").status, 404)
        missing = self.get(self.group + "x")
        self.assert_error(missing, 404, "ResourceGroupNotFound")
        self.assertEqual(missing.headers["x-ms-failure-cause"], "gateway")
        patched = self.session.send("PATCH", self.group, {"tags": {"a": "b"}})
        self.assertEqual(patched.json["tags"], {"a": "b"})
        groups = self.get(self.session.subscription + "/resourcegroups").json["value"]
        self.assertIn(self.group, [g["id"] for g in groups])
        found = self.get(self.session.subscription
                         + "/resourcegroups?$filter=tagName%20eq%20'a'%20and%20tagValue%20eq%20'c'")
        self.assertEqual(found.json["value"], [])

    def test_group_names_and_bodies(self):
        base = self.session.subscription + "/resourceGroups/"
        for name in ("a" * 91, "dot.", "sp%20ace", "a%2Fb", "%3Cb%3E"):
            self.assert_error(self.put(base + name, {"location": "eastus"}), 400,
                              "InvalidResourceGroup")
        self.assert_error(self.put(base + "x", {}), 400, "LocationRequired")
        self.assert_error(self.put(base + "x", {"location": "moon"}), 400,
                          "LocationNotAvailableForResourceType")
        self.assert_error(self.put(base + "x", [1]), 400, "InvalidRequestContent")
        target = base + "deep?api-version=2024-03-01"
        for body in (b"[" * 100000, b'{"a":' * 100000, b"{", b'{"location":5}', b"\xff\xfe"):
            answer = self.cloud.send(ARM, "PUT", target, body, self.session.headers)
            self.assertEqual(answer.status, 400, body[:5])

    def test_ids_without_case(self):
        other = self.group.replace("resourceGroups", "RESOURCEgroups").replace("rg-", "RG-")
        self.assertEqual(self.get(other).json["id"], self.group)
        self.put(self.path("Microsoft.Storage/storageAccounts", "caseaccount"), STORAGE)
        answer = self.get(other + "/PROVIDERS/microsoft.storage/STORAGEACCOUNTS/CaseAccount")
        self.assertEqual(answer.json["name"], "caseaccount")

    def test_api_version(self):
        bare = self.cloud.send(ARM, "GET", self.group, None, self.session.headers)
        self.assert_error(bare, 400, "MissingApiVersionParameter")
        self.assert_error(self.get(self.group, version="yesterday"), 400,
                          "InvalidApiVersionParameter")
        for version in ("2019-04-01", "2023-04-01-preview", "2025-12-01"):
            self.assertEqual(self.get(self.group, version=version).status, 200)

    def test_unknown(self):
        self.assert_error(self.get("/subscriptions/0/resourcegroups"), 404, "SubscriptionNotFound")
        self.assert_error(self.get(self.path("Microsoft.Web/sites", "x")), 404, "ResourceNotFound")
        self.assert_error(self.get("/nothing"), 404, "NotFound")
        self.assertEqual(self.session.send("POST", "/tenants").status, 405)

    def test_other_tenant(self):
        other = "c0d3f1aa-2b57-4e0b-9a6c-7e5d1f4408b3"
        tokens = self.cloud.token(other, grant_type="refresh_token",
                                  refresh_token=self.session.tokens["refresh_token"],
                                  scope="https://management.core.windows.net//.default").json
        headers = {"Authorization": "Bearer " + tokens["access_token"]}
        listed = self.cloud.send(ARM, "GET", "/subscriptions?api-version=2022-12-01", None, headers)
        self.assertEqual(listed.json["value"], [])
        answer = self.cloud.send(ARM, "GET", self.group + "?api-version=2024-03-01", None, headers)
        self.assert_error(answer, 401, "InvalidAuthenticationTokenTenant")

    def test_locations_and_permissions(self):
        listed = self.get(self.session.subscription + "/locations").json["value"]
        names = {l["name"]: l for l in listed}
        for name in ("koreacentral", "japaneast", "eastus", "westus", "centralus", "northeurope",
                     "westeurope"):
            self.assertIn(name, names)
        self.assertEqual(names["koreacentral"]["displayName"], "Korea Central")
        for scope in (self.session.subscription, self.group):
            answer = self.get(scope + "/providers/Microsoft.Authorization/permissions")
            self.assertEqual(answer.json["value"][0]["actions"], ["*"])
        endpoints = self.cloud.send(ARM, "GET", "/metadata/endpoints?api-version=2019-05-01")
        self.assertEqual(endpoints.json[0]["suffixes"]["storage"], "core.windows.net")

    def test_storage(self):
        path = self.path("Microsoft.Storage/storageAccounts", "labaccount1")
        answers = self.session.follow(self.put(path, STORAGE))
        self.assertEqual([answers[0].status, answers[-1].status], [202, 200])
        account = answers[-1].json
        self.assertEqual(account["properties"]["provisioningState"], "Succeeded")
        self.assertEqual(account["properties"]["primaryEndpoints"]["blob"],
                         "https://labaccount1.blob.core.windows.net/")
        self.assertEqual(account["sku"], {"name": "Standard_LRS", "tier": "Standard"})
        self.assertEqual(self.put(path, STORAGE).status, 200)
        check = self.session.subscription + "/providers/Microsoft.Storage/checkNameAvailability"
        for name, reason in (("labaccount1", "AlreadyExists"), ("Bad-Name", "AccountNameInvalid"),
                             ("free123", None)):
            answer = self.session.send("POST", check, {
                "name": name, "type": "Microsoft.Storage/storageAccounts"}).json
            self.assertEqual(answer.get("reason"), reason)
            self.assertEqual(answer["nameAvailable"], reason is None)
        elsewhere = self.session.subscription + "/resourceGroups/rg-elsewhere"
        self.put(elsewhere, {"location": "eastus"})
        taken = self.put(elsewhere + "/providers/Microsoft.Storage/storageAccounts/labaccount1",
                         STORAGE)
        self.assert_error(taken, 409, "StorageAccountAlreadyTaken")
        self.assert_error(self.put(self.path("Microsoft.Storage/storageAccounts", "A_b"), STORAGE),
                          400, "AccountNameInvalid")
        self.assertEqual(self.session.send("DELETE", path).status, 200)
        self.assertEqual(self.session.send("DELETE", path).status, 204)
        self.assert_error(self.get(path), 404, "ResourceNotFound")

    def test_storage_keys(self):
        path = self.path("Microsoft.Storage/storageAccounts", "keyaccount1")
        self.put(path, STORAGE)
        keys = self.session.send("POST", path + "/listKeys").json["keys"]
        self.assertEqual(len(base64.b64decode(keys[0]["value"])), 64)
        self.assertEqual(self.session.send("POST", path + "/listKeys").json["keys"], keys)

    def test_prices(self):
        query = ("serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_DS11_v2'"
                 " and armRegionName eq 'koreacentral' and priceType eq 'Consumption'")
        path = "/api/retail/prices?api-version=2023-01-01-preview&$filter="
        answer = self.cloud.send("prices.azure.com", "GET", path + urllib.parse.quote(query)).json
        wanted = [i for i in answer["Items"] if "Windows" not in i["productName"]
                  and "Spot" not in i["skuName"] and "Low Priority" not in i["skuName"]]
        self.assertEqual(len(wanted), 1)
        self.assertAlmostEqual(wanted[0]["retailPrice"], 0.18, 3)
        self.assertGreater(len(answer["Items"]), 3)
        lower = urllib.parse.quote(query.replace("DS11", "ds11"))
        self.assertEqual(self.cloud.send("prices.azure.com", "GET", path + lower).json["Count"], 0)
        seen, page = 0, "/api/retail/prices"
        while page:
            answer = self.cloud.send("prices.azure.com", "GET", page).json
            seen += answer["Count"]
            link = answer["NextPageLink"]
            page = link and link.removeprefix("https://prices.azure.com:443")
        self.assertGreater(seen, 1000)
        for wrong in ("x", "a eq 'b", "a eq 'b' or c eq 'd'"):
            answer = self.cloud.send("prices.azure.com", "GET", path + urllib.parse.quote(wrong))
            self.assertEqual(answer.status, 400)

    def test_cost(self):
        path = self.group + "/providers/Microsoft.CostManagement/query"
        body = {"type": "ActualCost", "timeframe": "MonthToDate",
                "dataset": {"granularity": "None",
                            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
                            "grouping": [{"type": "Dimension", "name": "ResourceType"}]}}
        answer = self.session.send("POST", path, body).json["properties"]
        self.assertEqual([c["name"] for c in answer["columns"]],
                         ["Cost", "ResourceType", "Currency"])
        self.assertEqual(answer["rows"], [])
        self.assert_error(self.session.send("POST", path, {}), 400, "BadRequest")

    def test_vault(self):
        self.assertEqual(self.put_vault("kv-lab-1").status, 201)
        path = self.path("Microsoft.KeyVault/vaults", "kv-lab-1")
        self.assertEqual(self.get(path).json["properties"]["provisioningState"], "Succeeded")
        self.assertEqual(self.session.send("DELETE", path).status, 200)
        deleted = self.get(self.session.subscription
                           + "/providers/Microsoft.KeyVault/deletedVaults").json["value"]
        item = [d for d in deleted if d["name"] == "kv-lab-1"][0]
        self.assertEqual(item["properties"]["vaultId"], path)
        self.assert_error(self.put_vault("kv-lab-1"), 409, "ConflictError")
        self.assertEqual(self.put_vault("kv-lab-1", createMode="recover").status, 201)
        self.session.send("DELETE", path)
        answers = self.session.follow(self.session.send("POST", item["id"] + "/purge"))
        self.assertEqual([answers[0].status, answers[-1].status], [202, 200])
        self.assert_error(self.get(item["id"]), 404, "DeletedVaultNotFound")
        self.assertEqual(self.put_vault("kv-lab-1").status, 201)

    def test_purge_protection(self):
        self.put_vault("kv-kept-1", enablePurgeProtection=True)
        self.session.send("DELETE", self.path("Microsoft.KeyVault/vaults", "kv-kept-1"))
        answer = self.session.send("POST", self.session.subscription
                                   + "/providers/Microsoft.KeyVault/locations/koreacentral"
                                   + "/deletedVaults/kv-kept-1/purge")
        self.assert_error(answer, 409, "OperationNotAllowed")

    def test_providers_and_insights(self):
        logs = self.path("Microsoft.OperationalInsights/workspaces", "logs-lab")
        answer = self.put(logs, {"location": "koreacentral", "properties": {}})
        self.assert_error(answer, 409, "MissingSubscriptionRegistration")
        self.assertEqual(answer.json["error"]["details"][0]["target"],
                         "Microsoft.OperationalInsights")
        provider = self.session.subscription + "/providers/Microsoft.OperationalInsights"
        self.assertEqual(self.get(provider).json["registrationState"], "NotRegistered")
        self.session.send("POST", provider + "/register")
        self.assertEqual(self.get(provider).json["registrationState"], "Registered")
        self.assertEqual(self.put(logs, {"location": "koreacentral", "properties": {}}).status, 201)
        component = self.path("Microsoft.Insights/components", "insights-lab")
        body = {"location": "koreacentral", "kind": "web",
                "properties": {"Application_Type": "web", "WorkspaceResourceId": logs}}
        first = self.put(component, body)
        self.assertEqual(first.status, 200)
        self.assertEqual(self.put(component, body).json["properties"]["InstrumentationKey"],
                         first.json["properties"]["InstrumentationKey"])
        listed = self.get(self.group + "/resources?$expand=createdTime,provisioningState").json
        self.assertEqual([(r["name"], r["provisioningState"]) for r in listed["value"]],
                         [("logs-lab", "Succeeded"), ("insights-lab", "Succeeded")])
        self.assertIn("createdTime", listed["value"][0])
        self.session.send("DELETE", logs)
        deleted = self.get(provider + "/deletedWorkspaces").json["value"]
        self.assertEqual([d["name"] for d in deleted], ["logs-lab"])
        self.assert_error(self.get(self.session.subscription + "/providers/No.Such"), 404,
                          "InvalidResourceNamespace")

    def test_locks(self):
        lock = self.group + "/providers/Microsoft.Authorization/locks/keep"
        self.put(self.path("Microsoft.Storage/storageAccounts", "lockedaccount"), STORAGE)
        self.assertEqual(self.put(lock, {"properties": {"level": "CanNotDelete"}}).status, 201)
        refused = self.session.send("DELETE", self.group)
        self.assert_error(refused, 409, "ScopeLocked")
        self.assertIn(f"'{self.group}'", refused.json["error"]["message"])
        path = self.path("Microsoft.Storage/storageAccounts", "lockedaccount")
        self.assert_error(self.session.send("DELETE", path), 409, "ScopeLocked")
        self.assertEqual(self.put(path, STORAGE).status, 200)
        self.put(lock, {"properties": {"level": "ReadOnly"}})
        self.assert_error(self.put(path, STORAGE), 409, "ScopeLocked")
        listed = self.get(self.group + "/providers/Microsoft.Authorization/locks").json["value"]
        self.assertEqual([(l["id"], l["properties"]["level"]) for l in listed],
                         [(lock, "ReadOnly")])
        self.assertEqual(self.session.send("DELETE", lock).status, 200)
        # A lock on what is inside keeps the group, too.
        inner = path + "/providers/Microsoft.Authorization/locks/inner"
        self.put(inner, {"properties": {"level": "CanNotDelete"}})
        self.assert_error(self.session.send("DELETE", self.group), 409, "ScopeLocked")
        self.assertEqual(self.session.send("DELETE", inner).status, 200)
        self.assertEqual(self.session.send("DELETE", inner).status, 204)


class Slowly(CloudTest):
    """At a pace at which the states between can be seen."""

    arguments = ("--pace", "0.2", "--auto-approve")

    def test_states_and_deletion(self):
        session = Session(self.cloud)
        group = session.subscription + "/resourceGroups/rg-slow"
        session.send("PUT", group, {"location": "koreacentral"})
        account = group + "/providers/Microsoft.Storage/storageAccounts/slowaccount"
        begun = session.send("PUT", account, STORAGE)
        states = [session.get(account).json["properties"]["provisioningState"]]
        answers = session.follow(begun)
        states.append(session.get(account).json["properties"]["provisioningState"])
        self.assertEqual(states, ["Creating", "Succeeded"])
        self.assertIn(202, [a.status for a in answers[1:]])
        tenant = session.get("/tenants").json["value"][0]["tenantId"]
        session.send("PUT", group + "/providers/Microsoft.KeyVault/vaults/kv-slow", {
            "location": "koreacentral",
            "properties": {"tenantId": tenant, "sku": {"family": "A", "name": "standard"}}})

        begun = session.send("DELETE", group)
        self.assertEqual(session.get(group).json["properties"]["provisioningState"], "Deleting")
        refused = session.send("PUT", group + "/providers/Microsoft.Storage/storageAccounts/late1",
                               STORAGE)
        self.assertEqual((refused.status, refused.code), (409, "ResourceGroupBeingDeleted"))
        self.assertEqual(session.send("DELETE", group).status, 202)
        answers = session.follow(begun)
        self.assertGreater(len(answers), 3)
        locations = [a.headers["Location"] for a in answers[:-1]]
        self.assertEqual(len(set(locations)), len(locations))
        self.assertGreater(min(map(len, locations)), 3000)
        self.assertEqual((answers[-1].status, answers[-1].body), (200, b""))
        self.assertEqual(session.get(group).status, 404)
        self.assertEqual(session.send("HEAD", group).status, 404)
        deleted = session.get(session.subscription
                              + "/providers/Microsoft.KeyVault/deletedVaults").json["value"]
        self.assertEqual([d["name"] for d in deleted], ["kv-slow"])


class Restart(unittest.TestCase):
    def test_killed_it_goes_on(self):
        cloud = Cloud("--pace", "0.5", "--auto-approve")
        try:
            session = Session(cloud)
            port = cloud.port
            group = session.subscription + "/resourceGroups/rg-kept"
            session.send("PUT", group, {"location": "koreacentral", "tags": {"a": "가"}})
            path = group + "/providers/Microsoft.Storage/storageAccounts/keptaccount"
            begun = session.send("PUT", path, STORAGE)
            context = cloud.context
            cloud.kill()
            cloud.start()
            # Same port, same authority, same token, and the operation goes on.
            self.assertEqual(cloud.port, port)
            cloud.context = context
            self.assertEqual(session.get(group).json["tags"], {"a": "가"})
            self.assertEqual(session.follow(begun)[-1].json["name"], "keptaccount")
            refreshed = cloud.token(grant_type="refresh_token", scope="openid offline_access",
                                    refresh_token=session.tokens["refresh_token"])
            self.assertEqual(refreshed.status, 200)
        finally:
            cloud.stop()

    def test_broken_state_is_said(self):
        cloud = Cloud("--pace", "0")
        cloud.kill()
        # With its journal the database would be restored.
        os.remove(os.path.join(cloud.state, "state.sqlite-wal"))
        with open(os.path.join(cloud.state, "state.sqlite"), "wb") as file:
            file.write(b"this is no database, and longer than a header of one" * 10)
        with self.assertRaises(RuntimeError):
            cloud.start()
        cloud.process.stdin.close()
        self.assertEqual(cloud.end(), 1)
        shutil.rmtree(cloud.state)

    def test_it_ends_with_its_input(self):
        cloud = Cloud("--pace", "0")
        begin = time.monotonic()
        self.assertEqual(cloud.stop(), 0)
        self.assertLess(time.monotonic() - begin, 5)


if __name__ == "__main__":
    unittest.main()
