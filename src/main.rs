//! The binary `exchange`; everything it does is in [`employment_exchange::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    employment_exchange::cli::main()
}
