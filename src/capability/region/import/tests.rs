//! Good and bad rows of division tables.

use super::*;

fn rows(text: &str) -> Vec<ImportRow> {
    let mut table = RegionTable::open(text.as_bytes()).expect("a header");
    table.next_rows(100).expect("readable")
}

fn refusal(row: &str) -> Option<RowRejection> {
    let header = "code,level,parent,name_zh,name_en,valid_from,valid_to,successor";
    let read = rows(&format!("{header}\n{row}\n"));
    assert_eq!(read.len(), 1, "{row}");
    read[0].given.clone().err()
}

#[test]
fn each_kind_of_bad_row_gets_its_reason() {
    use RowRejection as R;
    let county = "590101000000,COUNTY,590100000000";
    for (row, reason) in [
        ("59010100000,COUNTY,590100000000,名,", R::BadCode),
        ("590100000200,VILLAGE,590100000000,名,", R::BadCode),
        ("590101000000,DISTRICT,590100000000,名,", R::UnknownLevel),
        ("590101000000,TOWNSHIP,590100000000,名,", R::LevelMismatch),
        ("590101000000,COUNTY,590000000000,名,", R::ParentMismatch),
        ("590101000000,COUNTY,,名,", R::ParentMismatch),
        ("590101000000,COUNTY,5901,名,", R::ParentMismatch),
        ("590000000000,PROVINCE,590000000000,名,", R::ParentMismatch),
        (&format!("{county},,Name"), R::BadName),
        (&format!("{county},{},", "长".repeat(101)), R::BadName),
        (county, R::BadName),
        (&format!("{county},名,,2026/01/01"), R::BadDate),
        (&format!("{county},名,,20260-01-01"), R::BadDate),
        (&format!("{county},名,,,2101-01-01"), R::BadDate),
        (&format!("{county},\"名"), R::StrayQuote),
        (&format!("{county},名,,,,x"), R::BadSuccessor),
        (&format!("{county},名,,,,590101000000"), R::BadSuccessor),
    ] {
        assert_eq!(refusal(row), Some(reason), "{row}");
    }
    assert_eq!(refusal("590101000000,COUNTY,590100000000,名,Name,,,"), None);
    assert_eq!(
        refusal("441900003000,TOWNSHIP,441900000000,东城街道"),
        None,
        "a town directly under a prefecture"
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_its_own_line_alone() {
    let read = rows(
        "code,level,parent,name_zh\n590000000000,PROVINCE,,\"云川省\n\r\n\
         590100000000,PREFECTURE,590000000000,\"南泽\"\"市\"\r\n",
    );
    assert_eq!((read[0].line, read[1].line, read.len()), (2, 4, 2));
    assert_eq!(read[0].given, Err(RowRejection::StrayQuote));
    let given = read[1].given.as_ref().expect("a good row");
    assert_eq!(given.name_zh, "南泽\"市");
}

#[test]
fn a_line_without_an_end_is_read_to_a_bound() {
    let long = "x".repeat(3 * 64 * 1024);
    let read = rows(&format!(
        "code,level,parent,name_zh\n590000000000,PROVINCE,,云川省,{long}\n\
         590100000000,PREFECTURE,590000000000,{long}\n590200000000,PREFECTURE,590000000000,西市"
    ));
    assert!(read[0].given.is_ok());
    assert_eq!(read[1].given, Err(RowRejection::BadName));
    assert!(read[2].given.is_ok());
}

#[test]
fn columns_may_stand_in_any_order_behind_a_byte_order_mark() {
    let read = rows("\u{feff}name_zh,note,PARENT,level,code\n云川省,x,,PROVINCE,590000000000\n");
    let given = read[0].given.as_ref().expect("a good row");
    assert_eq!((read[0].line, given.name_zh.as_str()), (2, "云川省"));
}

#[test]
fn a_table_without_a_required_column_is_refused_as_a_whole() {
    for header in [
        "",
        "code,level,parent",
        "level,parent,name_zh",
        "code,level,parent,name_zh\r590000000000,PROVINCE,,A\r",
        "\"code,level,parent,name_zh",
    ] {
        assert!(matches!(
            RegionTable::open(header.as_bytes()).err(),
            Some(Failure::BadInput(_))
        ));
    }
}

#[test]
fn a_row_in_another_encoding_is_refused_alone() {
    let mut file = b"code,level,parent,name_zh\n590000000000,PROVINCE,,".to_vec();
    file.extend_from_slice(b"\xd4\xc6\xb4\xa8\n590100000000,PREFECTURE,590000000000,A\n");
    let mut table = RegionTable::open(file.as_slice()).expect("a header");
    let read = table.next_rows(100).expect("readable");
    assert_eq!(read[0].given, Err(RowRejection::NotText));
    assert!(read[1].given.is_ok());
}

#[test]
fn an_empty_cell_keeps_what_is_stored_and_a_filled_one_replaces_it() {
    let header = "code,level,parent,name_zh,name_en,valid_from,valid_to,successor\n";
    let given = |row: &str| {
        let read = rows(&format!("{header}590000000000,PROVINCE,,{row}\n"));
        read[0].given.clone().expect("a good row")
    };
    let full = given("旧,Old,1990-01-01,2020-12-31,580000000000");
    let stored = full.over(None).expect("a period");
    assert_eq!(given("旧,,,,").over(Some(&stored)), Ok(stored.clone()));
    let renamed = given("新,,,,").over(Some(&stored)).expect("a period");
    assert_eq!(
        (renamed.name_zh.as_str(), renamed.name_en.as_deref()),
        ("新", Some("Old"))
    );
    assert_eq!(
        given("旧,,2021-01-01,,").over(Some(&stored)),
        Err(RowRejection::EndsBeforeStart)
    );
    let undated = given("旧,,,,").over(None).expect("a period");
    assert_eq!(undated.valid_from.to_string(), "1980-01-01");
}
