"""The writer of images: what it writes is an OCI layout, and the same each time."""

import gzip
import hashlib
import io
import json
import pathlib
import struct
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

import oci  # noqa: E402
import sbom  # noqa: E402

EPOCH = 1_700_000_000
FILES = [
    oci.File("/tool", b"\x7fELF" * 1000, 0o755),
    oci.File("/etc/ssl/certs/ca-certificates.crt", b"certificate\n", 0o644),
]


def image(files=FILES, **changes):
    options = {
        "architecture": "arm64",
        "user": "65532:65532",
        "entrypoint": ["/tool"],
        "created": "2023-11-14T22:13:20Z",
        "epoch": EPOCH,
        "annotations": {"org.opencontainers.image.version": "1.0.0"},
        "reference": "tool:1.0.0",
    }
    return oci.build(files, **(options | changes))


def members(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return [(entry, tar.extractfile(entry).read() if entry.isfile() else b"") for entry in tar.getmembers()]


def blobs(archive):
    return {entry.name.removeprefix("blobs/sha256/"): data for entry, data in members(archive) if "blobs/sha256/" in entry.name}


def elf(machine=62, kind=1, magic=b"\x7fELF\x02\x01", table=64):
    """An ELF header and one program header."""
    head = bytearray(64)
    head[:6] = magic
    struct.pack_into("<H", head, 18, machine)
    struct.pack_into("<Q", head, 32, table)
    struct.pack_into("<HH", head, 54, 56, 1)
    return bytes(head) + struct.pack("<I", kind).ljust(56, b"\0")


class Layouts(unittest.TestCase):
    def test_every_blob_is_named_by_what_is_in_it(self):
        for name, data in blobs(image().archive).items():
            self.assertEqual(hashlib.sha256(data).hexdigest(), name)

    def test_every_reference_has_the_digest_and_the_size_of_a_blob(self):
        made = image()
        files = {entry.name: data for entry, data in members(made.archive)}
        self.assertEqual(json.loads(files["oci-layout"]), {"imageLayoutVersion": "1.0.0"})
        (entry,) = json.loads(files["index.json"])["manifests"]
        self.assertEqual(entry["digest"], made.digest)
        self.assertEqual(entry["platform"], {"architecture": "arm64", "os": "linux"})
        parts = blobs(made.archive)
        manifest = json.loads(parts[entry["digest"][7:]])
        seen = [entry, manifest["config"], *manifest["layers"]]
        for part in seen:
            self.assertEqual(len(parts[part["digest"][7:]]), part["size"])
        self.assertEqual({part["digest"][7:] for part in seen}, set(parts))
        configuration = json.loads(parts[manifest["config"]["digest"][7:]])
        layer = gzip.decompress(parts[manifest["layers"][0]["digest"][7:]])
        self.assertEqual(configuration["rootfs"]["diff_ids"], [oci.digest(layer)])
        self.assertEqual(configuration["config"]["User"], "65532:65532")
        self.assertEqual(configuration["config"]["Entrypoint"], ["/tool"])
        self.assertEqual(manifest["annotations"], configuration["config"]["Labels"])

    def test_the_layer_has_the_files_sorted_of_root_and_of_one_time(self):
        entries = members(oci.layer(FILES, EPOCH))
        self.assertEqual(
            [(entry.name, entry.mode) for entry, _ in entries],
            [("etc", 0o755), ("etc/ssl", 0o755), ("etc/ssl/certs", 0o755)]
            + [("etc/ssl/certs/ca-certificates.crt", 0o644), ("tool", 0o755)],
        )
        for entry, _ in entries:
            self.assertEqual((entry.uid, entry.gid, entry.uname, entry.gname, entry.mtime), (0, 0, "", "", EPOCH))

    def test_the_same_in_another_order_is_the_same_image(self):
        self.assertEqual(image(), image(FILES[::-1]))

    def test_whatever_differs_makes_another_image(self):
        mode = [FILES[0]._replace(mode=0o700), FILES[1]]
        others = [image(mode), image(epoch=EPOCH + 1), image(user="0:0"), image(architecture="amd64")]
        self.assertEqual(len({made.digest for made in [image(), *others]}), 5)

    def test_gzip_says_neither_a_time_nor_a_name(self):
        packed = oci.compressed(b"data")
        self.assertEqual(packed[:2] + packed[3:8], b"\x1f\x8b" + bytes(5))

    def test_paths_out_of_the_image_are_refused(self):
        for path in ("tool", "/../tool", "/a/../b"):
            with self.subTest(path), self.assertRaises(ValueError):
                oci.layer([oci.File(path, b"", 0o644)], EPOCH)
        with self.assertRaises(ValueError):
            oci.layer([FILES[0], FILES[0]], EPOCH)


class Unpacking(unittest.TestCase):
    def test_gives_back_files_and_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            configuration = oci.unpack(image().archive, folder)
            self.assertEqual((pathlib.Path(folder) / "tool").read_bytes(), FILES[0].contents)
            self.assertEqual((pathlib.Path(folder) / "tool").stat().st_mode & 0o777, 0o755)
        self.assertEqual(configuration["architecture"], "arm64")

    def test_a_changed_blob_is_refused(self):
        archive = bytearray(image().archive)
        place = archive.index(b'"architecture":"arm64"', archive.index(b'"User"') - 400)
        archive[place + 17] ^= 1
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(ValueError):
            oci.unpack(bytes(archive), folder)


class Binaries(unittest.TestCase):
    def test_the_header_says_the_architecture(self):
        self.assertEqual(oci.architecture(elf(62)), "amd64")
        self.assertEqual(oci.architecture(elf(183)), "arm64")

    def test_what_would_not_start_in_an_empty_image_is_refused(self):
        for what, binary in {
            "empty": b"",
            "script": b"#!/bin/sh\n".ljust(200),
            "32 bit": elf(magic=b"\x7fELF\x01\x01"),
            "big-endian": elf(magic=b"\x7fELF\x02\x02"),
            "another machine": elf(8),
            "needs a loader": elf(kind=oci.PT_INTERP),
            "cut": elf(table=100),
        }.items():
            with self.subTest(what), self.assertRaises(ValueError):
                oci.architecture(binary)


class Contents(unittest.TestCase):
    def document(self):
        linked = [("OpenSSL", "3.0.1", "Apache-2.0", "Organization: The OpenSSL Project")]
        return sbom.document(
            name="tool",
            version="1.0.0",
            created="2023-11-14T22:13:20Z",
            image_digest=oci.digest(b"manifest"),
            binary=b"binary",
            bundle=b"certificates",
            bundle_version="2023",
            linked=linked,
        )

    def test_every_package_is_related_to_the_image(self):
        document = self.document()
        names = {package["SPDXID"] for package in document["packages"]}
        related = {relation["relatedSpdxElement"] for relation in document["relationships"]}
        self.assertEqual(related, names)
        elements = {relation["spdxElementId"] for relation in document["relationships"]}
        self.assertLessEqual(elements, names | {"SPDXRef-DOCUMENT"})

    def test_has_what_spdx_requires(self):
        document = self.document()
        self.assertEqual((document["spdxVersion"], document["dataLicense"]), ("SPDX-2.3", "CC0-1.0"))
        for package in document["packages"]:
            self.assertRegex(package["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
            self.assertTrue(package["name"] and package["downloadLocation"] and package["versionInfo"])
        self.assertEqual(document["packages"][1]["checksums"][0]["checksumValue"], hashlib.sha256(b"binary").hexdigest())

    def test_what_cannot_be_found_is_not_guessed(self):
        self.assertEqual(sbom.installed("no-package-of-this-name"), "NOASSERTION")


if __name__ == "__main__":
    unittest.main()
