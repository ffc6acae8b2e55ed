# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's notebook does with azure-ai-ml, and what follows. Run by test_azure_ai_ml.py."""

import os
import sys
import time

from azure.ai.ml import MLClient, command
from azure.ai.ml.entities import AmlCompute
from azure.ai.ml.exceptions import JobException
from azure.identity import DeviceCodeCredential

subscription, group, workspace = sys.argv[1:]
credential = DeviceCodeCredential(prompt_callback=lambda *_: None)
ml_client = MLClient(credential, subscription, group, workspace)
assert ml_client.workspaces.get(workspace).location == "koreacentral"

job = command(
    code="./src",
    command="python train.py --rate 0.1",
    environment="AzureML-sklearn-1.5@latest",
    compute="aml-cluster",
    display_name="diabetes-train-script",
    experiment_name="diabetes-training")
returned_job = ml_client.create_or_update(job)
ml_client.jobs.stream(returned_job.name)
assert ml_client.jobs.get(returned_job.name).status == "Completed"
ml_client.jobs.download(returned_job.name, download_path="results", all=True)
for path, content in (("user_logs/std_log.txt", "rate 0.1\n"), ("outputs/result.txt", "done")):
    with open(os.path.join("results", "artifacts", path)) as file:
        assert file.read() == content, path

failing = ml_client.create_or_update(command(
    code="./src", command="python nothing.py", environment="AzureML-sklearn-1.5@latest",
    compute="aml-cluster"))
try:
    ml_client.jobs.stream(failing.name)
    raise AssertionError("the failure was not told")
except JobException as error:
    assert "nothing.py" in str(error), error

endless = ml_client.create_or_update(command(
    command="sleep 600", environment="AzureML-sklearn-1.5@latest", compute="aml-cluster"))
while ml_client.jobs.get(endless.name).status != "Running":
    time.sleep(0.1)
ml_client.jobs.begin_cancel(endless.name).result()
assert ml_client.jobs.get(endless.name).status == "Canceled"
assert {j.name for j in ml_client.jobs.list()} == {returned_job.name, failing.name, endless.name}

made = ml_client.compute.begin_create_or_update(
    AmlCompute(name="second", size="STANDARD_DS11_V2", max_instances=2)).result()
assert made.provisioning_state == "Succeeded"
assert {c.name for c in ml_client.compute.list()} == {"aml-cluster", "second"}
assert "AzureML-sklearn-1.5" in {e.name for e in ml_client.environments.list()}
print("all done")
