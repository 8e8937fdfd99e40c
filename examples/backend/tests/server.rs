//! The server on a real port: start, stop and restart.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use backend::{Options, ServeError, Server, spawn, spawn_with_state};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn options() -> Options {
    Options { test_controls: true, ..Options::default() }
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}

async fn get(server: &Server, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(server.address()).await?;
    stream.write_all(request(path).as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    Ok(text)
}

#[tokio::test]
async fn it_responds_on_its_own_port() {
    let (one, two) = (spawn(options()).await.unwrap(), spawn(options()).await.unwrap());
    assert_ne!(one.url(), two.url());
    assert_eq!(one.url(), format!("http://{}", one.address()));
    assert!(get(&one, "/api/public").await.unwrap().starts_with("HTTP/1.1 200 "));
    assert_eq!(one.controls().calls("GET", "/api/public"), 1);
    assert_eq!(two.controls().calls("GET", "/api/public"), 0);
}

#[tokio::test]
async fn stopping_closes_the_port_and_all_connections_at_once() {
    let mut server = spawn(options()).await.unwrap();
    server.controls().delay("/api/public", Duration::from_secs(60));
    let mut idle = TcpStream::connect(server.address()).await.unwrap();
    let mut waiting = TcpStream::connect(server.address()).await.unwrap();
    waiting.write_all(request("/api/public").as_bytes()).await.unwrap();
    while server.controls().calls("GET", "/api/public") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < Duration::from_secs(20));
    for stream in [&mut idle, &mut waiting] {
        let mut rest = Vec::new();
        let read = stream.read_to_end(&mut rest).await;
        assert!(rest.is_empty(), "no response was sent: {read:?}");
    }
    let rejected = get(&server, "/api/public").await.unwrap_err();
    assert_eq!(rejected.kind(), ErrorKind::ConnectionRefused);
    server.stop().await;
}

#[tokio::test]
async fn finishing_waits_for_responses() {
    let mut server = spawn(options()).await.unwrap();
    server.controls().delay("/api/public", Duration::from_millis(300));
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(request("/api/public").as_bytes()).await.unwrap();
    while server.controls().calls("GET", "/api/public") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.finish().await;
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
}

#[tokio::test]
async fn a_restart_has_the_same_port_and_state() {
    let mut server = spawn(options()).await.unwrap();
    let address = server.address();
    get(&server, "/api/public").await.unwrap();
    server.restart().await.unwrap();
    assert_eq!(server.address(), address);
    get(&server, "/api/public").await.unwrap();
    assert_eq!(server.controls().calls("GET", "/api/public"), 2);

    server.stop().await;
    server.restart().await.unwrap();
    assert!(get(&server, "/api/public").await.unwrap().starts_with("HTTP/1.1 200 "));

    let other = spawn_with_state(options(), server.state()).await.unwrap();
    get(&other, "/api/public").await.unwrap();
    assert_eq!(server.controls().calls("GET", "/api/public"), 4);
}

#[tokio::test]
async fn dropping_the_server_stops_it() {
    let server = spawn(options()).await.unwrap();
    let address = server.address();
    drop(server);
    let start = Instant::now();
    while TcpStream::connect(address).await.is_ok() {
        assert!(start.elapsed() < Duration::from_secs(5), "still listening");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_port_in_use_is_an_error_that_names_it() {
    let server = spawn(options()).await.unwrap();
    let error = spawn(Options { address: server.address(), ..options() }).await.unwrap_err();
    assert!(matches!(error, ServeError::AddressInUse(address) if address == server.address()));
    assert!(error.to_string().contains(&server.address().to_string()));
}
