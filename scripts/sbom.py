"""What is in an image, as an SPDX 2.3 document: our tool, what is linked into it, and the authorities that it trusts.

Versions are what was found on the machine that built; what could not be found is NOASSERTION, and never guessed.
"""

import hashlib
import re
import shutil
import subprocess

UNKNOWN = "NOASSERTION"


def components():
    """What a static binary is linked with: name, version as found, licence, who makes it."""
    return [
        ("OpenSSL", installed("libssl-dev"), "Apache-2.0", "Organization: The OpenSSL Project"),
        ("Swift-runtime", swift_version(), "Apache-2.0 WITH Swift-exception", "Organization: Swift.org"),
        ("glibc", installed("libc6-dev"), "LGPL-2.1-or-later", "Organization: GNU Project"),
        (
            "libstdc++",
            installed(newest("libstdc++-*-dev")),
            "GPL-3.0-or-later WITH GCC-exception-3.1",
            "Organization: GNU Project",
        ),
    ]


def output(*command):
    """What a command prints; empty where it is missing or fails."""
    if shutil.which(command[0]) is None:
        return ""
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return result.stdout if result.returncode == 0 else ""


def installed(package):
    """The version of a Debian package, or NOASSERTION where no such package is installed."""
    return output("dpkg-query", "--show", "--showformat=${Version}", package).strip() or UNKNOWN


def newest(pattern):
    """The last by number of the installed Debian packages of that pattern; the pattern itself where there is none."""
    names = re.findall(
        r"^ii (\S+)$", output("dpkg-query", "--show", "--showformat=${db:Status-Abbrev}${Package}\n", pattern), re.M
    )
    return max(names, key=lambda name: [int(part) for part in re.findall(r"\d+", name)], default=pattern)


def swift_version():
    """The toolchain's version, whose runtime is linked in."""
    found = re.search(r"Swift version (\S+)", output("swift", "--version"))
    return found.group(1) if found else UNKNOWN


def document(*, name, version, created, image_digest, binary, bundle, bundle_version, linked):
    """The SPDX document of one image; `binary` and `bundle` are the bytes of the two files in it."""
    tool = package(name, version, "Apache-2.0", "NOASSERTION", "APPLICATION", binary)
    trust = package("ca-certificates", bundle_version, "MPL-2.0", "Organization: Mozilla", "FILE", bundle)
    image = package(f"{name}-image", version, "Apache-2.0", "NOASSERTION", "CONTAINER")
    image["checksums"] = [{"algorithm": "SHA256", "checksumValue": image_digest.removeprefix("sha256:")}]
    libraries = [package(*component, "LIBRARY") for component in linked]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", image), (image["SPDXID"], "CONTAINS", tool)]
    relations += [(image["SPDXID"], "CONTAINS", trust)]
    relations += [(tool["SPDXID"], "STATIC_LINK", library) for library in libraries]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{name}-{version}",
        # Unique, as the specification wants it, and the same for the same image.
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{image_digest.removeprefix('sha256:')}",
        "creationInfo": {"created": created, "creators": ["Tool: gtoken-images"]},
        "packages": [image, tool, *libraries, trust],
        "relationships": [
            {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": related["SPDXID"]}
            for element, kind, related in relations
        ],
    }


def package(name, version, licence, supplier, purpose, contents=None):
    """One package of the document, with the SHA-256 of its one file where it is one."""
    entry = {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name),
        "name": name,
        "versionInfo": version,
        "supplier": supplier,
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": licence,
        "copyrightText": UNKNOWN,
        "primaryPackagePurpose": purpose,
    }
    if contents is not None:
        entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(contents).hexdigest()}]
    return entry
