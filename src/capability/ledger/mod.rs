//! County ledgers: the spreadsheets in which counties keep their people today.
//!
//! A file comes as XLSX or CSV, in Chinese or English, UTF-8 or GB18030, as people and
//! spreadsheets leave it. A row is refused only when the person cannot be identified, placed or
//! classified; any other defect keeps that one value out and says so. Running the same file again
//! changes nothing; of people and households that are known already, what a row says otherwise than
//! the record is named and left out.

mod columns;
mod defect;
mod header;
mod home;
mod import;
mod job;
mod kind;
mod known;
mod lines;
pub mod policy;
mod reader;
mod row;
mod settle;
mod workbook;

pub use columns::Column;
pub use defect::{Defect, Finding, Verdict};
pub use header::LeftOut;
pub use import::{ImportError, ImportOptions, ImportSummary, RowReport, import};
pub use reader::{LedgerReader, ReadError};
