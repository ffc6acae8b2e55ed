# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the real practice cloud and speaks to it as a client does: CONNECT, TLS, HTTP."""

import base64
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.parse

ARM = "management.azure.com"
LOGIN = "login.microsoftonline.com"
CLIENT = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ARM_SCOPE = "https://management.azure.com/.default openid profile offline_access"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The code of an error of the resource manager."""
        return self.json["error"]["code"]


class Cloud:
    """One practice cloud and the connections to it."""

    def __init__(self, *arguments, state=None):
        self.own_state = state is None
        self.state = state or tempfile.mkdtemp(prefix="labwalk-practice-")
        self.arguments = arguments
        self.connections = {}
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [os.environ["LW_PRACTICE_CLOUD"], "--state", self.state, "--end-with-stdin",
             *self.arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the practice cloud did not start")
        self.ready = json.loads(line)
        self.port = int(self.ready["proxy"].rsplit(":", 1)[1])
        self.context = ssl.create_default_context(cafile=self.ready["ca"])
        self.context.verify_flags |= ssl.VERIFY_X509_STRICT

    def kill(self):
        """Ends it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.stdin.close()
        self.end()

    def stop(self):
        """Ends it in order. Returns its exit code."""
        self.process.stdin.close()
        code = self.end()
        if self.own_state:
            shutil.rmtree(self.state)
        return code

    def end(self):
        code = self.process.wait(20)
        self.process.stdout.close()
        for connection in self.connections.values():
            connection.close()
        self.connections.clear()
        return code

    def connect(self, host):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context,
                                                 timeout=20)
        connection.set_tunnel(host, 443)
        return connection

    def send(self, host, method, target, body=None, headers=None):
        """One request on the kept connection to a host."""
        if host not in self.connections:
            self.connections[host] = self.connect(host)
        connection = self.connections[host]
        connection.request(method, target, body, headers or {})
        return Answer(connection.getresponse())

    def browse(self, method, target, form=None, headers=None):
        """One request as a person's browser makes it, without proxy."""
        headers = dict(headers or {})
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(form)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, target, body, headers)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def post_form(self, path, **fields):
        return self.send(LOGIN, "POST", path, urllib.parse.urlencode(fields),
                         {"Content-Type": "application/x-www-form-urlencoded"})

    def token(self, tenant="organizations", **fields):
        return self.post_form(f"/{tenant}/oauth2/v2.0/token", client_id=CLIENT, **fields)

    def sign_in(self, scope=ARM_SCOPE):
        """Signs in by device code; the cloud was started with --auto-approve."""
        code = self.post_form("/organizations/oauth2/v2.0/devicecode", client_id=CLIENT,
                              scope=scope).json["device_code"]
        answer = self.token(grant_type="urn:ietf:params:oauth:grant-type:device_code",
                            device_code=code)
        return answer.json


class Session:
    """A signed-in client of the resource manager."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.tokens = cloud.sign_in()
        self.headers = {"Authorization": "Bearer " + self.tokens["access_token"]}
        self.subscription = self.get("/subscriptions").json["value"][0]["id"]

    def send(self, method, path, body=None, version="2024-03-01", headers=None):
        target = path
        if "api-version" not in path:
            target += ("&" if "?" in path else "?") + "api-version=" + version
        headers = {**self.headers, **(headers or {})}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        return self.cloud.send(ARM, method, target, data, headers)

    def get(self, path, **rest):
        return self.send("GET", path, **rest)

    def follow(self, answer, deadline=20):
        """Polls Location or Azure-AsyncOperation until it ends. Returns all answers."""
        answers = [answer]
        end = time.monotonic() + deadline
        url = answer.headers["Azure-AsyncOperation"] or answer.headers["Location"]
        while time.monotonic() < end:
            parts = urllib.parse.urlsplit(url)
            assert parts.netloc == ARM, parts.netloc
            answer = self.get(parts.path + "?" + parts.query)
            answers.append(answer)
            running = answer.status == 202 or (
                answer.status == 200 and answer.body
                and answer.json.get("status") in ("InProgress", "Running", "Accepted"))
            if not running:
                return answers
            url = answer.headers["Azure-AsyncOperation"] or answer.headers["Location"] or url
            time.sleep(0.02)
        raise AssertionError("the operation did not end")


def make_verifier():
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class CloudTest(unittest.TestCase):
    """A practice cloud per test class."""

    arguments = ("--pace", "0", "--auto-approve")

    @classmethod
    def setUpClass(cls):
        cls.cloud = Cloud(*cls.arguments)

    @classmethod
    def tearDownClass(cls):
        if cls.cloud.stop() != 0:
            raise AssertionError("the practice cloud did not end in order")
