"""A name server on loopback that knows one name: what a container's resolver is asked to talk to."""

import os
import socket
import struct
import threading


class NameServer:
    """Answers `name` with 127.0.0.1, every other name with NXDOMAIN (RFC 1035, section 4)."""

    def __init__(self, name):
        self.name = name
        self.asked = set()
        # resolv.conf has no place for a port, so the address is what is ours alone.
        self.address = f"127.53.{os.getpid() >> 8 & 255}.{os.getpid() & 255 | 1}"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.address, 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            question, client = self.socket.recvfrom(512)
            if len(question) < 17:
                continue
            labels, place = [], 12
            while place < len(question) and question[place]:
                labels.append(question[place + 1 : place + 1 + question[place]].decode("ascii", "replace"))
                place += 1 + question[place]
            asked, kind = ".".join(labels).lower(), question[place + 1 : place + 3]
            self.asked.add(asked)
            known, wants_v4 = asked == self.name, kind == b"\0\1"
            answers = known and wants_v4
            head = question[:2] + struct.pack(">HHHHH", 0x8580 | (0 if known else 3), 1, int(answers), 0, 0)
            answer = b"\xc0\x0c" + struct.pack(">HHIH4B", 1, 1, 60, 4, 127, 0, 0, 1) if answers else b""
            self.socket.sendto(head + question[12 : place + 5] + answer, client)
