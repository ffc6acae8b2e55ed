# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in: discovery, device code, authorization code with PKCE, refresh, what is refused."""

import base64
import json
import os
import re
import sqlite3
import unittest
import urllib.parse

from practice_cloud import ARM, ARM_SCOPE, CLIENT, LOGIN, CloudTest, Session, make_verifier

REDIRECT = "http://localhost:54321"


def decode(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class WithPerson(CloudTest):
    arguments = ("--pace", "0")

    def authorize(self, challenge, **more):
        query = {"client_id": CLIENT, "response_type": "code", "redirect_uri": REDIRECT,
                 "scope": ARM_SCOPE, "state": "s&=1", "nonce": "n1", "code_challenge": challenge,
                 "code_challenge_method": "S256", **more}
        return self.cloud.browse("GET", "/organizations/oauth2/v2.0/authorize?"
                                 + urllib.parse.urlencode(query))

    def answer_page(self, page, account=0):
        html = page.body.decode()
        session = re.search('name="session" value="([^"]+)"', html)[1]
        buttons = re.findall('<button[^>]*name="account" value="([^"]*)"', html)
        action = re.search('action="([^"]+)"', html)[1]
        return self.cloud.browse("POST", action, {"session": session, "account": buttons[account]})

    def get_code(self, challenge, **more):
        back = self.answer_page(self.authorize(challenge, **more))
        self.assertEqual(back.status, 303)
        self.assertTrue(back.headers["Location"].startswith(REDIRECT + "?"))
        return dict(urllib.parse.parse_qsl(back.headers["Location"].split("?", 1)[1]))

    def redeem(self, code, verifier, redirect=REDIRECT):
        return self.cloud.token(grant_type="authorization_code", code=code, redirect_uri=redirect,
                                code_verifier=verifier, client_info="1")

    def test_discovery(self):
        answer = self.cloud.send(LOGIN, "GET",
                                 "/organizations/v2.0/.well-known/openid-configuration").json
        self.assertIn("{tenantid}", answer["issuer"])
        self.assertTrue(answer["token_endpoint"].startswith("https://" + LOGIN + "/organizations/"))
        self.assertTrue(answer["authorization_endpoint"].startswith(self.cloud.ready["browser"]))
        authority = urllib.parse.quote(f"https://{LOGIN}/organizations/oauth2/v2.0/authorize")
        path = "/common/discovery/instance?api-version=1.1&authorization_endpoint="
        self.assertEqual(self.cloud.send(LOGIN, "GET", path + authority).status, 200)
        wrong = self.cloud.send(LOGIN, "GET", path + "https%3A%2F%2Fexample.com%2Fx")
        self.assertEqual((wrong.status, wrong.json["error"]), (400, "invalid_instance"))

    def test_code_with_pkce(self):
        verifier, challenge = make_verifier()
        fields = self.get_code(challenge)
        self.assertEqual(fields["state"], "s&=1")
        tokens = self.redeem(fields["code"], verifier).json
        identity = decode(tokens["id_token"])
        self.assertEqual(identity["nonce"], "n1")
        self.assertEqual(identity["preferred_username"], "haneul@labwalk.example")
        self.assertEqual(identity["aud"], CLIENT)
        self.assertIn("refresh_token", tokens)
        self.assertIn("client_info", tokens)
        answer = self.cloud.send(ARM, "GET", "/tenants?api-version=2022-12-01", None,
                                 {"Authorization": "Bearer " + tokens["access_token"]})
        self.assertEqual(answer.status, 200)
        self.assertIn(identity["tid"], [t["tenantId"] for t in answer.json["value"]])

    def test_code_works_once(self):
        verifier, challenge = make_verifier()
        code = self.get_code(challenge)["code"]
        self.assertEqual(self.redeem(code, verifier).status, 200)
        again = self.redeem(code, verifier)
        self.assertEqual((again.status, again.json["error"]), (400, "invalid_grant"))
        self.assertEqual(again.json["error_codes"], [54005])

    def test_wrong_verifier(self):
        verifier, challenge = make_verifier()
        other, _ = make_verifier()
        code = self.get_code(challenge)["code"]
        answer = self.redeem(code, other)
        self.assertEqual(answer.json["error_codes"], [501481])
        # It cannot be tried again with the right one.
        self.assertEqual(self.redeem(code, verifier).status, 400)

    def test_wrong_redirect(self):
        verifier, challenge = make_verifier()
        code = self.get_code(challenge)["code"]
        answer = self.redeem(code, verifier, REDIRECT + "1")
        self.assertEqual(answer.json["error_codes"], [500112])
        for foreign in ("http://example.com/", "https://localhost/", "http://localhost.example/",
                        "http://localhost@example.com/", "javascript:alert(1)"):
            page = self.authorize(challenge, redirect_uri=foreign)
            self.assertEqual(page.status, 400, foreign)
            self.assertNotIn("Location", page.headers)

    def test_declined(self):
        _, challenge = make_verifier()
        back = self.answer_page(self.authorize(challenge), account=-1)
        self.assertIn("error=access_denied", back.headers["Location"])

    def test_form_post(self):
        verifier, challenge = make_verifier()
        page = self.answer_page(self.authorize(challenge, response_mode="form_post"))
        self.assertEqual(page.status, 200)
        code = re.search('name="code" value="([^"]+)"', page.body.decode())[1]
        self.assertEqual(self.redeem(code, verifier).status, 200)

    def test_plain_challenge_is_refused(self):
        _, challenge = make_verifier()
        back = self.authorize(challenge, code_challenge_method="plain")
        self.assertIn("error=invalid_request", back.headers["Location"])

    def test_device_code(self):
        begun = self.cloud.post_form("/organizations/oauth2/v2.0/devicecode?mkt=ko-KR",
                                     client_id=CLIENT, scope=ARM_SCOPE).json
        self.assertIn(begun["user_code"], begun["message"])
        self.assertIn("로그인", begun["message"])
        grant = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code",
                 "device_code": begun["device_code"]}
        waiting = self.cloud.token(**grant)
        self.assertEqual((waiting.status, waiting.json["error"]), (400, "authorization_pending"))
        wrong = self.cloud.browse("POST", "/devicelogin", {"code": "NOSUCHCOD"})
        self.assertNotIn(b"session", wrong.body)
        page = self.cloud.browse("POST", "/devicelogin", {"code": begun["user_code"].lower()})
        done = self.answer_page(page)
        self.assertIn(b"signed in", done.body)
        self.assertIn("access_token", self.cloud.token(**grant).json)
        self.assertEqual(self.cloud.token(**grant).json["error"], "bad_verification_code")

    def test_device_code_declined(self):
        begun = self.cloud.post_form("/organizations/oauth2/v2.0/devicecode", client_id=CLIENT,
                                     scope=ARM_SCOPE).json
        page = self.cloud.browse("POST", "/devicelogin", {"code": begun["user_code"]})
        self.answer_page(page, account=-1)
        answer = self.cloud.token(grant_type="urn:ietf:params:oauth:grant-type:device_code",
                                  device_code=begun["device_code"])
        self.assertEqual(answer.json["error"], "authorization_declined")

    def test_pages(self):
        page = self.cloud.browse("GET", "/devicelogin", None, {"Accept-Language": "ko-KR,en;q=0.5"})
        self.assertIn("코드", page.body.decode())
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertNotRegex(page.body.decode(), r"(src|href)=")
        # A page elsewhere whose name leads to this computer is not served.
        foreign = self.cloud.browse("GET", "/devicelogin", None, {"Host": "evil.example"})
        self.assertEqual(foreign.status, 400)


class Automatic(CloudTest):
    def test_refresh_for_other_resources_and_tenants(self):
        tokens = self.cloud.sign_in()
        refreshed = self.cloud.token(grant_type="refresh_token",
                                     scope="https://storage.azure.com/.default offline_access",
                                     refresh_token=tokens["refresh_token"]).json
        self.assertEqual(decode(refreshed["access_token"])["aud"], "https://storage.azure.com")
        self.assertNotEqual(refreshed["refresh_token"], tokens["refresh_token"])
        other = "c0d3f1aa-2b57-4e0b-9a6c-7e5d1f4408b3"
        guest = self.cloud.token(other, grant_type="refresh_token", scope=ARM_SCOPE,
                                 refresh_token=refreshed["refresh_token"]).json
        self.assertEqual(decode(guest["access_token"])["tid"], other)
        wrong = self.cloud.token(grant_type="refresh_token", refresh_token="x", scope=ARM_SCOPE)
        self.assertEqual(wrong.json["error"], "invalid_grant")

    def test_client_credentials(self):
        fields = {"grant_type": "client_credentials",
                  "scope": "https://management.azure.com/.default",
                  "client_id": "b7a0f6de-31c8-4d15-8a8b-54e6c2f09d3a"}
        path = "/labwalk.example/oauth2/v2.0/token"
        answer = self.cloud.post_form(path, client_secret="practice-only", **fields).json
        self.assertNotIn("refresh_token", answer)
        wrong = self.cloud.post_form(path, client_secret="other", **fields)
        self.assertEqual((wrong.status, wrong.json["error_codes"]), (401, [7000215]))

    def test_errors(self):
        scope = "https://management.azure.com/.default https://storage.azure.com/.default"
        begun = self.cloud.post_form("/organizations/oauth2/v2.0/devicecode", client_id=CLIENT,
                                     scope=scope)
        self.assertEqual(begun.json["error_codes"], [700022])
        begun = self.cloud.post_form("/nowhere.example/oauth2/v2.0/devicecode", client_id=CLIENT,
                                     scope=ARM_SCOPE)
        self.assertEqual(begun.json["error_codes"], [90002])
        self.assertEqual(self.cloud.token().json["error_codes"], [900144])
        self.assertEqual(self.cloud.token(grant_type="password").json["error"],
                         "unsupported_grant_type")

    def test_token_is_checked(self):
        session = Session(self.cloud)
        path = "/tenants?api-version=2022-12-01"
        for header in (None, "Bearer ", "Bearer x.y.z", "Basic eDp5",
                       "Bearer " + session.tokens["access_token"] + "x"):
            answer = self.cloud.send(ARM, "GET", path, None,
                                     {"Authorization": header} if header else {})
            self.assertEqual(answer.status, 401, header)
            self.assertIn("authorization_uri", answer.headers["WWW-Authenticate"])
        storage = self.cloud.sign_in("https://storage.azure.com/.default")
        answer = self.cloud.send(ARM, "GET", path, None,
                                 {"Authorization": "Bearer " + storage["access_token"]})
        self.assertEqual((answer.status, answer.code), (401, "InvalidAuthenticationTokenAudience"))

    def test_graph(self):
        for scope, status in (("https://graph.microsoft.com/.default", 200), (ARM_SCOPE, 401)):
            token = self.cloud.sign_in(scope)["access_token"]
            answer = self.cloud.send("graph.microsoft.com", "GET", "/v1.0/me", None,
                                     {"Authorization": "Bearer " + token})
            self.assertEqual(answer.status, status)
        self.assertEqual(decode(token)["oid"], "8a1d7c52-6c1f-4a55-9d0e-2f6b0c9b7e11")

    def test_no_token_is_stored(self):
        tokens = self.cloud.sign_in()
        Session(self.cloud)
        paths = [os.path.join(folder, name)
                 for folder, _, names in os.walk(self.cloud.state) for name in names]
        self.assertTrue(any(path.endswith("state.sqlite") for path in paths))
        for path in paths:
            with open(path, "rb") as file:
                data = file.read()
            for kind in ("access_token", "refresh_token"):
                self.assertNotIn(tokens[kind][-40:].encode(), data, path)
        database = sqlite3.connect(os.path.join(self.cloud.state, "state.sqlite"))
        self.assertGreater(database.execute("SELECT count(*) FROM tokens").fetchone()[0], 0)
        database.close()


if __name__ == "__main__":
    unittest.main()
