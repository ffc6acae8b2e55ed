# SPDX-License-Identifier: GPL-3.0-or-later
"""The port itself: what is refused, what hostile bytes do, one instance per state, certificates."""

import os
import socket
import ssl
import stat
import subprocess
import time
import unittest

from practice_cloud import ARM, CloudTest, Session


class Port(CloudTest):
    def raw(self, data, wait=5):
        with socket.create_connection(("127.0.0.1", self.cloud.port), wait) as sock:
            sock.sendall(data)
            received = b""
            while True:
                try:
                    piece = sock.recv(4096)
                except ConnectionResetError:
                    return received
                if not piece:
                    return received
                received += piece

    def test_other_hosts_are_refused(self):
        for host in ("example.com", "azure.com", "evil-management.azure.com", "127.0.0.1",
                     "(browser)", "management.azure.com."):
            answer = self.raw(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            self.assertRegex(answer, rb"^HTTP/1.1 40[03] ", host)
            self.assertNotIn(b"200", answer.split(b"\r\n")[0])

    def test_hostile_heads(self):
        for head in (b"CONNECT\r\n\r\n", b"CONNECT management.azure.com:80 HTTP/1.1\r\n\r\n",
                     b"CONNECT management.azure.com:443 HTTP/9\r\n\r\n", b"C" * 20000,
                     b"CONNECT " + b"a" * 300 + b":443 HTTP/1.1\r\n\r\n",
                     b"CONNECT \xff\xfe:443 HTTP/1.1\r\n\r\n"):
            self.assertRegex(self.raw(head) or b"HTTP/1.1 400 ", rb"^HTTP/1.1 40[03] ")
        Session(self.cloud)

    def test_slow_head(self):
        with socket.create_connection(("127.0.0.1", self.cloud.port), 5) as sock:
            for byte in f"CONNECT {ARM}:443 HTTP/1.1\r\n\r\n".encode():
                sock.sendall(bytes([byte]))
            self.assertTrue(sock.recv(100).startswith(b"HTTP/1.1 200 "))
            with self.cloud.context.wrap_socket(sock, server_hostname=ARM) as tls:
                tls.sendall(f"GET / HTTP/1.1\r\nHost: {ARM}\r\n\r\n".encode())
                self.assertTrue(tls.recv(100).startswith(b"HTTP/1.1 404 "))

    def test_silent_clients_hold_up_nobody(self):
        silent = [socket.create_connection(("127.0.0.1", self.cloud.port), 5) for _ in range(40)]
        Session(self.cloud)
        for sock in silent:
            sock.close()

    def test_plain_proxy_request(self):
        answer = self.raw(b"GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n"
                          b"Connection: close\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "))

    def test_host_inside_tls(self):
        answer = self.cloud.send(ARM, "GET", "/", None, {"Host": "example.com"})
        self.assertEqual(answer.status, 400)

    def test_certificate_is_verified(self):
        context = ssl.create_default_context()
        with socket.create_connection(("127.0.0.1", self.cloud.port), 5) as sock:
            sock.sendall(f"CONNECT {ARM}:443 HTTP/1.1\r\n\r\n".encode())
            sock.recv(100)
            with self.assertRaises(ssl.SSLCertVerificationError):
                context.wrap_socket(sock, server_hostname=ARM)

    def test_malformed_targets(self):
        for target in ("/%zz", "/%00", "/%ff", "/" + "a/" * 100, "/?" + "a=b&" * 100):
            self.assertEqual(self.cloud.send(ARM, "GET", target).status, 400, target[:20])

    def test_keep_alive_is_quick(self):
        session = Session(self.cloud)
        begin = time.monotonic()
        for _ in range(100):
            session.get("/tenants")
        self.assertLess(time.monotonic() - begin, 2)

    def test_state_directory(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.cloud.state).st_mode), 0o700)
        for name in os.listdir(self.cloud.state):
            self.assertEqual(os.stat(os.path.join(self.cloud.state, name)).st_mode & 0o077, 0, name)

    def test_one_instance_per_state(self):
        second = subprocess.run([os.environ["LW_PRACTICE_CLOUD"], "--state", self.cloud.state],
                                capture_output=True, text=True, timeout=20, check=False)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("another practice cloud", second.stderr)
        self.assertEqual(second.stdout, "")

    def test_arguments(self):
        for arguments in ([], ["--state", "x", "--port", "70000"],
                          ["--state", "x", "--pace", "-1"]):
            run = subprocess.run([os.environ["LW_PRACTICE_CLOUD"], *arguments], timeout=20,
                                 capture_output=True, check=False, cwd=self.cloud.state)
            self.assertEqual(run.returncode, 2)


if __name__ == "__main__":
    unittest.main()
