#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of the vfio-user transport, as KTAP: test_server.py PATH-OF-QUICKDATA-ENGINE"""

import array
import errno
import json
import mmap
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

VERSION, DMA_MAP, DMA_UNMAP, GET_INFO, GET_REGION_INFO = 1, 2, 3, 4, 5
GET_IRQ_INFO, SET_IRQS, REGION_READ, REGION_WRITE = 7, 8, 9, 10
DMA_READ, DMA_WRITE, DEVICE_RESET = 11, 12, 13
REPLY, NO_REPLY, ERROR = 1, 0x10, 0x20

BAR0, CONFIG = 0, 7
INTX, MSI, MSIX = 0, 1, 2
DATA_NONE, DATA_BOOL, DATA_EVENTFD, MASK, UNMASK, TRIGGER = 1, 2, 4, 8, 16, 32

CHANCTRL, CHANCMD, DMACOUNT, CHANSTS, CHAINADDR, CHANCMP, CHANERR = (
    0x80, 0x84, 0x86, 0x88, 0x90, 0x98, 0xa8)
RUN = 0x1d
ACTIVE, IDLE, SUSPENDED, HALTED, ARMED = 0, 1, 2, 3, 4

RAM, RAM_SIZE = 0x100000, 0x400000
RING, WORD, SRC, DST = RAM, RAM + 0x10000, RAM + 0x100000, RAM + 0x200000
HEADER = struct.Struct("<HHIII")


class Refused(Exception):
    """An error reply"""


class Client:
    """A vfio-user client, doing by hand what QEMU does."""

    def __init__(self, path, greet=True):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(path)
        self.next_id = 0
        self.ram = None
        if greet:
            self.request(VERSION, struct.pack("<HH", 0, 0))

    def close(self):
        self.sock.close()

    def send(self, command, payload=b"", fds=(), flags=0):
        self.next_id = (self.next_id + 1) & 0xffff
        header = HEADER.pack(self.next_id, command, HEADER.size + len(payload), flags, 0)
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        self.sock.sendmsg([header + payload], ancillary)
        return self.next_id

    def receive(self):
        header = self._exactly(HEADER.size)
        ident, command, size, flags, error = HEADER.unpack(header)
        return ident, command, flags, error, self._exactly(size - HEADER.size)

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            part = self.sock.recv(size - len(data))
            if not part:
                raise ConnectionError
            data += part
        return data

    def request(self, command, payload=b"", fds=()):
        sent = self.send(command, payload, fds)
        ident, replied, flags, error, data = self.receive()
        assert (ident, replied, flags & 0xf) == (sent, command, REPLY)
        if flags & ERROR:
            assert not data
            raise Refused(error)
        return data

    def read(self, offset, size, region=BAR0):
        data = self.request(REGION_READ, struct.pack("<QII", offset, region, size))
        assert struct.unpack_from("<QII", data) == (offset, region, size)
        return int.from_bytes(data[16:], "little")

    def write(self, offset, size, value, region=BAR0, posted=False):
        payload = struct.pack("<QII", offset, region, size) + value.to_bytes(size, "little")
        if posted:
            self.send(REGION_WRITE, payload, flags=NO_REPLY)
        else:
            self.request(REGION_WRITE, payload)

    def dma_map(self, addr, size, fd=None, offset=0, flags=3):
        self.request(DMA_MAP, struct.pack("<IIQQQ", 32, flags, offset, addr, size),
                     [] if fd is None else [fd])

    def dma_unmap(self, addr, size, flags=0):
        self.request(DMA_UNMAP, struct.pack("<IIQQ", 24, flags, addr, size))

    def set_irqs(self, index, flags, start, count, data=b"", fds=()):
        self.request(SET_IRQS, struct.pack("<IIIII", 20 + len(data), flags, index, start, count)
                     + data, fds)

    def add_ram(self, flags=3):
        fd = os.memfd_create("ram")
        os.ftruncate(fd, RAM_SIZE)
        self.ram = mmap.mmap(fd, RAM_SIZE)
        self.dma_map(RAM, RAM_SIZE, fd, flags=flags)
        os.close(fd)

    def poke(self, addr, data):
        self.ram[addr - RAM:addr - RAM + len(data)] = data

    def peek(self, addr, size):
        return bytes(self.ram[addr - RAM:addr - RAM + size])

    def word(self):
        return int.from_bytes(self.peek(WORD, 8), "little")

    def start(self, posted=False):
        """Bus master on, channel 0 ready at RING."""
        self.write(4, 2, 6, CONFIG)
        self.write(CHANCTRL, 2, RUN)
        self.write(CHANCMP, 8, WORD)
        self.write(CHAINADDR, 8, RING, posted=posted)

    def wait(self, state):
        while True:
            status = self.read(CHANSTS, 8)
            if status & 7 != ACTIVE:
                assert status & 7 == state, hex(status)
                return status


def descriptor(size, control, src, dest, following):
    return struct.pack("<IIQQQ32x", size, control, src, dest, following)


class Control:
    """The control socket: a line out, a line in"""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(path)
        self.file = self.sock.makefile("rw", encoding="latin-1", newline="\n")

    def answer(self):
        line = self.file.readline()
        assert line.endswith("\n"), line
        return line[:-1]

    def ask(self, line):
        self.file.write(line + "\n")
        self.file.flush()
        return self.answer()

    def do(self, line):
        """Ask for what has to be granted; the answer's fields."""
        verdict, _, text = self.ask(line).partition(" ")
        assert verdict == "ok", f"{line}: {text}"
        return dict(field.split("=") for field in text.split(" ; ")[0].split())

    def fault(self, text):
        """Arm a fault; a function that tells what has become of it."""
        ident = self.do(f"fault {text}")["id"]
        return lambda: self.do(f"status id={ident}")

    def close(self):
        self.file.close()
        self.sock.close()


class Engine:
    """The program under test"""

    def __init__(self, *options, program=None, functions=0):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "socket")
        self.last = f"{self.path}-{functions - 1}" if functions else self.path
        if functions:
            options = ("--functions", str(functions), *options)
        self.process = subprocess.Popen(
            [program or PROGRAM, "--socket", self.path, "--control", self.path + ".control",
             *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        for _ in range(1000):
            if os.path.exists(self.last) or self.process.poll() is not None:
                break
            select.select([], [], [], 0.01)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.output, self.errors = self.process.communicate(timeout=20)
        self.folder.cleanup()
        assert self.process.returncode in (0, 1, 2), (self.process.returncode, self.errors)
        assert "Sanitizer" not in self.errors and "runtime error" not in self.errors, self.errors

    def client(self, function="", **options):
        return Client(self.path + function, **options)

    def control(self, function=""):
        return Control(self.path + ".control" + function)

    def statistics(self):
        return dict(line.split() for line in self.output.splitlines())


def refused(error, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except Refused as refusal:
        assert refusal.args[0] == error, refusal
        return
    raise AssertionError("granted")


def fired(fd, timeout=10):
    if not select.select([fd], [], [], timeout)[0]:
        return 0
    return os.eventfd_read(fd)


def test_version():
    with Engine() as engine:
        client = engine.client(greet=False)
        offer = json.dumps({"capabilities": {"max_msg_fds": 8, "write_multiple": True}})
        data = client.request(VERSION, struct.pack("<HH", 0, 2) + offer.encode() + b"\0")
        assert struct.unpack_from("<HH", data) == (0, 0)
        assert data[-1] == 0
        answer = json.loads(data[4:-1])["capabilities"]
        assert answer["max_msg_fds"] == 8
        assert answer["max_data_xfer_size"] >= 65536
        assert "write_multiple" not in answer
        client.close()

        client = engine.client(greet=False)
        refused(errno.EINVAL, client.request, VERSION, struct.pack("<HH", 1, 0))


def test_info():
    with Engine("--channels", "4", "--msi") as engine:
        client = engine.client()
        assert struct.unpack("<IIII", client.request(GET_INFO, struct.pack("<IIII", 16, 0, 0, 0))) \
            == (16, 3, 9, 5)
        sizes = []
        for index in range(9):
            data = client.request(GET_REGION_INFO, struct.pack("<IIIIQQ", 32, 0, index, 0, 0, 0))
            argsz, flags, _, cap_offset, size, _ = struct.unpack("<IIIIQQ", data)
            assert (argsz, cap_offset, flags) == (32, 0, 3 if size else 0)
            sizes.append(size)
        assert sizes == [0x4000, 0, 0, 0, 0, 0, 0, 0x1000, 0]
        counts = []
        for index in (INTX, MSI, MSIX):
            data = client.request(GET_IRQ_INFO, struct.pack("<IIII", 16, 0, index, 0))
            counts.append(struct.unpack("<IIII", data)[3])
        assert counts == [1, 1, 4]
        refused(errno.EINVAL, client.request, GET_IRQ_INFO, struct.pack("<IIII", 16, 0, 3, 0))
        refused(errno.EINVAL, client.request, GET_REGION_INFO,
                struct.pack("<IIIIQQ", 32, 0, 9, 0, 0, 0))
        refused(errno.EINVAL, client.request, GET_REGION_INFO,
                struct.pack("<IIIIQQ", 31, 0, 0, 0, 0, 0))


def test_regions():
    options = "--device-id 0b00 --chancnt 5 --xfercap 12"
    with Engine(*options.split()) as engine:
        client = engine.client()
        config = client.request(REGION_READ, struct.pack("<QII", 0, CONFIG, 4096))[16:]
        assert len(config) == 4096 and config[:4] == b"\x86\x80\x00\x0b"
        assert config[9:12] == b"\x00\x80\x08"
        assert client.read(0, 1) == 5 and client.read(1, 1) == 12 and client.read(8, 1) == 0x34
        assert client.read(0, 3) & 0xff == 5
        refused(errno.EINVAL, client.read, 0x4000, 4)
        refused(errno.EINVAL, client.read, 0x3ffe, 4)
        refused(errno.EINVAL, client.read, 1 << 63, 4)
        refused(errno.EINVAL, client.read, 0, 4, region=2)
        refused(errno.EINVAL, client.read, 0, 4, region=0xffffffff)
        refused(errno.EINVAL, client.read, 0, 0xffffffff)
        refused(errno.EINVAL, client.request, REGION_WRITE,
                struct.pack("<QII", 0, BAR0, 8) + b"1234")
        refused(errno.EOPNOTSUPP, client.request, 14)
        refused(errno.EOPNOTSUPP, client.request, 0xffff)


def identity(client):
    """Device ID, version, size of BAR 0, place of the MSI-X capability"""
    bar = struct.unpack("<IIIIQQ", client.request(
        GET_REGION_INFO, struct.pack("<IIIIQQ", 32, 0, 0, 0, 0, 0)))[4]
    return client.read(2, 2, CONFIG), client.read(8, 1), bar, client.read(0x34, 1, CONFIG)


def test_versions():
    for options, expected in (
            ("", (0x2021, 0x32, 0x4000, 0x80)),
            ("--version 3.0", (0x3430, 0x30, 0x4000, 0x80)),
            ("--version 3.2", (0x2021, 0x32, 0x4000, 0x80)),
            ("--version 3.3", (0x6f50, 0x33, 0x2000, 0xac)),
            ("--version 3.4", (0x0b00, 0x34, 0x4000, 0x80)),
            ("--device-id 3429", (0x3429, 0x30, 0x4000, 0x80)),
            ("--device-id 0c51", (0x0c51, 0x33, 0x2000, 0xac)),
            ("--device-id 1234", (0x1234, 0x32, 0x4000, 0x80)),
            ("--device-id 0c51 --version 3.4", (0x0c51, 0x34, 0x4000, 0x80)),
            ("--device-id 2021 --cbver 33", (0x2021, 0x33, 0x4000, 0x80)),
            ("--version 3.3 --cbver 12", (0x6f50, 0x12, 0x2000, 0xac))):
        with Engine(*options.split()) as engine:
            client = engine.client()
            assert identity(client) == expected, options
            assert client.read(expected[2] - 4, 4) == 0
            refused(errno.EINVAL, client.read, expected[2], 4)


def test_copy():
    with Engine("--stats", "--once") as engine:
        client = engine.client()
        client.add_ram()
        event = os.eventfd(0)
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        client.write(0x82, 2, 0x8000, CONFIG)
        data = random.Random(1).randbytes(0x100000)
        client.poke(SRC, data)
        client.poke(RING, descriptor(len(data), 9, SRC, DST, RING))
        client.start()
        client.write(DMACOUNT, 2, 1)
        assert fired(event) == 1
        assert client.word() == RING | IDLE
        assert client.peek(DST, len(data)) == data
        assert client.wait(IDLE) == RING | IDLE
        client.close()
        engine.process.wait(10)
    values = engine.statistics()
    assert values["channel0.descriptors"] == "1"
    assert values["channel0.bytes"] == str(0x100000)
    assert values["channel0.interrupts"] == "1"
    assert values["channel0.writes.DMACOUNT"] == "1"


def test_posted():
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        client.poke(SRC, b"netdma")
        client.poke(RING, descriptor(6, 8, SRC, DST, RING))
        client.start(posted=True)
        client.write(DMACOUNT, 2, 1, posted=True)
        # Refused, but nobody wants to know.
        client.write(0x4000, 8, 0, posted=True)
        client.wait(IDLE)
        assert client.peek(DST, 6) == b"netdma"


def test_register_access_while_busy():
    with Engine("--stats", "--once") as engine:
        client = engine.client()
        client.add_ram()
        client.poke(RING, descriptor(0x100000, 8, SRC, DST, RING))
        client.start()
        client.write(DMACOUNT, 2, 200, posted=True)
        polls = 0
        while client.read(CHANSTS, 8) & 7 == ACTIVE:
            polls += 1
        # A slice is a sixteenth of a descriptor, and polling does not stop them.
        assert 0 < polls <= 16 * 200, polls
        assert client.read(CHANSTS, 8) == RING | IDLE
        client.close()
        engine.process.wait(10)
    assert engine.statistics()["channel0.descriptors"] == "200"


def test_maps():
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        fd = os.memfd_create("more")
        os.ftruncate(fd, 0x2000)
        refused(errno.EEXIST, client.dma_map, RAM + 0x1000, 0x1000, fd)
        refused(errno.EEXIST, client.dma_map, 0, RAM + 1, None)
        refused(errno.EINVAL, client.dma_map, 0, 0x3000, fd)
        refused(errno.EINVAL, client.dma_map, 0, 0x1000, fd, offset=0x1001)
        refused(errno.EINVAL, client.dma_map, 0, 0x1000, fd, offset=1 << 63)
        refused(errno.EINVAL, client.dma_map, 0, 0)
        refused(errno.EINVAL, client.dma_map, (1 << 64) - 4096, 8192)
        refused(errno.ENOENT, client.dma_unmap, RAM, RAM_SIZE - 4096)
        refused(errno.ENOENT, client.dma_unmap, RAM + 4096, RAM_SIZE - 4096)
        client.dma_map((1 << 64) - 4096, 4096)
        for i in range(200):
            client.dma_map(0x80000000 + 8192 * i, 4096, fd, offset=4096)
        for i in range(0, 200, 2):
            client.dma_unmap(0x80000000 + 8192 * i, 4096)
        client.dma_unmap(RAM, RAM_SIZE)
        client.start()
        client.write(DMACOUNT, 2, 1)
        client.wait(HALTED)
        assert client.read(CHANERR, 4) == 1 << 8
        client.dma_unmap(0, 0, flags=2)
        client.dma_map(0, 0x2000, fd)
        os.close(fd)


def test_read_only_memory():
    with Engine("--stats", "--once") as engine:
        client = engine.client()
        client.add_ram(flags=1)
        client.poke(RING, descriptor(64, 0, SRC, DST, RING))
        client.start()
        client.write(DMACOUNT, 2, 1)
        client.wait(HALTED)
        assert client.read(CHANERR, 4) == 1 << 9
        client.close()
        engine.process.wait(10)
    assert engine.statistics()["channel0.errors.9"] == "1"


def test_copy_across_maps():
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        fd = os.memfd_create("more")
        os.ftruncate(fd, 0x1000)
        more = mmap.mmap(fd, 0x1000)
        client.dma_map(RAM + RAM_SIZE, 0x1000, fd)
        client.poke(SRC, b"x" * 0x1800)
        client.poke(RING, descriptor(0x1800, 8, SRC, RAM + RAM_SIZE - 0x800, RING))
        client.start()
        client.write(DMACOUNT, 2, 1)
        client.wait(IDLE)
        assert client.peek(RAM + RAM_SIZE - 0x801, 0x801) == b"\0" + b"x" * 0x800
        assert more[:] == b"x" * 0x1000


def test_messages():
    """Memory without a descriptor: the engine asks, and answers while it waits."""
    with Engine() as engine:
        client = engine.client(greet=False)
        offer = b'{"capabilities":{"max_data_xfer_size":4096}}\0'
        client.request(VERSION, struct.pack("<HH", 0, 0) + offer)
        client.dma_map(RAM, RAM_SIZE)
        memory = bytearray(RAM_SIZE)
        memory[0:64] = descriptor(10000, 8, SRC, DST, RING)
        data = random.Random(2).randbytes(10000)
        memory[SRC - RAM:SRC - RAM + 10000] = data
        client.start()
        client.write(DMACOUNT, 2, 1, posted=True)
        largest = reads = 0
        while not int.from_bytes(memory[WORD - RAM:WORD - RAM + 8], "little"):
            ident, command, flags, _, payload = client.receive()
            addr, count = struct.unpack_from("<QQ", payload)
            largest = max(largest, count)

            # A register access of ours comes first.
            poll = client.send(REGION_READ, struct.pack("<QII", CHANSTS, BAR0, 8))
            answer = client.receive()
            assert answer[:3] == (poll, REGION_READ, REPLY)
            assert answer[4][16] & 7 == ACTIVE

            reply = payload[:16]
            if command == DMA_READ:
                reads += 1
                reply += memory[addr - RAM:addr - RAM + count]
            else:
                assert command == DMA_WRITE and len(payload) == 16 + count
                memory[addr - RAM:addr - RAM + count] = payload[16:]
            client.sock.sendall(HEADER.pack(ident, command, 16 + len(reply), REPLY, 0) + reply)
        client.wait(IDLE)
        assert memory[DST - RAM:DST - RAM + 10000] == data
        assert largest == 4096 and reads == 1 + 3


def test_messages_only():
    """With --messages the engine asks for memory that it has been given, and that it has not."""
    with Engine("--messages") as engine:
        client = engine.client()
        client.add_ram()
        client.poke(RING, descriptor(8, 8, SRC, DST, RING))
        client.start()
        client.write(DMACOUNT, 2, 1, posted=True)
        asked = []
        for reply in (descriptor(8, 8, 1 << 40, DST, RING), b"12345678", b"", b""):
            ident, command, _, _, payload = client.receive()
            asked.append((command, *struct.unpack_from("<QQ", payload)))
            reply = payload[:16] + reply
            client.sock.sendall(HEADER.pack(ident, command, 16 + len(reply), REPLY, 0) + reply)
        client.wait(IDLE)
        assert asked == [(DMA_READ, RING, 64), (DMA_READ, 1 << 40, 8), (DMA_WRITE, DST, 8),
                         (DMA_WRITE, WORD, 8)], asked
        assert client.peek(DST, 8) == bytes(8)


def test_messages_refused():
    with Engine() as engine:
        client = engine.client()
        client.dma_map(RAM, RAM_SIZE)
        client.start()
        client.write(DMACOUNT, 2, 1, posted=True)
        for command in (DMA_READ, DMA_WRITE):
            ident, got, *_ = client.receive()
            assert got == command
            client.sock.sendall(HEADER.pack(ident, got, 16, REPLY | ERROR, errno.EFAULT))
        client.wait(HALTED)
        assert client.read(CHANERR, 4) == 1 << 8

        # Leaving in the middle of it is no tragedy, either.
        client.write(CHANERR, 4, 0xffffffff)
        client.write(CHAINADDR, 8, RING)
        client.write(DMACOUNT, 2, 1, posted=True)
        client.receive()
        client.close()
        engine.client().close()


def test_messages_malformed():
    with Engine() as engine:
        for broken in (lambda ident, command: HEADER.pack(ident + 1, command, 96, REPLY, 0),
                       lambda ident, command: HEADER.pack(ident, DMA_WRITE, 96, REPLY, 0),
                       lambda ident, command: HEADER.pack(ident, command, 95, REPLY, 0),
                       lambda ident, command: HEADER.pack(ident, command, 0, REPLY, 0)):
            client = engine.client()
            client.dma_map(RAM, RAM_SIZE)
            client.start()
            client.write(DMACOUNT, 2, 1, posted=True)
            ident, command, *_ = client.receive()
            client.sock.sendall(broken(ident, command) + bytes(79))
            # Nor is the client asked for anything more, such as to take note of the error.
            assert not closed(client)


def test_memory_cut_off():
    with Engine() as engine:
        client = engine.client()
        fd = os.memfd_create("ram")
        os.ftruncate(fd, RAM_SIZE)
        client.dma_map(RAM, RAM_SIZE, fd)
        os.ftruncate(fd, 0)
        client.start()
        client.write(DMACOUNT, 2, 1, posted=True)
        assert engine.process.wait(10) == 1
    assert "memory has gone" in engine.errors


def test_reset_while_dma_waits():
    with Engine() as engine:
        client = engine.client()
        client.dma_map(RAM, RAM_SIZE)
        client.start()
        client.write(DMACOUNT, 2, 1, posted=True)
        ident, command, _, _, payload = client.receive()
        client.write(CHANCMD, 1, 0x20)
        client.dma_unmap(RAM, RAM_SIZE)
        reply = payload[:16] + descriptor(64, 9, SRC, DST, RING)
        client.sock.sendall(HEADER.pack(ident, command, 16 + len(reply), REPLY, 0) + reply)
        client.wait(HALTED)
        assert client.read(CHANERR, 4) == 0


def stopped_by(stop):
    """What is asked of a client that stops the engine at the second piece of its data"""
    with Engine() as engine:
        client = engine.client(greet=False)
        offer = b'{"capabilities":{"max_data_xfer_size":4096}}\0'
        client.request(VERSION, struct.pack("<HH", 0, 0) + offer)
        client.dma_map(RAM, RAM_SIZE)
        client.start()
        client.write(DMACOUNT, 2, 1, posted=True)
        asked = []
        for data in (descriptor(65536, 8, SRC, DST, RING), bytes(4096), bytes(4096)):
            ident, command, _, _, payload = client.receive()
            asked.append((command, *struct.unpack_from("<QQ", payload)))
            if len(asked) == 3:
                stop(client)
            reply = payload[:16] + data
            client.sock.sendall(HEADER.pack(ident, command, 16 + len(reply), REPLY, 0) + reply)
        # Whatever else is asked comes before this reply.
        ident = client.send(REGION_READ, struct.pack("<QII", CHANSTS, BAR0, 8))
        assert client.receive()[:2] == (ident, REGION_READ)
        return asked


def test_reset_between_pieces():
    for stop in (lambda client: client.write(CHANCMD, 1, 0x20),
                 lambda client: client.request(DEVICE_RESET),
                 lambda client: client.write(4, 2, 2, CONFIG)):
        assert stopped_by(stop) == [(DMA_READ, RING, 64), (DMA_READ, SRC, 4096),
                                    (DMA_READ, SRC + 4096, 4096)]


def interrupting(client, count=1):
    for i in range(count):
        client.poke(RING + 64 * i, descriptor(64, 9, SRC, DST, RING + 64 * (i + 1)))


def test_intx():
    with Engine("--no-msix") as engine:
        client = engine.client()
        client.add_ram()
        event = os.eventfd(0)
        client.set_irqs(INTX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        refused(errno.EINVAL, client.set_irqs, MSIX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        interrupting(client, 3)
        client.write(3, 1, 1)
        client.start()
        client.write(DMACOUNT, 2, 1)
        assert fired(event) == 1
        # Unmasked while the pin is still up: it fires again.
        client.set_irqs(INTX, DATA_NONE | UNMASK, 0, 1)
        assert fired(event) == 1
        # Serviced as a driver does it, then unmasked: quiet.
        assert client.read(3, 1) == 7
        assert client.read(4, 4) == 1
        client.write(3, 1, 1)
        client.set_irqs(INTX, DATA_NONE | UNMASK, 0, 1)
        assert fired(event, 0.1) == 0
        # Masked by the client: it fires when unmasked.
        client.set_irqs(INTX, DATA_NONE | MASK, 0, 1)
        client.write(CHANCTRL, 2, RUN)
        client.write(DMACOUNT, 2, 2)
        assert fired(event, 0.1) == 0
        client.set_irqs(INTX, DATA_BOOL | UNMASK, 0, 1, b"\0")
        assert fired(event, 0.1) == 0
        client.set_irqs(INTX, DATA_BOOL | UNMASK, 0, 1, b"\1")
        assert fired(event) == 1
        # An eventfd that comes late finds the pin up.
        client.set_irqs(INTX, DATA_EVENTFD | TRIGGER, 0, 1)
        client.set_irqs(INTX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        assert fired(event) == 1


def test_msi():
    with Engine("--no-msix", "--no-intx", "--msi") as engine:
        client = engine.client()
        client.add_ram()
        event = os.eventfd(0)
        client.set_irqs(MSI, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        client.write(0xd2, 2, 1, CONFIG)
        interrupting(client)
        client.write(3, 1, 1)
        client.start()
        client.write(DMACOUNT, 2, 1)
        assert fired(event) == 1


def test_msix():
    with Engine("--channels", "8") as engine:
        client = engine.client()
        client.add_ram()
        events = [os.eventfd(0) for _ in range(8)]
        # As QEMU does it: enabled without any, then one after the other
        client.write(0x82, 2, 0x8000, CONFIG)
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 0, 1)
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 0, 8, fds=events)
        interrupting(client, 4)
        client.start()
        for n in range(8):
            client.write(0x80 * n + CHANCTRL, 2, RUN)
            client.write(0x80 * n + CHANCMP, 8, WORD + 64 * n)
            client.write(0x80 * n + CHAINADDR, 8, RING)
            client.write(0x80 * n + DMACOUNT, 2, 1)
            assert [fired(event, 10 if i == n else 0) for i, event in enumerate(events)] \
                == [i == n for i in range(8)]
        # Detached: pending until it is back
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 2, 1)
        client.write(0x180, 2, RUN)
        client.write(0x186, 2, 2)
        while client.read(0x188, 8) & 7 == ACTIVE:
            pass
        assert client.read(0x3000, 8) == 4
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 2, 1, fds=[events[2]])
        assert fired(events[2]) == 1
        # Masked by the client: the same
        client.set_irqs(MSIX, DATA_NONE | MASK, 2, 1)
        client.write(0x180, 2, RUN)
        client.write(0x186, 2, 3)
        assert fired(events[2], 0.1) == 0
        client.set_irqs(MSIX, DATA_NONE | UNMASK, 2, 1)
        assert fired(events[2]) == 1
        # Triggered by the client, and all switched off
        client.set_irqs(MSIX, DATA_NONE | TRIGGER, 5, 1)
        assert fired(events[5]) == 1
        client.set_irqs(MSIX, DATA_NONE | TRIGGER, 0, 0)
        client.set_irqs(MSIX, DATA_NONE | TRIGGER, 5, 1)
        assert fired(events[5], 0.1) == 0

        refused(errno.EINVAL, client.set_irqs, MSIX, DATA_NONE | TRIGGER, 8, 1)
        refused(errno.EINVAL, client.set_irqs, MSIX, DATA_NONE | TRIGGER, 1, 0xffffffff)
        refused(errno.EINVAL, client.set_irqs, 77, DATA_NONE | TRIGGER, 0, 1)
        refused(errno.EINVAL, client.set_irqs, MSIX, DATA_EVENTFD | TRIGGER, 0, 3, fds=events[:2])
        refused(errno.EINVAL, client.set_irqs, MSIX, DATA_BOOL | TRIGGER, 0, 3, b"\1")
        refused(errno.EINVAL, client.set_irqs, MSIX, DATA_NONE, 0, 1)
        refused(errno.EINVAL, client.set_irqs, MSIX, TRIGGER, 0, 1)
        refused(errno.EOPNOTSUPP, client.set_irqs, MSIX, DATA_EVENTFD | MASK, 0, 1)


def test_msix_full():
    """Any descriptor can be given for an interrupt, and to write to it can take for ever."""
    with Engine() as engine:
        client = engine.client()
        out, into = os.pipe()
        os.set_blocking(into, False)
        while True:
            try:
                os.write(into, bytes(4096))
            except BlockingIOError:
                break
        os.set_blocking(into, True)
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[into])
        client.set_irqs(MSIX, DATA_NONE | TRIGGER, 0, 1)
        os.read(out, 4096)
        client.set_irqs(MSIX, DATA_NONE | TRIGGER, 0, 1)
        os.close(into)
        os.close(out)


def test_function_level_reset():
    """The client's vectors survive it: QEMU does not know that there was one."""
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        event = os.eventfd(0)
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        client.write(0x98, 2, 0x8000, CONFIG)
        assert client.read(4, 2, CONFIG) == 0
        client.write(0x82, 2, 0x8000, CONFIG)
        interrupting(client)
        client.start()
        client.write(DMACOUNT, 2, 1)
        assert fired(event) == 1


def test_channel_reset():
    """On 3.3 it clears the MSI-X table, of which QEMU has the one that counts."""
    with Engine("--version", "3.3") as engine:
        client = engine.client()
        client.add_ram()
        event = os.eventfd(0)
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        client.write(0xae, 2, 0x8000, CONFIG)
        client.poke(RING, descriptor(64, 9, SRC, DST, RING))
        for _ in range(2):
            client.write(CHANCMD, 1, 0x20)
            client.start()
            client.write(DMACOUNT, 2, 1)
            assert fired(event) == 1


def test_device_reset():
    with Engine() as engine:
        client = engine.client()
        client.write(CHANCMP, 8, WORD)
        client.request(DEVICE_RESET)
        assert client.read(CHANCMP, 8) == 0


def test_next_client():
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        client.poke(RING, descriptor(0x100000, 8, SRC, DST, RING))
        client.start()
        client.write(DMACOUNT, 2, 60000)
        client.close()
        client = engine.client()
        assert client.read(CHANSTS, 8) == HALTED
        assert client.read(CHANCMP, 8) == 0
        client.add_ram()


def closed(client):
    """Returns what comes before that."""
    data = b""
    try:
        while part := client.sock.recv(4096):
            data += part
    except ConnectionError:
        pass
    client.close()
    return data


def test_malformed():
    with Engine() as engine:
        header = HEADER.pack
        bad = [
            header(1, GET_INFO, 15, 0, 0),
            header(1, GET_INFO, 0, 0, 0),
            header(1, GET_INFO, 0xffffffff, 0, 0),
            header(1, GET_INFO, 0x80000000, 0, 0),
            header(1, GET_INFO, 32, REPLY, 0) + bytes(16),
            header(1, DMA_READ, 16, REPLY, 0),
            header(1, GET_INFO, 16, 7, 0),
            header(1, VERSION, 20, 0, 0) + bytes(4),
        ]
        for command in (DMA_MAP, DMA_UNMAP, GET_INFO, GET_REGION_INFO, GET_IRQ_INFO, SET_IRQS,
                        REGION_READ, REGION_WRITE):
            bad.append(header(1, command, 16, 0, 0))
            bad.append(header(1, command, 16 + 11, 0, 0) + bytes(11))
        for message in bad:
            client = engine.client()
            client.sock.sendall(message)
            closed(client)
        for message in (header(1, GET_INFO, 32, 0, 0) + bytes(16),
                        header(1, VERSION, 18, 0, 0) + bytes(2),
                        header(1, VERSION, 24, 0, 0) + bytes(4) + b"abcd"):
            client = engine.client(greet=False)
            client.sock.sendall(message)
            closed(client)
        # More descriptors than a message may have
        client = engine.client()
        try:
            client.send(DMA_MAP, bytes(32), fds=[0] * 20)
        except ConnectionError:
            pass
        closed(client)
        # Half a message, and gone
        client = engine.client()
        client.sock.sendall(header(1, GET_INFO, 32, 0, 0)[:7])
        client.close()
        engine.client().close()


def test_random():
    """Well-formed headers, anything behind them; the engine has to outlive it."""
    source = random.Random(3)
    with Engine("--channels", "8", "--msi") as engine:
        fd = os.memfd_create("ram")
        os.ftruncate(fd, 0x10000)
        for _ in range(60):
            client = engine.client()
            try:
                for _ in range(60):
                    command = source.choice([*range(2, 11), DEVICE_RESET, source.randrange(65536)])
                    size = source.choice([16, 20, 24, 32, 32, 40, source.randrange(200)])
                    payload = bytearray(source.randbytes(size))
                    if source.random() < 0.8:
                        for i in range(0, size - 3, 4):
                            value = source.choice([0, 1, 2, 7, 8, 32, 36, 0x80, 0x2000, 0x1000])
                            payload[i:i + 4] = struct.pack("<I", value)
                    fds = [fd] * source.choice([0, 0, 0, 1, 1, 2, 8])
                    client.send(command, bytes(payload), fds, flags=NO_REPLY)
            except (ConnectionError, TimeoutError):
                pass
            client.close()
        os.close(fd)
        client = engine.client()
        assert client.read(0, 1) == 8
        # Standard streams, two listeners, what wakes the thread and this connection: nothing
        # has leaked.
        assert len(os.listdir(f"/proc/{engine.process.pid}/fd")) == 7


def copies(client, count):
    """A list of copies, each of its own bytes, that interrupt."""
    client.poke(SRC, random.Random(4).randbytes(64 * count))
    for i in range(count):
        client.poke(RING + 64 * i,
                    descriptor(64, 9, SRC + 64 * i, DST + 64 * i, RING + 64 * (i + 1)))


def copied(client, first, count):
    return (client.peek(SRC + 64 * first, 64 * count) ==
            client.peek(DST + 64 * first, 64 * count))


def test_control_faults():
    """Each of them in a list of ten; the model's tests know the details."""
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        copies(client, 10)
        control = engine.control()

        def run(state=IDLE):
            client.poke(DST, bytes(640))
            client.poke(WORD, bytes(8))
            client.write(CHANERR, 4, 0xffffffff)
            client.start()
            client.write(DMACOUNT, 2, 10)
            return client.wait(state)

        assert run() == RING + 64 * 9 | IDLE
        fault = control.fault("chanerr bits=8,9 after=4 bytes=10 channel=0")
        assert fault()["armed"] == "1"
        assert run(HALTED) == RING + 64 * 3 | HALTED
        assert client.read(CHANERR, 4) == 0x300
        assert copied(client, 0, 4)
        assert client.peek(DST + 256, 11) == client.peek(SRC + 256, 10) + b"\0"
        state = fault()
        assert (state["what"], state["armed"], state["fired"], state["in-flight"],
                state["channel"]) == ("chanerr", "0", "1", "6", "0")
        assert int(state["when"]) <= int(control.do("status")["now"])

        control.do("fault corrupt after=9")
        run()
        assert copied(client, 0, 9) and not copied(client, 9, 1)
        control.do("fault corrupt after=2 count=2 gap=6")
        run()
        assert [i for i in range(10) if not copied(client, i, 1)] == [2, 9]
        for what, word in (("zero", 0), ("ones", (1 << 64) - 1), ("lost", RING + 64 * 8),
                           ("misaligned", RING + 64 * 9 + 32 | IDLE),
                           ("outside", 1 << 38 | RING + 64 * 9 | IDLE),
                           ("unissued", RING + 64 * 10 | IDLE), ("stale", RING + 64 * 5)):
            control.do(f"fault word-{what} after=9")
            run()
            assert client.word() == word, what

        client.write(DMACOUNT, 2, 10)
        fault = control.fault("doorbell-lost")
        client.write(DMACOUNT, 2, 12)
        assert fault()["fired"] == "1" and client.read(DMACOUNT, 2) == 10

        control.do("fault register name=CHANCNT value=0x1f count=forever")
        control.do("fault register name=XFERCAP value=9")
        assert [client.read(0, 1), client.read(1, 1), client.read(1, 1)] == [31, 9, 20]
        control.do("clear")
        assert client.read(0, 1) == 1

        control.do("fault gone after=5")
        client.start()
        client.write(DMACOUNT, 2, 10)
        while control.do("status")["gone"] == "0":
            pass
        assert client.read(0, 4) == 0xffffffff
        assert client.read(0, 4, CONFIG) == 0xffffffff
        control.do("clear")
        assert client.wait(HALTED) == HALTED       # as after power-on
        assert run() == RING + 64 * 9 | IDLE


def test_control_time():
    """Faults that end by themselves do so without a client's help."""
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        copies(client, 10)
        event = os.eventfd(0)
        client.set_irqs(MSIX, DATA_EVENTFD | TRIGGER, 0, 1, fds=[event])
        client.write(0x82, 2, 0x8000, CONFIG)
        control = engine.control()

        control.do("fault stall ms=50")
        client.start()
        start = time.monotonic()
        client.write(DMACOUNT, 2, 1)
        assert fired(event) == 1
        assert time.monotonic() - start >= 0.05
        assert client.wait(IDLE) == RING | IDLE

        control.do("fault reset ms=50")
        client.write(CHANCMD, 1, 0x20)
        assert client.read(CHANCMD, 1) == 0x20
        while client.read(CHANCMD, 1):
            pass
        assert client.read(CHANSTS, 8) == HALTED
        control.do("fault suspend ms=50")
        client.start()
        client.write(CHANCMD, 1, 4)
        while client.read(CHANSTS, 8) == ARMED:
            pass
        assert client.read(CHANSTS, 8) == SUSPENDED

        fault = control.fault("interrupt-spurious count=20 us=500")
        total = 0
        while total < 20:
            total += fired(event)
        assert total == 20 and fault()["fired"] == "20" and fault()["armed"] == "0"

        fault = control.fault("interrupt-lost")
        client.start()
        client.write(DMACOUNT, 2, 1)
        client.wait(IDLE)
        assert fault()["fired"] == "1" and fired(event, 0.1) == 0

        control.do("fault stall")
        client.start()
        client.write(DMACOUNT, 2, 10)
        assert fired(event, 0.1) == 0
        assert control.do("status")["in-flight"] == "10"
        control.do("clear")
        client.wait(IDLE)


def test_control_seed():
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        copies(client, 100)
        control = engine.control()
        seen = []
        for seed in (7, 8, 7):
            control.do(f"seed {seed}")
            fault = control.fault("corrupt after=10-80")
            client.poke(DST, bytes(6400))
            client.start()
            client.write(DMACOUNT, 2, 100)
            client.wait(IDLE)
            wrong = [i for i in range(100) if not copied(client, i, 1)]
            assert len(wrong) == 1 and 10 <= wrong[0] <= 80
            assert int(fault()["in-flight"]) == 100 - wrong[0]
            seen.append(wrong[0])
        assert seen[0] == seen[2] != seen[1]


def test_control_hostile():
    """What is said is arbitrary, the same for the same seed; what is done stays right."""
    with Engine() as engine:
        client = engine.client()
        client.add_ram()
        copies(client, 10)
        control = engine.control()
        seen = []
        for seed in (7, 8, 7):
            client.start()
            client.write(CHANCMD, 1, 0x20)          # forget earlier words
            control.do(f"seed {seed}")
            fault = control.fault("hostile-registers count=forever")
            values = [client.read(offset, size) for _ in range(50)
                      for offset, size in ((0, 1), (0x0c, 2), (CHANERR, 4), (CHANCMP, 8))]
            fired = int(fault()["fired"])
            assert 100 < fired <= 200
            control.do("clear")
            assert client.read(0, 1) == 1

            fault = control.fault("hostile-words count=forever odds=3")
            words = []
            for _ in range(50):
                client.poke(DST, bytes(640))
                client.start()
                client.write(DMACOUNT, 2, 10)
                assert client.wait(IDLE) == RING + 64 * 9 | IDLE
                assert copied(client, 0, 10)
                words.append(client.word())
            lies = sum(word != RING + 64 * 9 | IDLE for word in words)
            assert 5 < lies < 35 and int(fault()["fired"]) > 50 + lies
            control.do("clear")
            seen.append((values, words, fired))
        assert seen[0] == seen[2] != seen[1]


def test_control_counters():
    with Engine("--channels", "2") as engine:
        client = engine.client()
        client.add_ram()
        copies(client, 3)
        client.start()
        client.write(DMACOUNT, 2, 3)
        client.wait(IDLE)
        control = engine.control()
        counters = control.do("counters")
        assert counters["channel0.descriptors"] == "3"
        assert counters["channel0.completions"] == "3"
        assert counters["channel0.writes.DMACOUNT"] == "1"
        assert counters["channel1.descriptors"] == "0"
        assert control.do("counters channel=0")["descriptors"] == "3"
        assert control.do("counters name=descriptors") == {
            "channel0.descriptors": "3", "channel1.descriptors": "0"}


def test_control_clients():
    """They may come first, they take turns, and they go as they like."""
    with Engine() as engine:
        control = engine.control()
        control.do("fault register name=CBVER value=0x12")
        waiting = engine.control()
        waiting.file.write("status\n")
        waiting.file.flush()
        # Half a line, and gone
        control.file.write("fault go")
        control.close()
        assert waiting.answer().startswith("ok now=")
        client = engine.client()
        assert [client.read(8, 1), client.read(8, 1)] == [0x12, 0x32]
        # One that asks and does not listen
        waiting.sock.settimeout(1)
        try:
            for _ in range(100000):
                waiting.sock.sendall(b"counters\n" * 20)
        except (ConnectionError, TimeoutError):
            pass
        else:
            raise AssertionError("the engine keeps all answers")
        assert client.read(8, 1) == 0x32
        assert engine.control().do("status")["gone"] == "0"


def test_control_garbage():
    with Engine("--channels", "2") as engine:
        client = engine.client()
        control = engine.control()
        for line in ("", " ", "nonsense", "fault", "fault nonsense", "fault stall us=1",
                     "fault stall ms", "fault stall ms=", "fault stall ms=1s", "fault stall ms=-1",
                     "fault stall =1", "fault stall s=1", "fault stall channel=2",
                     "fault stall count=0", "fault stall count=ever", "fault stall after=9-3",
                     "fault stall after=1-", "fault stall after=99999999999", "fault chanerr",
                     "fault chanerr bits=", "fault chanerr bits=28", "fault chanerr bits=1,",
                     "fault chanerr bits=1;2", "fault register", "fault register value=1",
                     "fault register name=CHANNEL", "fault register name=CHANCNT channel=1",
                     "status 1", "status id=0", "status id=1", "status id=1 id=2",
                     "counters channel=2", "counters channel", "seed", "seed x", "clear all",
                     "seed 99999999999999999999", "x " * 100, "fault stall " + "ms=1 " * 40,
                     "fault " + "x" * 1000, "\0\0", "fault\0gone"):
            answer = control.ask(line)
            assert answer.startswith("error ") and len(answer) > 6, (line, answer)
        assert control.do("status")["gone"] == "0"
        source = random.Random(5)
        for _ in range(200):
            control.sock.sendall(source.randbytes(source.randrange(600)))
        control.close()
        # Commands in one piece, a command in pieces, and the end of a line as DOS has it
        control = engine.control()
        control.sock.sendall(b"seed 1\nseed 2\r\nse")
        assert [control.answer(), control.answer()] == ["ok", "ok"]
        control.sock.sendall(b"ed 3\n")
        assert control.answer() == "ok"
        for _ in range(16):
            control.do("fault corrupt")
        assert "too many" in control.ask("fault corrupt")
        assert client.read(0, 1) == 2


def test_control_die():
    with Engine("--once") as engine:
        client = engine.client()
        client.add_ram()
        copies(client, 10)
        control = engine.control()
        control.do("fault stall after=3")
        client.start()
        client.write(DMACOUNT, 2, 10)
        while client.word() != RING + 64 * 2:
            pass
        assert control.do("die")["in-flight"] == "7"
        assert engine.process.wait(10) == 1
        closed(client)


def test_once():
    with Engine("--once") as engine:
        engine.client().close()
        assert engine.process.wait(10) == 0
        assert not os.listdir(engine.folder.name)


def test_functions():
    """Each is one of its own."""
    with Engine("--device-id", "3c21", "--channels", "2", "--stats", functions=3) as engine:
        clients = [engine.client(f"-{number}") for number in range(3)]
        controls = [engine.control(f"-{number}") for number in range(3)]
        for number, client in enumerate(clients):
            assert client.read(2, 2, CONFIG) == 0x3c21 + number
            assert client.read(0x3d, 1, CONFIG) == 2 + number
            client.add_ram()
            copies(client, 10)
            client.poke(SRC, bytes([number + 1]) * 640)
        fault = controls[1].fault("chanerr bits=8 after=4")
        for client in clients:
            client.start()
        for number, client in enumerate(clients):
            client.write(DMACOUNT, 2, 10 - number)
        assert [client.wait(state) for client, state in zip(clients, (IDLE, HALTED, IDLE))] == [
            RING + 64 * 9 | IDLE, RING + 64 * 3 | HALTED, RING + 64 * 7 | IDLE]
        assert copied(clients[0], 0, 10) and copied(clients[2], 0, 8)
        assert fault()["fired"] == "1"
        assert "no fault" in controls[0].ask("status id=1")
        assert [control.do("counters channel=0")["descriptors"] for control in controls] == [
            "10", "4", "8"]

        # A reset, and a client that goes, are one function's.
        clients[1].request(DEVICE_RESET)
        assert clients[1].read(CHAINADDR, 8) == 0
        clients[0].close()
        client = engine.client("-0")
        assert client.read(CHAINADDR, 8) == 0
        assert clients[2].wait(IDLE) == RING + 64 * 7 | IDLE
        clients[2].poke(SRC, bytes(640))
        clients[2].start()
        clients[2].write(DMACOUNT, 2, 10)
        clients[2].wait(IDLE)
        assert copied(clients[2], 0, 10)

        engine.process.send_signal(signal.SIGUSR1)
        report = [engine.process.stdout.readline() for _ in range(3)]
        assert len({line.partition(".")[0] for line in report}) == 1, report
    assert engine.process.returncode == 0
    statistics = engine.statistics()
    assert [statistics[f"function{number}.channel0.descriptors"] for number in range(3)] == [
        "10", "4", "18"]


def test_functions_messages():
    """While a function waits for its client, the client may wait for another function."""
    with Engine("--messages", functions=2) as engine:
        one, other = engine.client("-0"), engine.client("-1")
        one.start()
        one.write(DMACOUNT, 2, 1)
        ident, command, _, _, payload = one.receive()
        assert command == DMA_READ
        other.start()
        assert other.wait(ARMED) == ARMED
        reply = payload[:16] + descriptor(0, 0x20, 0, 0, RING)
        one.sock.sendall(HEADER.pack(ident, DMA_READ, 16 + len(reply), REPLY, 0) + reply)
        one.wait(IDLE)


def test_functions_once():
    """They end one by one, and the program with the last one."""
    with Engine("--once", functions=3) as engine:
        clients = [engine.client(f"-{number}") for number in range(3)]
        for number in (1, 0):
            control = engine.control(f"-{number}")
            control.do("status")
            clients[number].close()
            assert control.file.read() == ""
            assert clients[2].read(0, 1) == 1
        assert sorted(os.listdir(engine.folder.name)) == ["socket-2", "socket.control-2"]
        assert engine.process.poll() is None
        clients[2].close()
        assert engine.process.wait(10) == 0
        assert not os.listdir(engine.folder.name)


def test_functions_die():
    """They die together."""
    with Engine(functions=3) as engine:
        clients = [engine.client(f"-{number}") for number in (0, 2)]
        assert engine.control("-1").do("die") == {"in-flight": "0"}
        for client in clients:
            assert client.sock.recv(1) == b""
        assert engine.process.wait(10) == 1


def test_functions_cannot():
    with Engine(functions=8) as engine:
        assert len(os.listdir(engine.folder.name)) == 16
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        with open(f"{path}-1", "wb"):
            pass
        ended = subprocess.run([PROGRAM, "--functions", "2", "--socket", path], check=False,
                               capture_output=True, text=True)
        assert ended.returncode == 1 and f"{path}-1: File exists" in ended.stderr
        assert os.listdir(folder) == ["socket-1"]


def test_stale_socket():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        left = socket.socket(socket.AF_UNIX)
        left.bind(path)
        left.close()
        ended = subprocess.run([PROGRAM, "--socket", path, "--timeout", "1"], check=False,
                               capture_output=True, text=True)
        assert ended.returncode == 1 and "no client" in ended.stderr


def test_timeout():
    with Engine("--once", "--timeout", "1") as engine:
        assert engine.process.wait(10) == 1
    assert "no client within 1 s" in engine.errors
    with Engine("--once", "--timeout", "1") as engine:
        client = engine.client()
        select.select([], [], [], 1.2)
        assert client.read(0, 1) == 1


def test_signals():
    with Engine("--stats") as engine:
        client = engine.client()
        client.read(0, 1)
        engine.process.send_signal(signal.SIGUSR1)
        line = engine.process.stdout.readline()
        assert line.startswith("resets "), line
        assert client.read(0, 1) == 1
        engine.process.terminate()
        assert engine.process.wait(10) == 0
        assert not os.path.exists(engine.path)


def test_signal_while_dma_waits():
    """A client that is asked for memory, and always asks something itself"""
    with Engine() as engine:
        client = engine.client()
        client.dma_map(RAM, RAM_SIZE)
        client.start()
        client.write(DMACOUNT, 2, 1, posted=True)
        assert client.receive()[1] == DMA_READ
        engine.process.terminate()
        reads = 0
        try:
            while reads < 100000:
                client.read(0, 1)
                reads += 1
        except ConnectionError:
            pass
        assert reads < 100000
        assert engine.process.wait(10) == 0


def test_options():
    for options in (["--channels", "0"], ["--channels", "9"], ["--channels", "x"],
                    ["--channels", ""], ["--channels", "-1"], ["--device-id", "12345"],
                    ["--device-id", "0"], ["--version", "3.1"], ["--version", "2.0"],
                    ["--version", "33"], ["--version", "3.33"], ["--version", "3.4x"],
                    ["--cbver", "100"], ["--xfercap", "32"], ["--chancnt", "32"],
                    ["--msix-vectors", "9"], ["--msix-vectors", "2", "--no-msix"],
                    ["--timeout", "1s"], ["--functions", "0"], ["--functions", "9"], ["--nonsense"], ["surplus"], ["--socket"]):
        with Engine(*options) as engine:
            assert engine.process.wait(10) == 2, options
        assert engine.errors.strip()
    for path, text in (("/nowhere/socket", "No such file"), ("x" * 200, "103 bytes"),
                       (__file__, "File exists")):
        for options in (["--socket", path], ["--socket", "unused", "--control", path]):
            ended = subprocess.run([PROGRAM, *options], capture_output=True, text=True,
                                   check=False)
            assert ended.returncode == 1 and text in ended.stderr, ended
    ended = subprocess.run([PROGRAM], capture_output=True, text=True, check=False)
    assert ended.returncode == 2 and "--socket" in ended.stderr
    ended = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0 and "--channels" in ended.stdout


TESTS = [
    ("version and capabilities", test_version),
    ("device, regions and interrupts describe themselves", test_info),
    ("config space and registers, and only those", test_regions),
    ("versions and device IDs", test_versions),
    ("a copy: doorbell, data, completion word, MSI-X, statistics", test_copy),
    ("posted writes get no reply", test_posted),
    ("register accesses and copies take turns", test_register_access_while_busy),
    ("memory maps", test_maps),
    ("memory that is read-only", test_read_only_memory),
    ("a copy across two maps", test_copy_across_maps),
    ("memory behind messages", test_messages),
    ("memory behind messages, by request", test_messages_only),
    ("memory behind messages that fail", test_messages_refused),
    ("memory behind messages that make no sense", test_messages_malformed),
    ("memory that is cut off", test_memory_cut_off),
    ("a channel is reset while memory is awaited", test_reset_while_dma_waits),
    ("a channel is reset between two pieces of its data", test_reset_between_pieces),
    ("INTx: a level on an eventfd", test_intx),
    ("MSI", test_msi),
    ("MSI-X: eight vectors", test_msix),
    ("MSI-X: a pipe that takes no more", test_msix_full),
    ("function-level reset", test_function_level_reset),
    ("a channel's reset", test_channel_reset),
    ("device reset", test_device_reset),
    ("the next client finds a fresh device", test_next_client),
    ("malformed messages end the connection", test_malformed),
    ("random messages end nothing else", test_random),
    ("control: each kind of fault", test_control_faults),
    ("control: faults that take time", test_control_time),
    ("control: the same seed, the same faults", test_control_seed),
    ("control: hostile registers and words", test_control_hostile),
    ("control: counters", test_control_counters),
    ("control: clients come and go", test_control_clients),
    ("control: commands that make no sense", test_control_garbage),
    ("control: the engine dies", test_control_die),
    ("functions: each on its own", test_functions),
    ("functions: one waits for memory, the next one answers", test_functions_messages),
    ("functions: --once", test_functions_once),
    ("functions: the engine dies", test_functions_die),
    ("functions: one that cannot be", test_functions_cannot),
    ("--once", test_once),
    ("a socket that was left behind", test_stale_socket),
    ("--timeout", test_timeout),
    ("signals", test_signals),
    ("signals while memory is awaited", test_signal_while_dma_waits),
    ("options", test_options),
]


def main():
    failed = 0
    print("KTAP version 1", f"1..{len(TESTS)}", sep="\n")
    for number, (name, test) in enumerate(TESTS, 1):
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:
            where = error.__traceback__
            while where.tb_next:
                where = where.tb_next
            print(f"# line {where.tb_lineno}: {type(error).__name__}: {error}")
            print(f"not ok {number} - {name}", flush=True)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    PROGRAM = sys.argv[1]
    sys.exit(main())
