//! The binary in a scratch folder: one command, or a server that runs until it is dropped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The binary, with nothing of this machine's settings.
pub fn credence(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credence"));
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// What a command printed, and whether it was content.
pub struct Printed {
    pub ok: bool,
    pub out: String,
    pub err: String,
}

pub fn run(command: &mut Command) -> Printed {
    let done = command.stdin(Stdio::null()).output().expect("the binary runs");
    Printed {
        ok: done.status.success(),
        out: String::from_utf8(done.stdout).expect("text"),
        err: String::from_utf8(done.stderr).expect("text"),
    }
}

/// A demo that answers; killed when dropped.
pub struct Running {
    child: Child,
    /// Kept open: a server whose reader goes must not stop.
    _out: BufReader<ChildStdout>,
    /// Host and port.
    pub address: String,
    pub contract: Value,
}

/// Starts a demo and waits until it says that it is ready.
pub fn demo(folder: &Path, options: &[&str]) -> Running {
    let mut command = credence(folder);
    command.args(["demo", "--data", "demo", "--listen", "127.0.0.1:0"]).args(options);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    out.read_line(&mut line).expect("a first line");
    let address = line.trim().strip_prefix("Credence is ready at http://").unwrap_or_default().to_owned();
    let contract = std::fs::read(folder.join("demo/demo.json")).expect("demo.json is written");
    let contract = serde_json::from_slice(&contract).expect("demo.json is JSON");
    Running { child, _out: out, address, contract }
}

impl Running {
    /// The body of a page, with its status line.
    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the server answers");
        let host = &self.address;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn token(&self, kind: &str) -> &str {
        self.contract["tokens"][kind].as_str().expect("a token")
    }

    /// As a power cut would: nothing is put in order.
    pub fn kill(mut self) {
        self.child.kill().expect("the server ends");
        self.child.wait().expect("the server ended");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
