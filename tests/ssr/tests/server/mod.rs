//! The server, and what is asked of it over HTTP.

use std::{process::Stdio, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    sync::Mutex,
    task::JoinHandle,
    time::timeout,
};

/// A page that takes longer never arrives.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server, in a process of its own: so all that it says can be read.
pub struct Server {
    address: String,
    process: Mutex<Process>,
}

struct Process {
    child: Child,
    /// Read all the time, since a full pipe would stop the server.
    said: JoinHandle<Vec<String>>,
}

impl Server {
    pub async fn start() -> Arc<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ssr"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).await.unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = tokio::spawn(async move {
            let mut said = Vec::new();
            while let Some(line) = lines.next_line().await.unwrap() {
                eprintln!("server: {line}");
                said.push(line);
            }
            said
        });
        Arc::new(Self { address: address.trim().to_owned(), process: Mutex::new(Process { child, said }) })
    }

    /// The body of a page that has arrived whole.
    pub async fn page(&self, path: &str) -> String {
        let mut stream = self.request(path).await;
        let mut response = Vec::new();
        let read = timeout(PATIENCE, stream.read_to_end(&mut response)).await;
        let text = String::from_utf8_lossy(&response);
        assert!(read.is_ok_and(|read| read.is_ok()), "{path} broke off or hangs: {text}");
        assert!(text.starts_with("HTTP/1.1 200 "), "{path}: {text}");
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        if !head.contains("transfer-encoding: chunked") {
            return body.to_owned();
        }
        joined(body).unwrap_or_else(|| panic!("{path} is cut off: {text}"))
    }

    /// Asks for a page, and goes away after so many bytes of the response.
    pub async fn leave(&self, path: &str, bytes: usize) {
        let mut stream = self.request(path).await;
        let mut response = vec![0; bytes];
        let read = timeout(PATIENCE, stream.read_exact(&mut response)).await;
        assert!(read.is_ok_and(|read| read.is_ok()), "{path} has not begun");
    }

    /// How many tasks the server has, the one of this request among them.
    pub async fn tasks(&self) -> usize {
        self.page("/tasks").await.trim().parse().unwrap()
    }

    /// Ends the server, and tells the lines that it has written to stderr: its panics and warnings.
    pub async fn finish(&self) -> Vec<String> {
        let Process { child, said } = &mut *self.process.lock().await;
        assert!(child.try_wait().unwrap().is_none(), "the server has ended");
        child.kill().await.unwrap();
        said.await.unwrap()
    }

    async fn request(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }
}

/// A body without the framing of its chunks; none where the last chunk is missing.
fn joined(mut chunks: &str) -> Option<String> {
    let mut body = String::new();
    loop {
        let (size, rest) = chunks.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.push_str(rest.get(..size)?);
        chunks = rest.get(size..)?.strip_prefix("\r\n")?;
    }
}
