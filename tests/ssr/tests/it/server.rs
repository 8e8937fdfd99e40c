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
pub(crate) struct Server {
    address: String,
    process: Mutex<Process>,
}

struct Process {
    child: Child,
    /// The lines of stderr. The task reads them at once, since a full pipe would block the server.
    stderr: JoinHandle<Vec<String>>,
}

impl Server {
    /// Starts a server that knows no session.
    pub(crate) async fn start() -> Arc<Self> {
        Self::run(Command::new(env!("CARGO_BIN_EXE_ssr"))).await
    }

    /// Starts a server that verifies the sessions of this API.
    pub(crate) async fn start_for(api_domain: &str) -> Arc<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ssr"));
        command.env("API_DOMAIN", api_domain);
        Self::run(command).await
    }

    async fn run(mut command: Command) -> Arc<Self> {
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
    pub(crate) async fn page(&self, path: &str) -> String {
        let response = self.get(path, "").await;
        assert_eq!(response.status, 200, "{path}: {response:?}");
        response.body
    }

    /// The response to a request with this `Cookie` header.
    pub(crate) async fn get(&self, path: &str, cookies: &str) -> Response {
        let request = format!("GET {path} HTTP/1.1\r\ncookie: {cookies}\r\n");
        exchange(&self.address, &request, "").await
    }

    /// Calls a server function, with these lines in the head of the request.
    pub(crate) async fn call(&self, function: &str, head: &str) -> Response {
        let head = format!(
            "POST /api/{function} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n{head}"
        );
        exchange(&self.address, &head, "").await
    }

    /// Requests a page, and disconnects after this many bytes of the response.
    pub(crate) async fn disconnect_after(&self, path: &str, cookies: &str, bytes: usize) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookies}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut response = vec![0; bytes];
        let read = timeout(PAGE_TIMEOUT, stream.read_exact(&mut response)).await;
        assert!(read.is_ok_and(|read| read.is_ok()), "{path} has no response");
    }

    /// The number of the server's tasks, including the task of this request.
    pub(crate) async fn tasks(&self) -> usize {
        self.page("/tasks").await.trim().parse().unwrap()
    }

    /// The process.
    pub(crate) async fn id(&self) -> u32 {
        self.process.lock().await.child.id().unwrap()
    }

    /// Ends the server, and returns the lines of its stderr, which are panics and warnings.
    pub(crate) async fn finish(&self) -> Vec<String> {
        let Process { child, stderr } = &mut *self.process.lock().await;
        assert!(child.try_wait().unwrap().is_none(), "the server has ended");
        child.kill().await.unwrap();
        stderr.await.unwrap()
    }
}

/// When a client disconnects, Leptos disposes of the page's signals and contexts while another thread may still render
/// the page (leptos-rs/leptos#4402). Then the code of the page panics, and no client gets its response.
pub(crate) fn is_of_disposal(line: &str) -> bool {
    let has_lost_its_context =
        ["outside a <Router>", "needs a <SessionProvider>"].iter().any(|text| line.contains(text));
    line.contains("has already been disposed") || has_lost_its_context
}

/// A whole response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Response {
    /// All values of a header.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

/// Sends a request, whose head has its first lines only, and reads the response until the end.
pub(crate) async fn exchange(address: &str, head: &str, body: &str) -> Response {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request =
        format!("{head}host: localhost\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    let read = timeout(PAGE_TIMEOUT, stream.read_to_end(&mut response)).await;
    let text = String::from_utf8_lossy(&response);
    assert!(read.is_ok_and(|read| read.is_ok()), "{head} is interrupted or hangs: {text}");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    let body = match head.contains("transfer-encoding: chunked") {
        true => join_chunks(body).unwrap_or_else(|| panic!("the response is incomplete: {text}")),
        false => body.to_owned(),
    };
    Response { status, head: head.to_owned(), body }
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
