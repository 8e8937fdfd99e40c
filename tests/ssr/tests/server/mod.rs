//! The server process, and an HTTP client for it.

use std::{process::Stdio, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    sync::Mutex,
    task::JoinHandle,
    time::timeout,
};

/// A page that takes longer has failed.
const PAGE_TIMEOUT: Duration = Duration::from_secs(60);

/// The server in its own process, so that the test can read its output.
pub struct Server {
    address: String,
    process: Mutex<Process>,
}

struct Process {
    child: Child,
    /// The lines of stderr. The task reads them at once, since a full pipe would block the server.
    stderr: JoinHandle<Vec<String>>,
}

impl Server {
    pub async fn start() -> Arc<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ssr"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).await.unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let stderr = tokio::spawn(async move {
            let mut output = Vec::new();
            while let Some(line) = lines.next_line().await.unwrap() {
                eprintln!("server: {line}");
                output.push(line);
            }
            output
        });
        Arc::new(Self { address: address.trim().to_owned(), process: Mutex::new(Process { child, stderr }) })
    }

    /// The body of a complete page.
    pub async fn page(&self, path: &str) -> String {
        let mut stream = self.request(path).await;
        let mut response = Vec::new();
        let read = timeout(PAGE_TIMEOUT, stream.read_to_end(&mut response)).await;
        let text = String::from_utf8_lossy(&response);
        assert!(read.is_ok_and(|read| read.is_ok()), "{path} is interrupted or hangs: {text}");
        assert!(text.starts_with("HTTP/1.1 200 "), "{path}: {text}");
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        if !head.contains("transfer-encoding: chunked") {
            return body.to_owned();
        }
        join_chunks(body).unwrap_or_else(|| panic!("{path} is incomplete: {text}"))
    }

    /// Requests a page, and disconnects after this many bytes of the response.
    pub async fn disconnect_after(&self, path: &str, bytes: usize) {
        let mut stream = self.request(path).await;
        let mut response = vec![0; bytes];
        let read = timeout(PAGE_TIMEOUT, stream.read_exact(&mut response)).await;
        assert!(read.is_ok_and(|read| read.is_ok()), "{path} has no response");
    }

    /// The number of the server's tasks, including the task of this request.
    pub async fn tasks(&self) -> usize {
        self.page("/tasks").await.trim().parse().unwrap()
    }

    /// Ends the server, and returns the lines of its stderr, which are panics and warnings.
    pub async fn finish(&self) -> Vec<String> {
        let Process { child, stderr } = &mut *self.process.lock().await;
        assert!(child.try_wait().unwrap().is_none(), "the server has ended");
        child.kill().await.unwrap();
        stderr.await.unwrap()
    }

    async fn request(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }
}

/// Decodes a chunked body. Returns `None` if the last chunk is missing.
fn join_chunks(mut chunks: &str) -> Option<String> {
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
