//! Progress bars, on standard error and only when a person watches.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over a file's bytes.
pub(super) fn of_bytes(total: u64) -> ProgressBar {
    styled(total, "{wide_bar} {bytes}/{total_bytes} {eta}")
}

/// A bar over items, which says what is being done.
pub(super) fn of_items(total: u64) -> ProgressBar {
    styled(total, "{msg} {wide_bar} {pos}/{len} {eta}")
}

/// A bar over rows; a count that runs where nobody knows the total beforehand.
pub(super) fn of_rows(total: Option<u64>) -> ProgressBar {
    match total {
        Some(total) => styled(total, "{wide_bar} {pos}/{len} rows {eta}"),
        None => {
            let style = ProgressStyle::with_template("{spinner} {pos} rows {elapsed}");
            ProgressBar::no_length().with_style(style.expect("the template is well-formed"))
        }
    }
}

fn styled(total: u64, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).expect("the template is well-formed");
    ProgressBar::new(total).with_style(style)
}
