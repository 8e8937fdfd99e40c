//! Statistics of many schedules: they show what the schedules covered.

use std::{collections::BTreeMap, fmt, time::Duration};

#[derive(Debug, Clone, Default)]
pub struct Stats {
    pub schedules: u64,
    pub requests: u64,
    pub refreshes: u64,
    /// Unavoidable theft alarms: an abandoned refresh arrives after the tokens of its successor are in use.
    pub astray_alarms: u64,
    pub longest_ms: u64,
    pub virtual_ms: u64,
    /// How often each act of a plan was performed, faults by their kind.
    pub acts: BTreeMap<String, u64>,
}

impl Stats {
    pub fn act(&mut self, name: &str) {
        *self.acts.entry(name.to_owned()).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        self.schedules += other.schedules;
        self.requests += other.requests;
        self.refreshes += other.refreshes;
        self.astray_alarms += other.astray_alarms;
        self.longest_ms = self.longest_ms.max(other.longest_ms);
        self.virtual_ms += other.virtual_ms;
        for (name, count) in &other.acts {
            *self.acts.entry(name.clone()).or_default() += count;
        }
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = Duration::from_millis(self.virtual_ms).as_secs() / 3600;
        write!(
            f,
            "{} schedules, {hours} h of virtual time (the longest {} s), {} requests, {} of them refreshes, {} theft \
             alarms by abandoned refreshes",
            self.schedules,
            self.longest_ms / 1000,
            self.requests,
            self.refreshes,
            self.astray_alarms
        )?;
        for (name, count) in &self.acts {
            write!(f, "\n    {count:>9}  {name}")?;
        }
        Ok(())
    }
}
