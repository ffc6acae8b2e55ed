# SPDX-License-Identifier: GPL-3.0-or-later
"""The Blob service: who may, ranges, conditions, blocks, lists, a kill in the middle of an upload."""

import base64
import datetime
import hashlib
import hmac
import http.client
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from practice_cloud import Cloud, CloudTest
from practice_lab import Lab

BLOCK = {"x-ms-blob-type": "BlockBlob"}
CONTAINER = "azureml"


def stamp(minutes):
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Blobs(CloudTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab = Lab(cls.cloud, "blobs")
        cls.lab.make_workspace()
        cls.host = f"https://{cls.lab.account}.blob.core.windows.net"

    def assert_error(self, answer, status, code):
        self.assertEqual((answer.status, answer.headers["x-ms-error-code"]), (status, code))
        self.assertTrue(answer.body.startswith(b"\xef\xbb\xbf<?xml"), answer.body[:40])
        self.assertEqual(ElementTree.fromstring(answer.body.decode("utf-8-sig")).find("Code").text,
                         code)

    def grant(self):
        """Address and signature of a container made for an upload."""
        name = "/codes/" + self.id().rsplit("_", 1)[1] + "/versions/1/startPendingUpload"
        reference = self.lab.ml("POST", name, {})
        uri = reference.json["blobReferenceForConsumption"]["credential"]["sasUri"]
        return uri.split("?", 1)

    def put(self, name, body, headers=None):
        base, sas = self.grant()
        return self.lab.blob("PUT", f"{base}/{name}?{sas}", body, {**BLOCK, **(headers or {})})

    def read(self, name, headers=None, method="GET", **query):
        base, sas = self.grant()
        return self.lab.blob(method, f"{base}/{name}?{sas}", None, headers, **query)

    def sign(self, path, start=-5, end=30, permissions="r", kind="b", version="2021-12-02"):
        """A SAS as a storage SDK signs it with the account key."""
        key = base64.b64decode(self.lab.ml(
            "POST", "/datastores/workspaceblobstore/listSecrets").json["key"])
        fields = {"sp": permissions, "st": stamp(start), "se": stamp(end), "sv": version,
                  "sr": kind}
        parts = [fields["sp"], fields["st"], fields["se"], f"/blob/{self.lab.account}{path}", "",
                 "", "", version, kind, "", "", "", "", "", "", ""]
        if version < "2020-12-06":
            del parts[10]
        fields["sig"] = base64.b64encode(
            hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).digest()).decode()
        return urllib.parse.urlencode(fields)

    def test_write_read(self):
        data = bytes(range(256)) * 40
        answer = self.put("a%20b/%ED%95%9C.bin", data, {
            "If-None-Match": "*", "Content-Type": "application/x-lab", "x-ms-meta-Who": "me",
            "Content-MD5": base64.b64encode(hashlib.md5(data).digest()).decode()})
        self.assertEqual(answer.status, 201, answer.body)
        self.assertRegex(answer.headers["ETag"], '^"0x8D[0-9A-F]+"$')
        whole = self.read("a%20b/%ED%95%9C.bin")
        self.assertEqual((whole.status, whole.body), (200, data))
        self.assertEqual(whole.headers["Content-Type"], "application/x-lab")
        self.assertEqual(whole.headers["x-ms-meta-who"], "me")
        self.assertEqual(whole.headers["x-ms-blob-type"], "BlockBlob")
        self.assertEqual(whole.headers["ETag"], answer.headers["ETag"])
        head = self.read("a%20b/%ED%95%9C.bin", method="HEAD")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["Content-Length"], str(len(data)))
        missing = self.read("nothing", method="HEAD")
        self.assertEqual((missing.status, missing.headers["x-ms-error-code"]),
                         (404, "BlobNotFound"))
        self.assert_error(self.read("nothing"), 404, "BlobNotFound")

    def test_refused_writes(self):
        self.assertEqual(self.put("once", b"1").status, 201)
        self.assert_error(self.put("once", b"2", {"If-None-Match": "*"}), 409, "BlobAlreadyExists")
        self.assert_error(self.put("sum", b"1", {"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}),
                          400, "Md5Mismatch")
        self.assert_error(self.read("sum"), 404, "BlobNotFound")
        self.assert_error(self.put("page", b"", {"x-ms-blob-type": "PageBlob"}), 400,
                          "InvalidHeaderValue")
        base, sas = self.grant()
        self.assert_error(self.lab.blob("PUT", f"{base}/plain?{sas}", b"1"), 400,
                          "MissingRequiredHeader")
        self.assert_error(self.lab.blob("DELETE", f"{base}/once?{sas}"), 403,
                          "AuthorizationPermissionMismatch")
        self.assertEqual(self.read("once").body, b"1")

    def test_ranges(self):
        self.put("r", b"0123456789")
        for header in ("Range", "x-ms-range"):
            part = self.read("r", {header: "bytes=3-5"})
            self.assertEqual((part.status, part.body), (206, b"345"))
            self.assertEqual(part.headers["Content-Range"], "bytes 3-5/10")
        both = self.read("r", {"Range": "bytes=0-0", "x-ms-range": "bytes=9-"})
        self.assertEqual(both.body, b"9")
        self.assertEqual(self.read("r", {"Range": "bytes=8-33554431"}).body, b"89")
        beyond = self.read("r", {"Range": "bytes=10-"})
        self.assert_error(beyond, 416, "InvalidRange")
        self.assertEqual(beyond.headers["Content-Range"], "bytes */10")
        for odd in ("bytes=5-2", "bytes=-3", "lines=1-2", "bytes=x-"):
            self.assertEqual(self.read("r", {"Range": odd}).status, 200)
        self.put("empty", b"")
        self.assertEqual((self.read("empty").status, self.read("empty").body), (200, b""))
        self.assert_error(self.read("empty", {"Range": "bytes=0-"}), 416, "InvalidRange")

    def test_conditions(self):
        first = self.put("c", b"1").headers
        self.assertEqual(self.read("c", {"If-None-Match": first["ETag"]}).status, 304)
        self.assertEqual(self.read("c", {"If-Match": first["ETag"]}).status, 200)
        self.assertEqual(self.read("c", {"If-Modified-Since": first["Last-Modified"]}).status, 304)
        second = self.put("c", b"2").headers
        self.assertNotEqual(first["ETag"], second["ETag"])
        self.assert_error(self.read("c", {"If-Match": first["ETag"]}), 412, "ConditionNotMet")
        self.assertEqual(self.read("c", {"If-None-Match": first["ETag"]}).body, b"2")
        self.assert_error(self.put("c", b"3", {"If-Match": first["ETag"]}), 412, "ConditionNotMet")

    def test_metadata(self):
        base, sas = self.grant()
        self.put("m", b"1", {"x-ms-meta-old": "x"})
        answer = self.lab.blob("PUT", f"{base}/m?{sas}", None,
                               {"x-ms-meta-upload_status": "completed"}, comp="metadata")
        self.assertEqual(answer.status, 200)
        head = self.read("m", method="HEAD").headers
        self.assertEqual((head["x-ms-meta-upload_status"], head["x-ms-meta-old"]),
                         ("completed", None))
        missing = self.lab.blob("PUT", f"{base}/none?{sas}", None, {"x-ms-meta-a": "b"},
                                comp="metadata")
        self.assert_error(missing, 404, "BlobNotFound")

    def block(self, identifier, data):
        base, sas = self.grant()
        return self.lab.blob("PUT", f"{base}/blocks?{sas}", data, comp="block", blockid=identifier)

    def commit(self, elements):
        base, sas = self.grant()
        body = '<?xml version="1.0" encoding="utf-8"?><BlockList>' + elements + "</BlockList>"
        return self.lab.blob("PUT", f"{base}/blocks?{sas}", body.encode(),
                             {"x-ms-blob-content-type": "text/plain"}, comp="blocklist")

    def test_blocks(self):
        ids = [base64.b64encode(f"{i:04}".encode()).decode() for i in range(3)]
        for number, identifier in enumerate(ids):
            self.assertEqual(self.block(identifier, bytes([65 + number]) * 5).status, 201)
        self.assert_error(self.read("blocks"), 404, "BlobNotFound")
        self.assert_error(self.commit("<Latest>bm9uZQ==</Latest>"), 400, "InvalidBlockList")
        self.assertEqual(self.commit(f"<Latest>{ids[1]}</Latest><Latest>{ids[0]}</Latest>").status,
                         201)
        self.assertEqual(self.read("blocks").body, b"BBBBBAAAAA")
        self.block(ids[2], b"new")
        self.assertEqual(self.commit(f"<Committed>{ids[0]}</Committed>"
                                     f"<Uncommitted>{ids[2]}</Uncommitted>").status, 201)
        self.assertEqual(self.read("blocks").body, b"AAAAAnew")
        self.assertEqual(self.read("blocks").headers["Content-Type"], "text/plain")
        self.assert_error(self.commit(f"<Committed>{ids[1]}</Committed>"), 400, "InvalidBlockList")
        self.assert_error(self.commit("<Latest>"), 400, "InvalidXmlDocument")

    def names(self, **query):
        base, sas = self.grant()
        answer = self.lab.blob("GET", f"{base}?{sas}", restype="container", comp="list", **query)
        self.assertEqual(answer.status, 200, answer.body)
        tree = ElementTree.fromstring(answer.body.decode("utf-8-sig"))
        found = [(e.tag, e.find("Name").text) for e in tree.find("Blobs")]
        return found, tree

    def test_list(self):
        for name in ("a.txt", "d/1", "d/2", "d/e/3", "z<&>.txt"):
            self.put(urllib.parse.quote(name), b"x", {"x-ms-meta-k": "v"})
        everything, tree = self.names(include="metadata")
        self.assertEqual([n for _, n in everything],
                         ["a.txt", "d/1", "d/2", "d/e/3", "z<&>.txt"])
        self.assertEqual(tree.find("Blobs/Blob/Metadata/k").text, "v")
        self.assertNotIn('"', tree.find("Blobs/Blob/Properties/Etag").text)
        self.assertEqual(self.names(prefix="d/")[0],
                         [("Blob", "d/1"), ("Blob", "d/2"), ("Blob", "d/e/3")])
        self.assertEqual(self.names(delimiter="/")[0],
                         [("Blob", "a.txt"), ("BlobPrefix", "d/"), ("Blob", "z<&>.txt")])
        self.assertEqual(self.names(delimiter="/", prefix="d/")[0],
                         [("Blob", "d/1"), ("Blob", "d/2"), ("BlobPrefix", "d/e/")])
        for delimiter, wanted in (("", 5), ("/", 3)):
            pages, marker = [], ""
            while marker is not None:
                found, tree = self.names(maxresults=2, delimiter=delimiter, marker=marker)
                pages.append(len(found))
                marker = tree.find("NextMarker").text
            self.assertEqual(sum(pages), wanted)
            self.assertEqual(max(pages), 2)
            self.assertGreater(pages[-1], 0)

    def test_signature_is_checked(self):
        self.put("s", b"secret")
        base, sas = self.grant()
        fields = dict(urllib.parse.parse_qsl(sas))
        for name, value in (("se", "2099-01-01T00:00:00Z"), ("sp", "rcwld"), ("sig", "AAAA"),
                            ("skoid", "0"), ("sr", "b")):
            forged = urllib.parse.urlencode({**fields, name: value})
            self.assert_error(self.lab.blob("GET", f"{base}/s?{forged}"), 403,
                              "AuthenticationFailed")
        other = f"{self.host}/{CONTAINER}/s?{sas}"
        self.assert_error(self.lab.blob("GET", other), 403, "AuthenticationFailed")
        self.assert_error(self.lab.blob("GET", f"{base}/s"), 409, "PublicAccessNotPermitted")
        both = self.lab.blob("GET", f"{base}/s?{sas}", None, self.lab.headers)
        self.assert_error(both, 400, "InvalidAuthenticationInfo")
        self.assertEqual(self.lab.blob("GET", f"{base}/s?{sas}").body, b"secret")

    def test_key_signature(self):
        path = f"/{CONTAINER}/by/key.txt"
        answer = self.lab.shared_key("PUT", path, body=b"data", headers=BLOCK)
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(self.lab.shared_key("GET", path).body, b"data")
        listed = self.lab.shared_key("GET", "/" + CONTAINER, {
            "restype": "container", "comp": "list", "prefix": "by/"})
        self.assertIn(b"<Name>by/key.txt</Name>", listed.body)
        wrong = self.cloud.send(self.lab.account + ".blob.core.windows.net", "GET", path, None, {
            "Authorization": f"SharedKey {self.lab.account}:AAAA", "x-ms-version": "2021-12-02"})
        self.assert_error(wrong, 403, "AuthenticationFailed")
        for version in ("2019-07-07", "2021-12-02"):
            url = f"{self.host}{path}?" + self.sign(path, version=version)
            self.assertEqual(self.lab.blob("GET", url).body, b"data")
            late = f"{self.host}{path}?" + self.sign(path, -60, -30, version=version)
            self.assert_error(self.lab.blob("GET", late), 403, "AuthenticationFailed")
            early = f"{self.host}{path}?" + self.sign(path, 30, 60, version=version)
            self.assert_error(self.lab.blob("GET", early), 403, "AuthenticationFailed")
        create = self.sign("/" + CONTAINER, permissions="c", kind="c")
        url = f"{self.host}/{CONTAINER}/by/new.txt?{create}"
        self.assertEqual(self.lab.blob("PUT", url, b"1", BLOCK).status, 201)
        self.assert_error(self.lab.blob("PUT", url, b"2", BLOCK), 403,
                          "AuthorizationPermissionMismatch")
        self.assertEqual(self.lab.shared_key("DELETE", path).status, 202)
        self.assert_error(self.lab.shared_key("GET", path), 404, "BlobNotFound")

    def test_bearer(self):
        tokens = self.cloud.token(grant_type="refresh_token",
                                  refresh_token=self.lab.tokens["refresh_token"],
                                  scope="https://storage.azure.com/.default").json
        url = f"{self.host}/{CONTAINER}/bearer.txt"
        good = {"Authorization": "Bearer " + tokens["access_token"], "x-ms-version": "2021-12-02"}
        self.assertEqual(self.lab.blob("PUT", url, b"1", {**good, **BLOCK}).status, 201)
        self.assertEqual(self.lab.blob("GET", url, None, good).body, b"1")
        self.assertEqual(self.lab.blob("GET", url, None, self.lab.headers).status, 401)

    def test_containers(self):
        make = {"restype": "container"}
        self.assertEqual(self.lab.shared_key("PUT", "/own-box", make).status, 201)
        self.assert_error(self.lab.shared_key("PUT", "/own-box", make), 409,
                          "ContainerAlreadyExists")
        self.assert_error(self.lab.shared_key("PUT", "/Own_Box", make), 400, "InvalidResourceName")
        self.assertIn(b"own-box", self.lab.shared_key("GET", "/", {"comp": "list"}).body)
        self.assertEqual(self.lab.shared_key("DELETE", "/own-box", make).status, 202)
        self.assert_error(self.lab.shared_key("GET", "/own-box", make), 404, "ContainerNotFound")
        self.assert_error(self.lab.blob("GET", "https://nobody.blob.core.windows.net/a/b"), 404,
                          "ResourceNotFound")


class Restart(unittest.TestCase):
    def test_killed_in_an_upload(self):
        cloud = Cloud("--pace", "0", "--auto-approve")
        try:
            lab = Lab(cloud, "kill")
            lab.make_workspace()
            reference = lab.ml("POST", "/codes/x/versions/1/startPendingUpload", {}).json
            base, sas = reference["blobReferenceForConsumption"]["credential"]["sasUri"].split("?")
            lab.blob("PUT", f"{base}/whole?{sas}", b"old" * 1000, BLOCK)
            parts = urllib.parse.urlsplit(f"{base}/whole?{sas}")
            connection = cloud.connect(parts.hostname)
            connection.putrequest("PUT", parts.path + "?" + parts.query)
            connection.putheader("x-ms-blob-type", "BlockBlob")
            connection.putheader("Content-Length", "5000000")
            connection.endheaders()
            connection.send(b"n" * 2500000)
            cloud.kill()
            with self.assertRaises((OSError, http.client.HTTPException)):
                connection.getresponse()
            connection.close()
            cloud.start()
            # The signature is still good, the old content stands, and the upload can be repeated.
            answer = lab.blob("GET", f"{base}/whole?{sas}")
            self.assertEqual((answer.status, answer.body), (200, b"old" * 1000))
            self.assertEqual(lab.blob("PUT", f"{base}/whole?{sas}", b"new", BLOCK).status, 201)
            self.assertEqual(lab.blob("GET", f"{base}/whole?{sas}").body, b"new")
        finally:
            cloud.stop()


if __name__ == "__main__":
    unittest.main()
