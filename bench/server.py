"""A Credence server as the measuring scripts see it: started, watched in /proc, asked over HTTP, stopped.

Standard library only. Ends exactly the processes that it has started.
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
READY = re.compile(r"Credence is ready at (http://\S+)")


def build(release):
    """Builds the binary and gives its path. CARGO names another command for it, as Cargo itself does."""
    command = [os.environ.get("CARGO", "cargo"), "build", "--bin", "credence"] + (["--release"] if release else [])
    subprocess.run(command, cwd=REPOSITORY, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return target / ("release" if release else "debug") / "credence"


class Server:
    """`credence demo` on a data folder and a free port, from its start to `stop`."""

    def __init__(self, binary, data, *arguments, patience=3600):
        begun = time.monotonic()
        command = [str(binary), "demo", "--data", str(data), "--listen", "127.0.0.1:0", *arguments]
        self.log = open(pathlib.Path(data).with_suffix(".log"), "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log)
        self.base = self._ready_line(begun + patience)
        self.seconds_to_ready = time.monotonic() - begun
        self.demo = json.loads((pathlib.Path(data) / "demo.json").read_text())

    def _ready_line(self, deadline):
        said = ""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if not selector.select(timeout=1):
                    continue
                piece = os.read(self.process.stdout.fileno(), 65536).decode(errors="replace")
                if not piece:
                    break
                said += piece
                if found := READY.search(said):
                    return found.group(1)
        self.stop()
        sys.exit(f"the server did not start; see {self.log.name}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def memory(self, field):
        """VmRSS (now) or VmHWM (most since `forget_peak`) in MB of a million bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M).group(1)) * 1024 / 1e6

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def connect(self):
        return http.client.HTTPConnection(urllib.parse.urlsplit(self.base).netloc, timeout=600)

    def sign_in(self, persona):
        """The session cookie of one of the demo's people."""
        person = self.demo["sign_ins"][persona]
        form = urllib.parse.urlencode({"email": person["email"], "password": person["password"]})
        with contextlib.closing(self.connect()) as connection:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/sign-in", form, headers)
            answer = connection.getresponse()
            answer.read()
            cookie = answer.getheader("Set-Cookie")
        if answer.status != 303 or not cookie:
            sys.exit(f"{persona} cannot sign in: {answer.status}")
        return cookie.split(";")[0]

    def api(self, method, path, body=None, headers=None):
        """Asks the provider's web services; gives status and JSON."""
        with contextlib.closing(self.connect()) as connection:
            token = {"Authorization": f"Bearer {self.demo['tokens']['provider']}"}
            connection.request(method, path, body, token | (headers or {}))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def send_learners(self, file):
        """Sends a learner file; gives the upload's ID once it is acknowledged."""
        mark = "----credence-bench-5a3c0f"
        fields = f'--{mark}\r\nContent-Disposition: form-data; name="permission"\r\n\r\nheld\r\n'
        opening = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = (fields + opening).encode() + file.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        status, answer = self.api("POST", "/api/pars/v1/uploads", body, headers)
        if status != 202:
            sys.exit(f"the upload was not received: {status} {answer}")
        return answer["id"]

    def upload(self, upload_id):
        status, answer = self.api("GET", f"/api/pars/v1/uploads/{upload_id}")
        if status != 200:
            sys.exit(f"the upload cannot be read: {status} {answer}")
        return answer


def fresh_copy(of, to):
    """A data folder as it was; the copy shares blocks where the file system can."""
    shutil.rmtree(to, ignore_errors=True)
    subprocess.run(["cp", "-r", "--reflink=auto", str(of), str(to)], check=True)
    os.sync()  # or the copy would still be written out while somebody measures
    return to


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def machine():
    """What the figures were measured on, in one line."""
    model = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))
    return (
        f"{os.cpu_count()} x {model.group(1).strip() if model else 'unknown CPU'}, {memory / 2**20:.0f} GiB, "
        f"Linux {os.uname().release}, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d', time.gmtime())}"
    )
