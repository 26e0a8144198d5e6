//! The vectors of the domain brief, the ledgers' defects, and properties of check and mask.

use proptest::prelude::*;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a real day")
}

/// Covers province 59 only, like the demo's region table.
fn demo_counties(county: u32) -> Option<bool> {
    (county / 10_000 == 59).then_some([590_101, 590_102, 590_123, 590_222].contains(&county))
}

fn parse(raw: &str) -> Result<ParsedResidentId, ResidentIdError> {
    ResidentId::parse(raw, today(), &demo_counties)
}

fn notes(raw: &str) -> Vec<ResidentIdNote> {
    parse(raw).expect("an acceptable number").notes
}

#[test]
fn leap_day_1968_is_valid() {
    let parsed = parse("590101196802293516").expect("valid");
    assert_eq!(parsed.notes, []);
    assert_eq!(parsed.id.birth_date().to_string(), "1968-02-29");
    assert_eq!(parsed.id.birth_year(), 1968);
    assert_eq!(parsed.id.division(), 590_101);
    assert_eq!(parsed.id.masked(), "590101********3516");
}

#[test]
fn a_year_of_age_is_completed_on_the_birthday() {
    let id = parse("590101196802293516").expect("valid").id;
    for (day, age) in [
        ("1968-02-28", None),
        ("1968-02-29", Some(0)),
        ("1984-02-28", Some(15)),
        ("1984-02-29", Some(16)),
        ("1985-02-28", Some(16)),
        ("1985-03-01", Some(17)),
    ] {
        assert_eq!(id.age_on(day.parse().expect("a real day")), age, "{day}");
    }
}

#[test]
fn check_character_x_is_valid_in_either_case_and_width() {
    let expected = parse("59010119750612005X").expect("valid");
    for typed in [
        "59010119750612005x",
        "５９０１０１１９７５０６１２００５ｘ",
        "'59010119750612005X",
    ] {
        assert_eq!(parse(typed).as_ref(), Ok(&expected), "{typed}");
    }
}

#[test]
fn spaces_of_any_kind_are_dropped() {
    let expected = parse("590101196802293516").expect("valid");
    for typed in [
        " 590101 19680229 3516\t",
        "590101\u{a0}19680229\u{3000}3516",
        "\u{feff}590101196802293516\u{200b}",
    ] {
        assert_eq!(parse(typed).as_ref(), Ok(&expected), "{typed:?}");
    }
}

#[test]
fn an_id_is_found_in_a_text_and_other_long_numbers_are_not() {
    for (text, holds) in [
        ("590101196802293516", true),
        ("户主590101196802293516", true),
        ("5901 01196802293516", true),
        ("590101196802293517", false),
        ("5901011968022935160", false),
        ("590101196813293516", false),
        ("5203240101000012", false),
        ("h-77", false),
    ] {
        assert_eq!(ResidentId::stands_in(text), holds, "{text}");
    }
}

#[test]
fn the_abolished_county_522423_is_accepted_with_a_note() {
    assert_eq!(
        notes("522423190102039994"),
        [ResidentIdNote::UnknownIdPrefix]
    );
}

#[test]
fn counties_that_a_covering_table_lacks_are_accepted_with_a_note() {
    for number in [
        "590199197110200577",
        "590199198303126849",
        "590199200409135268",
    ] {
        assert_eq!(notes(number), [ResidentIdNote::UnknownIdPrefix]);
    }
}

#[test]
fn without_a_table_the_province_decides() {
    let known = |county| is_known(county, &|_: u32| None);
    assert!(known(590_101) && known(110_101) && known(830_000));
    assert!(!known(100_101) && !known(990_101) && !known(522_423) && !known(410_306));
    assert!(known(522_701));
}

#[test]
fn leap_day_1969_is_refused_though_the_check_fits() {
    assert_eq!(
        parse("590101196902293513"),
        Err(ResidentIdError::BadBirthDate)
    );
}

#[test]
fn a_wrong_check_digit_is_refused() {
    assert_eq!(
        parse("590102198511070044"),
        Err(ResidentIdError::BadCheckDigit)
    );
    assert!(parse("590102198511070043").is_ok());
}

#[test]
fn a_birth_in_the_future_is_refused_though_the_check_fits() {
    assert_eq!(
        parse("590101203011070044"),
        Err(ResidentIdError::BadBirthDate)
    );
    let after = NaiveDate::from_ymd_opt(2030, 11, 7).expect("a real day");
    assert!(ResidentId::parse("590101203011070044", after, &demo_counties).is_ok());
}

#[test]
fn fifteen_digits_are_converted_with_a_note() {
    for (fifteen, century) in [
        ("590123720319563", "59012319720319563"),
        ("590222721013164", "59022219721013164"),
    ] {
        let parsed = parse(fifteen).expect("valid");
        assert_eq!(parsed.notes, [ResidentIdNote::ConvertedFrom15Digits]);
        assert!(parsed.id.expose().starts_with(century));
        assert_eq!(notes(parsed.id.expose()), []);
    }
    assert_eq!(parse("590123721319563"), Err(ResidentIdError::BadBirthDate));
}

#[test]
fn what_a_spreadsheet_spoilt_is_refused_with_that_reason() {
    for typed in [
        "5.9010119E+17",
        "5.9012320E+17",
        "5.901232e+17",
        "5.901232e17",
        "５.９０１０１１９Ｅ＋１７",
        "590123200000000000",
        "590123200000000000.0",
        "590123199610052000",
    ] {
        assert_eq!(
            parse(typed),
            Err(ResidentIdError::MangledBySpreadsheet),
            "{typed}"
        );
    }
}

#[test]
fn a_true_number_that_ends_in_three_zeros_is_accepted() {
    let number = (0..1000)
        .map(|day| format!("5901011980{:02}{:02}100", 1 + day % 12, 1 + day % 28))
        .find(|body| check_character(body.as_bytes()) == b'0')
        .expect("one in eleven has check character 0");
    assert!(parse(&format!("{number}0")).is_ok());
}

#[test]
fn nothing_and_nonsense_are_told_apart() {
    for blank in ["", " ", "\u{3000}\u{a0}"] {
        assert_eq!(parse(blank), Err(ResidentIdError::Missing));
    }
    for nonsense in [
        "59010119680229351",
        "5901011968022935160",
        "X90101196802293516",
        "090101196802293516",
        "无",
        "59010168022935X",
        "E17",
        "身份证号码身份证号码身份证号码身份证",
    ] {
        assert_eq!(
            parse(nonsense),
            Err(ResidentIdError::Malformed),
            "{nonsense}"
        );
    }
}

#[test]
fn codes_are_those_of_the_import_report() {
    assert_eq!(ResidentIdError::BadBirthDate.code(), "BAD_BIRTH_DATE");
    assert_eq!(ResidentIdNote::UnknownIdPrefix.code(), "UNKNOWN_ID_PREFIX");
}

/// Any acceptable number of 1950–2009.
fn numbers() -> impl Strategy<Value = String> {
    (100_000_u32..1_000_000, 0_i64..21_900, 1_u32..1000).prop_map(|(county, day, sequence)| {
        let birth =
            NaiveDate::from_ymd_opt(1950, 1, 1).expect("a real day") + chrono::TimeDelta::days(day);
        let mut number = format!("{county}{}{sequence:03}", birth.format("%Y%m%d"));
        number.push(char::from(check_character(number.as_bytes())));
        number
    })
}

proptest! {
    #[test]
    fn every_number_with_its_check_character_comes_back_unchanged(number in numbers()) {
        let parsed = parse(&number).expect("well made");
        prop_assert_eq!(parsed.id.expose(), &number);
        prop_assert_eq!(ResidentId::from_canonical(&number), Ok(parsed.id));
    }

    #[test]
    fn any_single_wrong_digit_is_noticed(number in numbers(), at in 1_usize..17, by in 1_u8..10) {
        let mut bytes = number.into_bytes();
        bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
        let typed = String::from_utf8(bytes).expect("ASCII");
        prop_assert!(parse(&typed).is_err());
    }

    #[test]
    fn neither_mask_nor_debug_holds_the_birth_month_and_day(number in numbers()) {
        let id = parse(&number).expect("well made").id;
        let expected = format!("{}********{}", &number[..6], &number[14..]);
        prop_assert_eq!(id.masked(), expected.clone());
        prop_assert_eq!(format!("{id:?}"), format!("ResidentId({expected})"));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = parse(&text);
    }
}

#[test]
fn a_number_put_together_is_one_that_can_be_read() {
    let birth = "1968-02-29".parse().expect("a day");
    let id = ResidentId::assemble(590_101, birth, 351).expect("the parts fit");
    assert_eq!(ResidentId::from_canonical(id.expose()), Ok(id.clone()));
    assert_eq!((id.division(), id.birth_date()), (590_101, birth));
    assert_eq!(
        ResidentId::assemble(590_101, birth, 1_000),
        Err(ResidentIdError::Malformed)
    );
}
