//! The binary `exchange`.

fn main() {}
