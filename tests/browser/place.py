"""The programs that the browser looks at: the demo, and a daemon on a log of its own with people."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request

# What must stand otherwise in the configuration and in its call for a daemon of today.
CHANGES = [(r"^listen = .*$", 'listen = "127.0.0.1:{port}"'), (r"^addresses = .*$", 'addresses = ["input@mail.test"]'),
           (r"^from_address = .*$", 'from_address = "input@mail.test"'), (r"^undo_window = .*$", 'undo_window = "15s"'),
           (r"^maildir = .*$", 'maildir = "{maildir}"')]
CALL = "calls/unece-gcm-2020.toml"
CALL_CHANGES = [(r"gcm-contact@example\.org", "contact@mail.test"), (r"day = 2020-09-30", "day = 2027-03-30"),
                (r"^issued = 2020-07-15", "issued = 2026-07-15")]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Served:
    """A process that serves pages."""

    def __init__(self, folder, name, command, cwd=None):
        self.log = os.path.join(folder, f"{name}.log")
        self.process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=open(self.log, "w"),
                                        stderr=subprocess.STDOUT)

    def wait_for(self, is_there, within):
        until = time.time() + within
        while not is_there():
            if time.time() > until or self.process.poll() is not None:
                raise RuntimeError(f"it does not come so far:\n{open(self.log).read()[-2000:]}")
            time.sleep(0.05)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


class Demo(Served):
    """The demo, once all of its mail is handled: after the deadline, with an officer before the pages."""

    def __init__(self, program, folder):
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        super().__init__(folder, "demo", [program, "demo", "--port", str(port), "--keep", os.path.join(folder, "demo")])

    def ready(self):
        self.wait_for(lambda: "until you press Ctrl-C" in open(self.log).read(), 120)


class Own(Served):
    """A daemon on an empty log, with a Maildir, a folder for letters, and people."""

    def __init__(self, program, folder):
        self.program, self.folder = program, os.path.join(folder, "own")
        subprocess.run([program, "init", self.folder], check=True, stdout=subprocess.DEVNULL)
        self.config = os.path.join(self.folder, "docket.toml")
        self.maildir = os.path.join(self.folder, "mail")
        for part in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(self.maildir, part))
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        for path, changes in ((self.config, CHANGES), (os.path.join(self.folder, CALL), CALL_CHANGES)):
            written = open(path).read()
            for pattern, instead in changes:
                written, count = re.subn(pattern, instead.format(port=port, maildir=self.maildir), written, flags=re.M)
                if count != 1:
                    raise RuntimeError(f"{path} has {count} times: {pattern}")
            with open(path, "w") as file:
                file.write(written)
        super().__init__(folder, "own", [program, "run"], cwd=self.folder)

    def ready(self):
        self.wait_for(self.answers, 60)

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def command(self, *words):
        done = subprocess.run([self.program, *words], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def link(self, *words):
        """What `docket user` prints for a person to set a password by."""
        said = self.command("user", *words)
        return self.address + re.search(r"/welcome/\S+", said).group(0).rstrip(".")

    def deliver(self, path):
        """Puts a message into the Maildir, as of now."""
        with open(path, "rb") as file:
            mail = file.read()
        for pattern, instead in ((rb"^Date: .*$", time.strftime("Date: %a, %d %b %Y %H:%M:%S +0000", time.gmtime()).encode()),
                                 (rb"^To: .*$", b"To: input@mail.test")):
            mail = re.sub(pattern, instead, mail, count=1, flags=re.M)
        name = os.path.basename(path)
        with open(os.path.join(self.maildir, "tmp", name), "wb") as file:
            file.write(mail)
        os.rename(os.path.join(self.maildir, "tmp", name), os.path.join(self.maildir, "new", name))
