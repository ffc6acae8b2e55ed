#!/usr/bin/env python3
"""What goes wrong outside the application is told: what it is, what it means and what to do; and
nothing is lost.

usage: bad_input.py LANGUAGE
"""
import http.server
import json
import socket
import sys
import threading

from desk import Desk


def assert_told(desk, title, timeout=60):
    """Waits for the card of an error, which has a title, its meaning and an advice."""
    node = desk.ui.wait_for(title, "label", timeout)
    card = node.get_parent().get_parent()
    labels = [child.get_name() for child in desk.ui.walk(card)
              if child.get_role_name() == "label" and child.get_name()]
    assert len(labels) >= 3, labels


def get_closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Refusing(http.server.BaseHTTPRequestHandler):
    """A proxy that lets nobody through."""

    def do_CONNECT(self):
        self.send_error(403)

    def log_message(self, *arguments):
        pass


def test_no_proxy(language):
    with Desk(language=language) as desk:
        desk.start(proxy=f"http://127.0.0.1:{get_closed_port()}")
        desk.ui.click("Get a Code")
        assert_told(desk, "The proxy does not answer")
        desk.end()


def test_refusing_proxy(language):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Desk(language=language) as desk:
        desk.start(proxy=f"http://127.0.0.1:{server.server_port}")
        desk.ui.click("Get a Code")
        assert_told(desk, "The proxy does not answer")
        desk.end()
    server.shutdown()
    server.server_close()


def test_wrong_proxy(language):
    with Desk(language=language) as desk:
        desk.start(proxy="gopher://127.0.0.1")
        assert_told(desk, "The proxy does not answer")
        desk.end()


def test_revoked(language):
    """Signed out everywhere: the cloud knows none of the tokens any more."""
    with Desk(language=language) as desk:
        desk.start()
        desk.sign_in()
        desk.query("DELETE FROM tokens")
        desk.open_step("Provision")
        assert_told(desk, "A new sign-in is needed")
        desk.ui.click("Sign In Again", "push button")
        desk.wait_until(lambda: desk.query("SELECT 1 FROM tokens WHERE kind = 1"), "a new sign-in")
        desk.wait_for_step("Sign In", "Done")
        desk.open_step("Provision")
        desk.ui.click("Check Again", "push button")
        desk.provision()
        desk.end()


def test_expired(language):
    """An access token that is over is renewed without a word."""
    with Desk(language=language) as desk:
        desk.start()
        desk.sign_in()
        desk.query("UPDATE tokens SET expires_us = 1 WHERE kind = 0")
        desk.provision()
        desk.end()


def test_damaged_record(language):
    with Desk(language=language) as desk:
        desk.start()
        desk.sign_in()
        desk.provision()
        desk.end()
        (record,) = desk.records()
        text = record.read_text()
        record.write_text(text[:len(text) // 2])
        desk.start()
        desk.open_step("Provision")
        assert_told(desk, "The notes of an earlier attempt cannot be read")
        assert record.with_name(record.name + ".damaged").read_text() == text[:len(text) // 2]
        # What that attempt made is not lost: Clean Up finds it in the cloud.
        desk.open_step("Provision")
        desk.provision()
        assert len(desk.groups()) == 2
        desk.end()


def test_newer_record(language):
    with Desk(language=language) as desk:
        desk.start()
        desk.sign_in()
        desk.provision()
        desk.end()
        (record,) = desk.records()
        value = json.loads(record.read_text())
        value["version"] += 1
        record.write_text(json.dumps(value))
        desk.start()
        desk.open_step("Provision")
        assert_told(desk, "Written by a newer Labwalk")
        assert json.loads(record.read_text()) == value
        desk.end()


def main():
    tests = [test for name, test in list(globals().items()) if name.startswith("test_")]
    for test in tests:
        test(sys.argv[1])
        print(f"{test.__name__}: passed", flush=True)


main()
