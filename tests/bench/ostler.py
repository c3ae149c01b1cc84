"""ostler as tuibench sees it: see README.md in this directory."""
import json
import os
import subprocess

from tuibench.adapters import Adapter, Launch


class Ostler(Adapter):
    name = "ostler"
    binary = "ostler"
    next_key, prev_key = b"j", b"k"
    # `q` would leave the children running, as it should; the other programs end them.
    quit_keys = [b"Q", b"y"]
    force_quit_keys = [b"Q", b"y"]
    wraps = False
    notes = "a worktree, a keeper and a log file per child; children write straight into the file"

    io = "file"

    def launch(self, workdir, children, rows, cols):
        repo = self._repository(workdir)
        # JSON is YAML. One agent per workstream: every child has a command of its own. Nothing is tried twice, and a
        # child that changes no file is no reason to ask anybody.
        agents = {c.name: {"preset": "command", "command": c.argv, "io": self.io, "grace": "1s",
                           "timeout": {"soft": "off", "hard": "24h", "idle": "off"}} for c in children}
        plan = {
            "limits": {"parallel": len(children)},
            "agents": agents,
            "on": {"no_change": ["fail"], "crashed": ["fail"], "exit_code": ["fail"], "chain_exhausted": "fail"},
            "workstreams": [{"id": c.name, "prompt": "bench", "chain": [c.name]} for c in children],
        }
        with open(repo + "/ostler.yaml", "w") as f:
            json.dump(plan, f)
        return self._screen(workdir)

    def _repository(self, workdir):
        repo = workdir + "/repo"
        os.makedirs(repo)
        for n in range(20):
            with open("%s/file-%02d.txt" % (repo, n), "w") as f:
                f.write("a line\n" * 50)
        git = ["git", "-C", repo, "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
        for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "bench"]):
            subprocess.run(git + command, check=True)
        return repo

    def _screen(self, workdir, *arguments):
        env = {"XDG_STATE_HOME": workdir + "/state", "XDG_CONFIG_HOME": workdir + "/config"}
        return Launch([self.path(), *arguments], env, workdir + "/repo")

    def quit(self, session):
        # Keys that were typed before the question could be seen are not taken for an answer.
        session.type(self.quit_keys, gap=0.06)

    def reattach(self, workdir):
        return self._screen(workdir)

    def server_pids(self, sup, main_pid):
        return [p.pid for p in sup if p.pid != main_pid and _arguments(p.pid)[1:2] == [b"worker"]]

    # Keepers and workers are ours, and so is git while it makes worktrees: the default `counts` says so.


class OstlerPty(Ostler):
    name = "ostler-pty"
    io = "pty"
    notes = "as ostler, but every child has a terminal that its keeper copies into the log file"

    def path(self):
        return Ostler().path()


class OstlerHeadless(Ostler):
    name = "ostler-headless"
    fullscreen = False
    shows_output = False
    quit_keys = [b"\x03"]
    skip = ("latency", "slowlink", "rates", "startup", "sanity", "orphans", "crash")
    notes = "ostler up --headless: a line per event, no screen"

    def path(self):
        return Ostler().path()

    def launch(self, workdir, children, rows, cols):
        super().launch(workdir, children, rows, cols)
        return self._screen(workdir, "up", "--headless")

    def quit(self, session):
        session.type(self.quit_keys)


def _arguments(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            return f.read().split(b"\0")
    except OSError:
        return []
