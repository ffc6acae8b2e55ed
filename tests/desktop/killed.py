#!/usr/bin/env python3
"""Kills the application, and the practice cloud, in the middle of work: it goes on, nothing is there
twice, nothing is forgotten.

usage: killed.py LANGUAGE
"""
import collections
import sys

from desk import ML, Desk

# Types as Azure spells them in lists of resources, which is not always as they are made.
COMPLETE = collections.Counter({
    "Microsoft.Storage/storageAccounts": 1, "Microsoft.KeyVault/vaults": 1,
    "Microsoft.OperationalInsights/workspaces": 1, "microsoft.insights/components": 1,
    ML + "/workspaces": 1, ML + "/workspaces/computes": 2})
# Moments of provisioning: when the first of it is in the cloud.
MOMENTS = ("group", "Microsoft.Storage/storageAccounts", ML + "/workspaces",
           ML + "/workspaces/computes")
# Slow enough that each moment is one, in seconds.
PACE = "0.3"


def assert_complete(desk):
    """All of the lab is there, each of it once, under the names of the one record."""
    assert len(desk.groups()) == 1, desk.groups()
    resources = desk.resources()
    kinds = collections.Counter(item.split()[0] for item in resources)
    assert kinds == COMPLETE, kinds
    names = {item.split()[1] for item in resources} | {desk.groups()[0]["name"]}
    text = desk.records()[0].read_text()
    assert len(desk.records()) == 1, desk.records()
    for name in names:
        assert f'"{name}"' in text, f"the record does not know {name}"


def go_on(desk):
    """Starts again after a kill. The person is still signed in and only opens the step."""
    desk.start()
    desk.wait_for_step("Sign In", "Done")
    desk.open_step("Provision")


def test_application(language):
    with Desk(language=language, pace=PACE) as desk:
        desk.start()
        desk.sign_in()
        desk.begin_to_provision()
        for moment in MOMENTS:
            desk.wait_until(lambda: desk.has(moment), moment)
            desk.ui.kill()
            # Whatever is there, the record has known before.
            assert "provision-started" in desk.records()[0].read_text()
            go_on(desk)
        desk.wait_for_step("Provision", "Done", 120)
        assert_complete(desk)
        desk.end()


def test_cloud(language):
    with Desk(language=language, pace=PACE) as desk:
        desk.start()
        desk.sign_in()
        desk.begin_to_provision()
        for moment in MOMENTS:
            desk.wait_until(lambda: desk.has(moment), moment)
            desk.cloud.kill()
            desk.cloud.start()
        desk.wait_for_step("Provision", "Done", 120)
        assert_complete(desk)
        desk.end()


def main():
    language = sys.argv[1]
    for test in (test_application, test_cloud):
        test(language)
        print(f"{test.__name__}: passed", flush=True)


main()
