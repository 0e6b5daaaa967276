"""A serving certificate for the webhook."""

import subprocess

from machine import ROOT


def certificates(folder):
    """Writes ca.pem, cert.pem and key.pem (ECDSA P-256)."""
    subprocess.run([ROOT / "deployment" / "make-certificate.sh", folder], check=True, stdout=subprocess.DEVNULL)
