"""OCI images written without an engine: one layer, its configuration and manifest, as a layout in one tar archive.

The same files, time and annotations give the same bytes, so the same digest: names are sorted, owners are numbers, and
no clock, user, umask or file system is looked at. Formats: the OCI image specification 1.0 (config.md, manifest.md,
image-layout.md).
"""

import gzip
import hashlib
import io
import json
import pathlib
import struct
import tarfile
from typing import NamedTuple

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"

#: The names that images have for machines, by `e_machine` of the ELF header (System V ABI, chapter 4).
ARCHITECTURES = {62: "amd64", 183: "arm64"}

#: `p_type` of the program header that names a dynamic loader.
PT_INTERP = 3


class File(NamedTuple):
    """A file of the layer: its absolute path, its bytes and its permissions."""

    path: str
    contents: bytes
    mode: int


class Image(NamedTuple):
    """A finished image: the bytes of the archive, and what its parts are called by."""

    archive: bytes
    digest: str
    layer_size: int


def architecture(binary):
    """The architecture of a static ELF binary; ValueError for one that would not start in an empty image."""
    if binary[:6] != b"\x7fELF\x02\x01" or len(binary) < 64:
        raise ValueError("is no 64-bit little-endian ELF binary")
    (machine,) = struct.unpack_from("<H", binary, 18)
    if machine not in ARCHITECTURES:
        raise ValueError(f"is for a machine that images have no name for here (e_machine {machine})")
    (table,) = struct.unpack_from("<Q", binary, 32)
    size, count = struct.unpack_from("<HH", binary, 54)
    if not count or size < 4 or table + size * count > len(binary):
        raise ValueError("has no program headers, or ends before them")
    kinds = [struct.unpack_from("<I", binary, table + index * size)[0] for index in range(count)]
    if PT_INTERP in kinds:
        raise ValueError("is linked dynamically: an empty image has no loader for it")
    return ARCHITECTURES[machine]


def build(files, *, architecture, user, entrypoint, created, epoch, annotations, reference):
    """The image of these files; `created` is RFC 3339, `epoch` the same time in seconds."""
    tar = layer(files, epoch)
    packed = compressed(tar)
    configuration = encoded(
        {
            "created": created,
            "architecture": architecture,
            "os": "linux",
            "config": {"User": user, "Entrypoint": entrypoint, "WorkingDir": "/", "Labels": annotations},
            "rootfs": {"type": "layers", "diff_ids": [digest(tar)]},
            "history": [{"created": created, "created_by": "scripts/images.py"}],
        }
    )
    manifest = encoded(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": descriptor(CONFIG_TYPE, configuration),
            "layers": [descriptor(LAYER_TYPE, packed)],
            "annotations": annotations,
        }
    )
    index = encoded(
        {
            "schemaVersion": 2,
            "mediaType": INDEX_TYPE,
            "manifests": [
                descriptor(MANIFEST_TYPE, manifest)
                | {
                    "platform": {"architecture": architecture, "os": "linux"},
                    "annotations": {"org.opencontainers.image.ref.name": reference},
                }
            ],
        }
    )
    layout = [
        File("/oci-layout", encoded({"imageLayoutVersion": "1.0.0"}), 0o644),
        File("/index.json", index, 0o644),
        *(File("/blobs/sha256/" + digest(blob)[7:], blob, 0o644) for blob in (packed, configuration, manifest)),
    ]
    return Image(layer(layout, epoch), digest(manifest), len(packed))


def layer(files, epoch):
    """A tar of the files and the folders above them, all of root's and of one time."""
    entries = {}
    for file in files:
        path = pathlib.PurePosixPath(file.path)
        if not path.is_absolute() or ".." in path.parts or file.path in entries:
            raise ValueError(f"{file.path} is no path of a file, or there twice")
        entries[file.path] = file
        for folder in path.parents:
            entries.setdefault(str(folder), None)
    del entries["/"]
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, file in sorted(entries.items()):
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.mtime = epoch
            if file is None:
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            else:
                entry.size, entry.mode = len(file.contents), file.mode
                tar.addfile(entry, io.BytesIO(file.contents))
    return output.getvalue()


def compressed(data):
    """gzip with no time and no name in its header (RFC 1952, 2.3.1)."""
    output = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=output, mtime=0) as stream:
        stream.write(data)
    return output.getvalue()


def encoded(document):
    """JSON in one spelling."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def digest(data):
    """The name of a blob."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(kind, data):
    """How one part of an image points to another."""
    return {"mediaType": kind, "digest": digest(data), "size": len(data)}


def unpack(archive, folder):
    """Checks an archive from its index down, and writes its layer into a folder; gives its configuration.

    ValueError where a digest, a size or a reference does not hold.
    """
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        blobs = {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers() if entry.isfile()}

    def blob(named):
        data = blobs.get("blobs/" + named["digest"].replace(":", "/"))
        if data is None or digest(data) != named["digest"] or len(data) != named["size"]:
            raise ValueError(f"{named['digest']} is not what it is called")
        return data

    if json.loads(blobs["oci-layout"])["imageLayoutVersion"] != "1.0.0":
        raise ValueError("another version of the image layout")
    (entry,) = json.loads(blobs["index.json"])["manifests"]
    manifest = json.loads(blob(entry))
    configuration = json.loads(blob(manifest["config"]))
    (packed,) = manifest["layers"]
    tar = blob(packed)
    # What is not packed is named like what is, without the ending; other writers leave it so in an archive.
    if packed["mediaType"].endswith("gzip"):
        tar = gzip.decompress(tar)
    if configuration["rootfs"]["diff_ids"] != [digest(tar)]:
        raise ValueError("the layer is not the one of the configuration")
    with tarfile.open(fileobj=io.BytesIO(tar)) as files:
        for file in files.getmembers():
            if file.name.startswith("/") or ".." in file.name.split("/") or not (file.isfile() or file.isdir()):
                raise ValueError(f"{file.name} has no place in a layer of ours")
        files.extractall(folder)
    return configuration
