# SPDX-License-Identifier: GPL-3.0-or-later
"""Template deployments: expressions, order, what fails and how it is told."""

import unittest

from practice_cloud import CloudTest, Session

API = "2019-04-01"


def account(name, **more):
    return {"type": "Microsoft.Storage/storageAccounts", "apiVersion": API, "name": name,
            "location": "[resourceGroup().location]", "sku": {"name": "Standard_LRS"},
            "kind": "StorageV2", "properties": {}, **more}


class Deployments(CloudTest):
    arguments = ("--pace", "0.05", "--auto-approve")

    def setUp(self):
        self.session = Session(self.cloud)
        self.group = (self.session.subscription + "/resourceGroups/rg-"
                      + self.id().rsplit("_", 1)[1])
        self.session.send("PUT", self.group, {"location": "koreacentral"})
        self.path = self.group + "/providers/Microsoft.Resources/deployments/first"

    def body(self, resources, values=None, declared=None, variables=None):
        return {"properties": {
            "mode": "Incremental",
            "template": {"resources": resources, "parameters": declared or {},
                         "variables": variables or {}},
            "parameters": {n: {"value": v} for n, v in (values or {}).items()}}}

    def deploy(self, *arguments, **more):
        return self.session.send("PUT", self.path, self.body(*arguments, **more))

    def evaluate(self, expression, **template):
        """The value of an expression, as the tag of a vault that was deployed."""
        vault = {"type": "Microsoft.KeyVault/vaults", "apiVersion": API, "name": "kv-expression",
                 "location": "eastus", "tags": {"value": expression},
                 "properties": {"tenantId": "[subscription().tenantId]",
                                "sku": {"name": "standard"}}}
        answer = self.deploy([vault], **template)
        if answer.status >= 400:
            return answer.code
        self.session.follow(answer)
        return self.session.get(self.group + "/providers/Microsoft.KeyVault/vaults/kv-expression"
                                ).json["tags"]["value"]

    def test_order_and_states(self):
        logs = "[resourceId('Microsoft.OperationalInsights/workspaces', 'logs-order')]"
        resources = [
            {"type": "Microsoft.Insights/components", "apiVersion": "2020-02-02",
             "name": "ai-order", "location": "eastus", "kind": "web",
             "dependsOn": [logs],
             "properties": {"Application_Type": "web", "WorkspaceResourceId": logs}},
            {"type": "Microsoft.OperationalInsights/workspaces", "apiVersion": "2020-08-01",
             "name": "logs-order", "location": "eastus", "dependsOn": ["[parameters('account')]"],
             "properties": {}},
            account("[parameters('account')]"),
            account("leftout", condition="[equals(parameters('account'), 'other')]"),
        ]
        answer = self.deploy(resources, {"account": "deployorder1"},
                             declared={"account": {"type": "string"}})
        self.assertEqual(answer.status, 201)
        self.assertEqual(answer.json["properties"]["provisioningState"], "Accepted")
        states = [a.json["status"] for a in self.session.follow(answer)[1:]]
        self.assertEqual(states[-1], "Succeeded")
        self.assertIn("Running", states)
        shown = self.session.get(self.path).json["properties"]
        self.assertEqual(shown["provisioningState"], "Succeeded")
        self.assertEqual([r["id"].rsplit("/", 1)[1] for r in shown["outputResources"]],
                         ["deployorder1", "logs-order", "ai-order"])
        operations = self.session.get(self.group + "/deployments/first/operations").json["value"]
        self.assertEqual({o["properties"]["provisioningState"] for o in operations}, {"Succeeded"})

    def test_nested_deployments(self):
        def nested(name, resources, **place):
            return {"type": "Microsoft.Resources/deployments", "apiVersion": "2019-10-01",
                    "name": name, **place, "properties": {
                        "mode": "Incremental", "template": {"resources": resources}}}
        logs = {"type": "Microsoft.OperationalInsights/workspaces", "apiVersion": "2020-08-01",
                "name": "logs-default", "location": "eastus", "properties": {}}
        group = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2018-05-01",
                 "name": "rg-default", "location": "eastus", "properties": {}}
        answer = self.deploy([
            nested("logs", [logs], resourceGroup="rg-default", dependsOn=["group"]),
            nested("group", [group], location="eastus")])
        self.assertEqual(self.session.follow(answer)[-1].json["status"], "Succeeded")
        made = self.session.get(self.session.subscription + "/resourceGroups/rg-default/resources"
                                "?$filter=substringof('default',name)").json["value"]
        self.assertEqual([r["name"] for r in made], ["logs-default"])
        operations = self.session.get(self.path + "/operations").json["value"]
        self.assertEqual([o["properties"]["targetResource"]["resourceName"] for o in operations],
                         ["group", "logs"])

    def test_failure_is_nested(self):
        answer = self.deploy([account("Wrong_Name"), account("never1")])
        self.assertEqual(answer.status, 201)
        last = self.session.follow(answer)[-1].json
        self.assertEqual(last["status"], "Failed")
        self.assertEqual(last["error"]["code"], "DeploymentFailed")
        self.assertEqual(last["error"]["details"][0]["code"], "AccountNameInvalid")
        operation = self.session.get(self.path + "/operations").json["value"][0]["properties"]
        self.assertEqual(operation["statusMessage"]["error"]["code"], "AccountNameInvalid")
        self.assertEqual(self.session.get(self.group + "/providers/Microsoft.Storage"
                                          "/storageAccounts/never1").status, 404)

    def test_active(self):
        self.assertEqual(self.deploy([account("deployactive")]).status, 201)
        again = self.deploy([account("deployactive")])
        self.assertEqual((again.status, again.code), (409, "DeploymentActive"))

    def test_expressions(self):
        for expression, value in (
                ("[concat('a', toLower('B'), string(3))]", "ab3"),
                ("[if(equals(1, 2), variables('nowhere'), 'else')]", "else"),
                ("[if(or(false(), not(empty('x'))), 'it''s', parameters('nowhere'))]", "it's"),
                ("[variables('v').list[1].name]", "second"),
                ("[if(equals(json('null'), null()), 'null', 'other')]", "null"),
                ("[resourceId('other-group', 'A.B/c/d', 'x', 'y')]",
                 self.session.subscription + "/resourceGroups/other-group/providers/A.B/c/x/d/y"),
                ("[[literal]", "[literal]"), ("plain", "plain"),
                ("[nowhere()]", "InvalidTemplate"), ("[concat('a']", "InvalidTemplate"),
                ("[variables('loop')]", "InvalidTemplate"), ("['a' 'b']", "InvalidTemplate"),
                ("[]", "InvalidTemplate"), ("[" + "concat(" * 100 + "]", "InvalidTemplate"),
                ("[variables('bomb9')]", "InvalidTemplate")):
            variables = {"v": {"list": [{}, {"name": "second"}]}, "loop": "[variables('loop')]",
                         "bomb0": "bomb"}
            for i in range(9):
                variables[f"bomb{i + 1}"] = ("[concat(" + ",".join(
                    [f"variables('bomb{i}')"] * 30) + ")]")
            self.assertEqual(self.evaluate(expression, variables=variables), value, expression)
        first = self.evaluate("[uniqueString('a', 'b')]")
        self.assertRegex(first, "^[a-z2-7]{13}$")
        self.assertEqual(self.evaluate("[uniqueString('a', 'b')]"), first)
        self.assertNotEqual(self.evaluate("[uniqueString('a', 'c')]"), first)

    def test_refused_templates(self):
        cases = [
            [account("a", dependsOn=["b"]), account("b", dependsOn=["a"])],
            [{"type": "Microsoft.Resources/deployments", "name": "n", "apiVersion": API}],
            [{"name": "n"}], [5], [account("a/b")], [account("[parameters('missing')]")],
        ]
        for resources in cases:
            answer = self.deploy(resources)
            self.assertEqual((answer.status, answer.code), (400, "InvalidTemplate"), resources)
            check = self.session.send("POST", self.path + "/validate", self.body(resources))
            self.assertEqual(check.status, 400)
        self.assertEqual(self.session.get(self.path).code, "DeploymentNotFound")
        good = self.session.send("POST", self.path + "/validate", self.body([account("good1")]))
        self.assertEqual(len(good.json["properties"]["validatedResources"]), 1)


if __name__ == "__main__":
    unittest.main()
