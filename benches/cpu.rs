//! CPU time of processes, from `/proc`: steadier than wall time on a busy machine.

use std::fs;

/// Clock ticks a second, the unit of `/proc/<pid>/stat`; 100 on every Linux this runs on.
const TICKS: f64 = 100.0;

/// CPU seconds of one process so far, children that have ended included.
pub fn of(pid: u32) -> f64 {
    ticks(pid).unwrap_or_default() / TICKS
}

/// CPU seconds of a server that has a process a connection, such as PostgreSQL: of its first
/// process, of those it has now, and of those that have ended, which the first has waited for.
pub fn of_server(first: u32) -> f64 {
    let Ok(processes) = fs::read_dir("/proc") else {
        return 0.0;
    };
    let children: f64 = processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| parent(*pid) == Some(first))
        .filter_map(ticks)
        .sum();
    of(first) + children / TICKS
}

/// The process that started this one.
pub fn parent(pid: u32) -> Option<u32> {
    fields(pid)?.get(1)?.parse().ok()
}

/// The most memory a process has held so far, in MiB.
pub fn peak_mib(pid: u32) -> u64 {
    fs::read_to_string(format!("/proc/{pid}/status"))
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kib| kib / 1024)
}

fn fields(pid: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold blanks; what follows its closing bracket may not.
    let (_, rest) = stat.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// User and system time, with that of children that were waited for.
fn ticks(pid: u32) -> Option<f64> {
    let fields = fields(pid)?;
    fields
        .get(11..15)?
        .iter()
        .map(|field| field.parse::<f64>().ok())
        .sum()
}
