//! CPU time of processes, from `/proc`: steadier than wall time on a busy machine.

use std::fs;

/// Clock ticks a second, the unit of `/proc/<pid>/stat`; 100 on every Linux this runs on.
const TICKS: f64 = 100.0;

/// CPU seconds of one process so far, children that have ended included.
pub fn of(pid: u32) -> f64 {
    ticks(pid).unwrap_or_default() / TICKS
}

/// CPU seconds of every process with this name so far. PostgreSQL has a process a connection.
pub fn of_all(name: &str) -> f64 {
    let Ok(processes) = fs::read_dir("/proc") else {
        return 0.0;
    };
    let total: f64 = processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm.trim() == name)
        })
        .filter_map(own_ticks)
        .sum();
    total / TICKS
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

fn sum(pid: u32, positions: &[usize]) -> Option<f64> {
    let fields = fields(pid)?;
    positions
        .iter()
        .map(|at| fields.get(*at)?.parse::<f64>().ok())
        .sum()
}

/// User and system time, the process's own.
fn own_ticks(pid: u32) -> Option<f64> {
    sum(pid, &[11, 12])
}

/// User and system time, with that of children that were waited for.
fn ticks(pid: u32) -> Option<f64> {
    sum(pid, &[11, 12, 13, 14])
}
