"""Ways to another process or computer: a TCP connection, a serial line, the pipes of a process. Bytes go out and come in; nothing else is known.

What closes or fails raises `Fault`, after which it is not asked again.
"""

from __future__ import annotations

import queue
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from downrange.control.controller import Fault
from downrange.errors import InputError, seen

__all__ = ["Link", "Pipe", "Serial", "Tcp", "open_link"]

_PIECE = 4096  # bytes read at once: room for 64 KiB costs more than a message does
_GOES = 5.0  # s that a process has to end by itself


class Link(Protocol):
    """Bytes to the other side and back."""

    def open(self) -> None:
        """Be ready, waiting for the other side where it has to come. Raises `InputError` where that cannot be."""

    def send(self, data: bytes) -> None:
        """Send bytes."""

    def receive(self, seconds: float) -> bytes:
        """What has come, waiting at most so long; empty where nothing has."""

    def close(self) -> None:
        """Let go."""


class Tcp:
    """A TCP connection: `listen` waits at host and port for the other side to come, else it is gone to."""

    def __init__(self, host: str, port: int, *, listen: bool = True, patience_s: float = 60.0) -> None:
        self.host, self.port, self.listen, self.patience_s = host, port, listen, patience_s
        self._server: socket.socket | None = None
        self._socket: socket.socket | None = None

    def bind(self) -> int:
        """Listen; the port, which the system chooses where it is 0."""
        if self._server is None:
            try:
                self._server = socket.create_server((self.host, self.port))
            except OSError as error:
                raise InputError(
                    f"cannot listen at {self.host}:{self.port}: {error.strerror or error}", key="link"
                ) from None
            self.port = int(self._server.getsockname()[1])
        return self.port

    def open(self) -> None:
        """Wait for the other side, or go to it."""
        if self._socket is not None:
            return
        try:
            if self.listen:
                self.bind()
                assert self._server is not None
                self._server.settimeout(self.patience_s)
                self._socket = self._server.accept()[0]
            else:
                self._socket = self._gone_to()
        except TimeoutError:
            self.close()
            raise InputError(
                f"nobody came to {self.host}:{self.port} within {self.patience_s:g} s; start the controller, then try again",
                key="link",
            ) from None
        except OSError as error:
            self.close()
            raise InputError(f"cannot reach {self.host}:{self.port}: {error.strerror or error}", key="link") from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _gone_to(self) -> socket.socket:
        until = time.monotonic() + self.patience_s
        while True:
            try:
                return socket.create_connection((self.host, self.port), timeout=self.patience_s)
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def send(self, data: bytes) -> None:
        """Send bytes."""
        assert self._socket is not None
        try:
            self._socket.settimeout(self.patience_s)
            self._socket.sendall(data)
        except OSError as error:
            raise Fault(f"the connection is closed ({type(error).__name__})", over=True) from None

    def receive(self, seconds: float) -> bytes:
        """What has come."""
        assert self._socket is not None
        try:
            self._socket.settimeout(max(seconds, 1e-6))
            data = self._socket.recv(_PIECE)
        except TimeoutError:
            return b""
        except OSError as error:
            raise Fault(f"the connection is closed ({type(error).__name__})", over=True) from None
        if not data:
            raise Fault("it closed the connection", over=True)
        return data

    def close(self) -> None:
        """Let go."""
        for s in (self._socket, self._server):
            if s is not None:
                s.close()
        self._socket = self._server = None


class _Read:
    """A thread that reads, so that reading can be given up: pipes and serial lines have no timeouts everywhere."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read, self._come = read, queue.SimpleQueue[bytes | None]()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            while data := self._read():
                self._come.put(data)
        except (OSError, ValueError, TypeError):  # closed while it was read
            pass
        self._come.put(None)

    def receive(self, seconds: float) -> bytes:
        try:
            data = self._come.get(timeout=max(seconds, 1e-6))
        except queue.Empty:
            return b""
        if data is None:
            self._come.put(None)
            raise Fault("it closed its side", over=True)
        return data


class Pipe:
    """A process of this computer: what is sent comes to its standard input, what it prints is what it answers."""

    def __init__(self, command: str | list[str]) -> None:
        self.command = shlex.split(command) if isinstance(command, str) else list(command)
        if not self.command:
            raise InputError("no command to run was given", key="link")
        self._process: subprocess.Popen[bytes] | None = None
        self._in: _Read | None = None

    def open(self) -> None:
        """Start the process."""
        if self._process is not None:
            return
        try:
            self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        except OSError as error:
            raise InputError(f"cannot run {seen(self.command[0], 80)}: {error.strerror or error}", key="link") from None
        out: Any = self._process.stdout
        self._in = _Read(lambda: out.read(_PIECE))

    def send(self, data: bytes) -> None:
        """Send bytes."""
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(data)
        except (OSError, ValueError) as error:
            raise Fault(f"its process has ended ({type(error).__name__})", over=True) from None

    def receive(self, seconds: float) -> bytes:
        """What has come."""
        assert self._in is not None
        return self._in.receive(seconds)

    def close(self) -> None:
        """Close its input and let it end; it is ended where it does not."""
        p, self._process = self._process, None
        if p is None:
            return
        assert p.stdin is not None and p.stdout is not None
        try:
            p.stdin.close()
            p.wait(_GOES)
        except (OSError, subprocess.TimeoutExpired):
            p.kill()
            p.wait()
        p.stdout.close()


class Serial:
    """A serial line, by pyserial (extra `hil`)."""

    def __init__(self, port: str, baud: int = 115_200) -> None:
        self.port, self.baud = port, baud
        self._line: Any = None
        self._in: _Read | None = None

    def open(self) -> None:
        """Open the line."""
        if self._line is not None:
            return
        try:
            import serial
        except ImportError:
            raise InputError("a serial line needs the extra hil: pip install 'downrange[hil]'", key="link") from None
        try:
            self._line = line = serial.serial_for_url(self.port, baudrate=self.baud, timeout=0.2)
        except (serial.SerialException, OSError, ValueError) as error:
            raise InputError(
                f"cannot open the serial line {seen(self.port, 80)}: {seen(str(error), 100)}", key="link"
            ) from None

        def read() -> bytes:
            while line.is_open:
                data = line.read(1)
                if data:
                    return bytes(data + line.read(line.in_waiting))
            return b""

        self._in = _Read(read)

    def send(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self._line.write(data)
        except OSError as error:
            raise Fault(f"the serial line is gone ({type(error).__name__})", over=True) from None

    def receive(self, seconds: float) -> bytes:
        """What has come."""
        assert self._in is not None
        return self._in.receive(seconds)

    def close(self) -> None:
        """Let go."""
        if self._line is not None:
            self._line.close()
        self._line = None


def open_link(where: str) -> Link:
    """A link by its name, not open yet: `tcp:HOST:PORT` waits there, `connect:HOST:PORT` goes there, `serial:PORT[:BAUD]`, `run:COMMAND`.

    where: its name. Raises `InputError` for another.
    """
    kind, _, rest = where.partition(":")
    if kind in ("tcp", "connect"):
        host, _, port = rest.rpartition(":")
        if not port.isdigit() or not 0 <= int(port) <= 65_535:
            raise InputError(
                f"a TCP link is written {kind}:HOST:PORT, like {kind}:localhost:5760; seen {seen(where, 80)}",
                key="link",
            )
        return Tcp(host or "localhost", int(port), listen=kind == "tcp")
    if kind == "serial" and rest:
        name, _, baud = rest.rpartition(":")
        return Serial(name, int(baud)) if name and baud.isdigit() else Serial(rest)
    if kind == "run" and rest:
        return Pipe(rest)
    raise InputError(
        f"cannot read the link {seen(where, 80)}; write tcp:HOST:PORT (wait there), connect:HOST:PORT (go there), serial:PORT:BAUD or "
        "run:COMMAND",
        key="link",
    )
