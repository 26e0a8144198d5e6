//! The binary `exchange`; everything it does is in [`employment_exchange::cli`].

use std::process::ExitCode;

/// A page of people is some thousand small allocations; this allocator takes a fifth off it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    employment_exchange::cli::main()
}
