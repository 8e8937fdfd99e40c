//! Deliberate bugs, built into a copy of the project one after the other. The simulation has to catch each.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::files;
use crate::report::Counter;
use crate::run::{self, Project};

/// Plays the schedules.
pub(crate) fn schedules(project: &Project) -> Command {
    let mut cargo = project.cargo(["test", "--package", "supertokens-session", "--test", "it"]);
    cargo.args(["--", "--nocapture", "schedules::schedules"]);
    cargo
}

/// A change that the simulation has to catch.
struct Bug {
    name: &'static str,
    /// Within the session crate's `src`.
    file: &'static str,
    /// Occurs once in the file.
    from: &'static str,
    to: &'static str,
}

const BUGS: [Bug; 11] = [
    Bug {
        name: "no lock",
        file: "client/refresh.rs",
        from: "let guard = unfinished.guard.insert(self.0.platform.lock.acquire(LOCK_NAME).await?);",
        to: "let guard = unfinished.guard.insert(LockGuard::new(|| {}));",
    },
    Bug {
        name: "no second read under the lock",
        file: "client/refresh.rs",
        from: "        let guard = unfinished.guard.insert(self.0.platform.lock.acquire(LOCK_NAME).await?);
        // Read again: another tab may have refreshed while this one waited for the lock.
        let mut read = loop {
            let read = self.read().await?;",
        to: "        let early = self.read().await?;
        let guard = unfinished.guard.insert(self.0.platform.lock.acquire(LOCK_NAME).await?);
        let mut read = loop {
            let mut read = early.clone();
            read.stored.lease = self.read().await?.stored.lease;",
    },
    Bug {
        name: "save without the epoch",
        file: "transitions/save.rs",
        from: "if !may_save || is_foreign {",
        to: "if false {",
    },
    Bug {
        name: "retry without the new headers",
        file: "client/request.rs",
        from: "                read = self.read_and_emit().await?;
                if !retry",
        to: "                read = StoreRead { stored: read.stored, ..self.read_and_emit().await? };
                if !retry",
    },
    Bug {
        name: "sign out on a 500",
        file: "transitions/refresh.rs",
        from: "_ if !(200..300).contains(&status) => AfterRefresh::Failed,",
        to: "_ if !(200..300).contains(&status) => AfterRefresh::EndSession,",
    },
    Bug {
        name: "the lock is not released when it is dropped",
        file: "platform/lock.rs",
        from: "            release();",
        to: "            std::mem::forget(release);",
    },
    Bug {
        name: "refresh until the token has not expired",
        file: "client/request.rs",
        from: "            read = self.read_and_emit().await?;
        }",
        to: "            read = self.read_and_emit().await?;
            while failed_refresh.is_none() && self.is_about_to_expire(&read, 0) {
                self.refresh_session(read.state).await?;
                read = self.read_and_emit().await?;
            }
        }",
    },
    Bug {
        name: "retry for any signed-in user",
        file: "transitions/request.rs",
        from: "(Some(made), Some(now)) => made.user_id == now.user_id || made == now,",
        to: "(Some(_), Some(_)) => true,",
    },
    Bug {
        name: "retry after a network error",
        file: "client/request.rs",
        from: "let response = self.send(with_session, request.transport.as_ref()).await?;",
        to: "let response = match self.send(with_session.clone(), request.transport.as_ref()).await {
                    Ok(response) => response,
                    Err(_) => self.send(with_session, request.transport.as_ref()).await?,
                };",
    },
    Bug {
        name: "a refresh's token into the log",
        file: "client/refresh.rs",
        from: "            let mut headers = SessionHeaders::read(&**response);",
        to: "            let mut headers = SessionHeaders::read(&**response);
            log::debug!(\"{:?}\", response.header(\"front-token\"));",
    },
    Bug {
        name: "claims are fetched without their lock",
        file: "client/validate_claims.rs",
        from: "Ok(guard) => guard,",
        to: "Ok(guard) => drop(guard),",
    },
];

#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    BUGS.iter().map(|bug| bug.name)
}

/// Whether the simulation catches each bug; each counts as a test.
pub(crate) fn all_are_caught(project: &Project, counter: &mut Counter) -> Result<bool> {
    let copy = project.target.join("bugs");
    copy_project(project, &copy)?;
    for bug in &BUGS {
        let caught = caught_after(project, &copy, bug)?;
        counter.counts.passed += usize::from(caught.is_some());
        counter.counts.failed += usize::from(caught.is_none());
        match caught {
            Some(caught) => run::say(&format!("    caught: {:<45} {caught}", bug.name)),
            None => run::say(&run::paint(run::RED, &format!("    NOT CAUGHT: {}", bug.name))),
        }
    }
    Ok(counter.counts.failed == 0)
}

/// The line that the schedules print when they catch the bug; none if they pass.
fn caught_after(project: &Project, copy: &Path, bug: &Bug) -> Result<Option<String>> {
    let file = Path::new("crates/session/src").join(bug.file);
    let sound = fs::read_to_string(project.root.join(&file))?;
    if sound.matches(bug.from).count() != 1 {
        bail!("the bug `{}` no longer fits {}: fix it in xtask/src/bugs.rs", bug.name, file.display());
    }
    fs::write(copy.join(&file), sound.replace(bug.from, bug.to))?;
    let mut cargo = schedules(project);
    cargo.current_dir(copy).env("CARGO_TARGET_DIR", copy.join("target")).env("RUST_BACKTRACE", "0");
    let output = cargo.stdin(Stdio::null()).output().context("cannot run cargo")?;
    fs::write(copy.join(&file), sound)?;
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if printed.contains("error: could not compile") {
        bail!("the bug `{}` does not compile:\n{printed}", bug.name);
    }
    let caught = printed.lines().find(|line| line.contains("schedules held before"));
    match (output.status.success(), caught) {
        (true, _) => Ok(None),
        (false, Some(caught)) => Ok(Some(caught.trim().to_owned())),
        (false, None) => bail!("the schedules ended early with the bug `{}`:\n{printed}", bug.name),
    }
}

/// Copies the project's files. Unchanged ones are not written, so that cargo builds little.
fn copy_project(project: &Project, copy: &Path) -> Result<()> {
    // A file that was removed from the project must be removed from the copy. This crate is built again in any case.
    files::clear(&copy.join("crates/session"))?;
    for file in files::list(project, ".")? {
        let (from, to) = (project.root.join(&file), copy.join(&file));
        if fs::read(&to).ok() != Some(fs::read(&from)?) {
            files::copy(&from, &to)?;
        }
    }
    Ok(())
}
