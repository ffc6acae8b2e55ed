# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab makes before a job: group, workspace with its helpers, cluster; and the job itself."""

import hashlib
import time
import urllib.parse
import uuid

from practice_cloud import ARM, Session

REGION = "koreacentral"
API = REGION + ".api.azureml.ms"
ML = "Microsoft.MachineLearningServices"
ML_VERSION = "2024-04-01"
ENDED = ("Completed", "Failed", "Canceled")


def wait_until(condition, deadline=30):
    """Asks again and again until the answer is true, and returns it."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it did not come to pass in time")


class Lab(Session):
    """A signed-in client that has the lab's resources."""

    def __init__(self, cloud, name="lab"):
        super().__init__(cloud)
        self.name = name
        self.group = f"{self.subscription}/resourceGroups/rg-{name}"
        self.workspace = f"{self.group}/providers/{ML}/workspaces/mlw-{name}"
        self.account = "st" + name.replace("-", "")

    def ml(self, method, path, body=None, version=ML_VERSION, headers=None):
        """One request about the workspace or what is in it."""
        return self.send(method, self.workspace + path, body, version, headers)

    def data(self, method, path, body=None, area="history/v1.0"):
        """One request to the data plane about the workspace."""
        import json
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        return self.cloud.send(API, method, f"/{area}{self.workspace}{path}", body, headers)

    def blob(self, method, url, body=None, headers=None, **query):
        """One request to the blob service; @url may carry a SAS."""
        parts = urllib.parse.urlsplit(url)
        text = "&".join(filter(None, [urllib.parse.urlencode(query), parts.query]))
        return self.cloud.send(parts.hostname, method, parts.path + ("?" + text if text else ""),
                               body, headers)

    def make_group(self):
        for provider in (ML, "Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Insights",
                         "Microsoft.OperationalInsights"):
            self.send("POST", f"{self.subscription}/providers/{provider}/register")
            wait_until(lambda: self.get(f"{self.subscription}/providers/{provider}")
                       .json["registrationState"] == "Registered")
        assert self.send("PUT", self.group, {"location": REGION}).status == 201

    def make_helpers(self):
        """Storage, vault, log analytics, insights. Returns the workspace's properties."""
        base = self.group + "/providers/"
        tenant = self.get("/tenants").json["value"][0]["tenantId"]
        ids = {"storageAccount": base + "Microsoft.Storage/storageAccounts/" + self.account,
               "keyVault": base + "Microsoft.KeyVault/vaults/kv-" + self.name,
               "logs": base + "Microsoft.OperationalInsights/workspaces/log-" + self.name,
               "applicationInsights": base + "Microsoft.Insights/components/appi-" + self.name}
        self.follow(self.send("PUT", ids["storageAccount"], {
            "location": REGION, "sku": {"name": "Standard_LRS"}, "kind": "StorageV2",
            "properties": {}}))
        self.send("PUT", ids["keyVault"], {"location": REGION, "properties": {
            "tenantId": tenant, "sku": {"family": "A", "name": "standard"}, "accessPolicies": []}})
        logs = ids.pop("logs")
        self.send("PUT", logs, {"location": REGION, "properties": {}})
        self.send("PUT", ids["applicationInsights"], {
            "location": REGION, "kind": "web",
            "properties": {"Application_Type": "web", "WorkspaceResourceId": logs}})
        return ids

    def workspace_body(self, properties):
        return {"location": REGION, "identity": {"type": "SystemAssigned"}, "kind": "Default",
                "properties": {"friendlyName": "mlw-" + self.name, **properties}}

    def make_workspace(self):
        self.make_group()
        answer = self.ml("PUT", "", self.workspace_body(self.make_helpers()))
        assert answer.status == 202, answer.body
        self.follow(answer)

    def cluster_body(self, nodes=2, size="STANDARD_DS11_V2", minimum=0):
        return {"location": REGION, "properties": {"computeType": "AmlCompute", "properties": {
            "osType": "Linux", "vmSize": size, "vmPriority": "Dedicated",
            "scaleSettings": {"minNodeCount": minimum, "maxNodeCount": nodes,
                              "nodeIdleTimeBeforeScaleDown": "PT2M"}}}}

    def make_cluster(self, name="aml-cluster", **rest):
        answer = self.ml("PUT", "/computes/" + name, self.cluster_body(**rest))
        assert answer.status == 201, answer.body
        self.follow(answer)

    def upload_code(self, files):
        """Uploads a folder as azure-ai-ml 1.9 does. Returns the code's id."""
        names = sorted(files, key=str.lower)
        digest = hashlib.sha256(str(len(names)).encode())
        for name in names:
            digest.update(f"#{name}#{len(files[name])}".encode())
        for name in names:
            digest.update(files[name])
        code = "/codes/" + str(uuid.uuid4()) + "/versions"
        known = self.ml("GET", f"{code}?hash={digest.hexdigest()}&hashVersion=202208"
                        f"&api-version={ML_VERSION}").json["value"]
        if known:
            return known[0]["id"]
        pending = self.ml("POST", code + "/1/startPendingUpload",
                          {"pendingUploadType": "TemporaryBlobReference"}).json
        place = pending["blobReferenceForConsumption"]
        base, sas = place["credential"]["sasUri"].split("?", 1)
        for name in names:
            url = f"{base}/src/{urllib.parse.quote(name)}?{sas}"
            answer = self.blob("PUT", url, files[name],
                               {"x-ms-blob-type": "BlockBlob", "If-None-Match": "*"})
            assert answer.status == 201, answer.body
        answer = self.ml("PUT", code + "/1", {"properties": {
            "properties": {"hash_sha256": digest.hexdigest(), "hash_version": "202208"},
            "isAnonymous": True, "isArchived": False, "codeUri": place["blobUri"] + "/src"}})
        assert answer.status == 201, answer.body
        return answer.json["id"]

    def job_body(self, command, code=None, compute="aml-cluster", **rest):
        body = {"jobType": "Command", "displayName": "a job", "experimentName": "tests",
                "command": command, "environmentId": "azureml:AzureML-sklearn-1.5@latest",
                "computeId": f"{self.workspace}/computes/{compute}", **rest}
        if code:
            body["codeId"] = code
        return {"properties": body}

    def submit(self, name, command, files=None, **rest):
        code = self.upload_code(files) if files else None
        answer = self.ml("PUT", "/jobs/" + name, self.job_body(command, code, **rest))
        assert answer.status == 201, answer.body
        return answer.json

    def status(self, name):
        return self.ml("GET", "/jobs/" + name).json["properties"]["status"]

    def details(self, name):
        return self.data("GET", f"/runs/{name}/details").json

    def log(self, name, path="user_logs/std_log.txt"):
        """What the job has printed, so far."""
        url = self.details(name)["logFiles"].get(path)
        return self.blob("GET", url).body.decode() if url else ""

    def wait_for_end(self, name, deadline=60):
        return wait_until(lambda: (s := self.status(name)) in ENDED and s, deadline)

    def shared_key(self, method, path, query=None, body=b"", headers=None):
        """One request signed with the account key, as the storage SDKs sign it."""
        import base64
        import hmac
        key = self.ml("POST", "/datastores/workspaceblobstore/listSecrets").json["key"]
        headers = {"x-ms-version": "2021-12-02", "x-ms-date": "Mon, 23 Nov 2026 10:00:00 GMT",
                   **(headers or {})}
        query = query or {}
        length = str(len(body)) if body else ""
        if body:
            headers["Content-Length"] = length
        lines = [method, "", "", length, headers.get("Content-MD5", ""),
                 headers.get("Content-Type", ""), "", "", headers.get("If-Match", ""),
                 headers.get("If-None-Match", ""), "", headers.get("Range", "")]
        own = sorted((n.lower(), v) for n, v in headers.items() if n.lower().startswith("x-ms-"))
        text = "\n".join(lines) + "\n" + "".join(f"{n}:{v}\n" for n, v in own)
        text += f"/{self.account}{path}" + "".join(f"\n{n}:{query[n]}" for n in sorted(query))
        signature = base64.b64encode(hmac.new(base64.b64decode(key), text.encode(),
                                              hashlib.sha256).digest()).decode()
        headers["Authorization"] = f"SharedKey {self.account}:{signature}"
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        return self.cloud.send(self.account + ".blob.core.windows.net", method, target,
                               body or None, headers)
