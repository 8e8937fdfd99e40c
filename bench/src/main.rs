//! Measures the session client in a real browser, and compares it with plain fetch, the JavaScript SDK, a floor and
//! gloo-net.
//!
//! `cargo xtask bench` builds all contenders and starts this. Contenders take turns in one browser, and their order
//! rotates in each round. Only ratios within one run are meaningful.

mod about;
mod browser;
mod contender;
mod measure;
mod options;
mod plot;
mod rows;
mod samples;
mod server;
mod table;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::browser::Browser;
use crate::options::Options;
use crate::samples::Samples;
use crate::server::Server;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let options = Options::read()?;
    let server = Server::start(&options.site).await?;
    let mut browser = Browser::start(&options).await?;
    let mut samples = Samples::default();
    let about = about::sentence(&options, &browser.version().await.unwrap_or_default());
    let measured = measure::all(&mut browser, &server, &options, &mut samples).await;
    // A killed driver would leave its browser running.
    browser.close().await;
    measured?;

    let sizes = fs::read_to_string(&options.sizes).context("reading the sizes")?;
    let report = table::report(&samples, &sizes, &about)?;
    println!("{report}");
    fs::create_dir_all(&options.out).context("creating the folder for the results")?;
    fs::write(options.out.join("bench.md"), report).context("writing bench.md")?;
    fs::write(options.out.join("bench.svg"), plot::svg(&samples)).context("writing bench.svg")?;
    println!("written to {}", options.out.display());
    Ok(())
}
