"""The webhook's memory while much is asked of it at once, and afterwards; a webhook of its own for each trouble."""

import time

from figures import Figure
from load import load
from machine import Peak, StandIn, Webhook, certificates, kit

#: Seconds after which a webhook that is asked nothing more is at rest.
REST = 2


def measure():
    with certificates() as folder, StandIn("kubernetes", 0) as api:
        troubles = {
            "64 connections": ("64 connections, medium", lambda webhook: load(webhook, folder, "keep-alive", "medium", 64, 5)),
            "200 connections": ("200 connections at once", lambda webhook: load(webhook, folder, "burst", "small", 200, 1)),
            "huge reviews": ("eight huge reviews at once", lambda webhook: load(webhook, folder, "keep-alive", "huge", 8, 3, mayRefuse=True)),
            "one body of 50 MB": ("a body of 50 MB", lambda webhook: bodies(webhook, folder, 1)),
            "four bodies of 50 MB": ("four bodies of 50 MB at once", lambda webhook: bodies(webhook, folder, 4)),
        }
        for key, (what, trouble) in troubles.items():
            with Webhook(api, folder) as webhook:
                with Peak(webhook) as peak:
                    trouble(webhook)
                time.sleep(REST)
                yield Figure(f"private peak, {key}", f"{what}: private memory at most", peak.private, "MB")
                yield Figure(f"private after {key}", f"{what}: private memory {REST} s later", webhook.status("RssAnon"), "MB")
                yield Figure(f"resident peak, {key}", f"{what}: resident at most", peak.resident, "MB")
                if key == "64 connections":
                    yield Figure("resident after load", f"{what}: resident {REST} s later", webhook.status("VmRSS"), "MB")


def bodies(webhook, folder, count):
    """Bodies that no review has, all of them on the way at once: each is refused, and answered."""
    statuses = kit("bodies", webhook.port, f"{folder}/ca.pem", 50_000_000, count)
    if statuses != {"413": count}:
        raise RuntimeError(f"bodies of 50 MB: {statuses}")
