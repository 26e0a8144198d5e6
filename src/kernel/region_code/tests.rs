//! Levels, subtrees and refused forms of division codes.

use proptest::prelude::*;

use super::*;

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).expect("a well-formed code")
}

#[test]
fn each_level_is_told_by_the_groups_that_are_filled() {
    for (text, level) in [
        ("590000000000", RegionLevel::Province),
        ("590100000000", RegionLevel::Prefecture),
        ("590101000000", RegionLevel::County),
        ("590110000000", RegionLevel::County),
        ("590101001000", RegionLevel::Township),
        ("590101100000", RegionLevel::Township),
        ("590101001200", RegionLevel::Village),
    ] {
        assert_eq!(code(text).level(), level, "{text}");
        assert_eq!(code(text).to_string(), text);
    }
}

#[test]
fn codes_with_a_wrong_length_or_an_empty_group_above_a_filled_one_are_refused() {
    for (text, error) in [
        ("", RegionCodeError::NotTwelveDigits),
        ("590101", RegionCodeError::NotTwelveDigits),
        ("5901010012001", RegionCodeError::NotTwelveDigits),
        ("59010100120x", RegionCodeError::NotTwelveDigits),
        ("+59010100120", RegionCodeError::NotTwelveDigits),
        ("５９０１０１", RegionCodeError::NotTwelveDigits),
        ("000000000000", RegionCodeError::EmptyGroup),
        ("000101000000", RegionCodeError::EmptyGroup),
        ("590001000000", RegionCodeError::EmptyGroup),
        ("590001001000", RegionCodeError::EmptyGroup),
        ("590000001000", RegionCodeError::EmptyGroup),
        ("590100000200", RegionCodeError::EmptyGroup),
        ("590101000200", RegionCodeError::EmptyGroup),
    ] {
        assert_eq!(RegionCode::parse(text), Err(error), "{text}");
    }
    for number in [-590_101_000_000, 1_000_000_000_000] {
        assert_eq!(
            RegionCode::from_i64(number),
            Err(RegionCodeError::NotTwelveDigits)
        );
    }
}

#[test]
fn ancestors_run_from_the_province_down_to_the_division_itself() {
    let village = code("590101001200");
    let names: Vec<_> = village
        .ancestors()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        names,
        [
            "590000000000",
            "590100000000",
            "590101000000",
            "590101001000",
            "590101001200"
        ]
    );
    assert_eq!(village.parent(), Some(code("590101001000")));
    assert_eq!(village.county(), Some(code("590101000000")));
    assert_eq!(village.prefecture(), Some(code("590100000000")));
    assert_eq!(village.province_prefix(), 59);
    assert_eq!(code("590100000000").county(), None);
    assert_eq!(code("590000000000").parent(), None);
}

#[test]
fn a_town_directly_under_a_prefecture_has_the_prefecture_for_a_county() {
    let (dongguan, guangdong) = (code("441900000000"), code("440000000000"));
    let town = code("441900003000");
    assert_eq!(town.level(), RegionLevel::Township);
    assert_eq!(town.parent(), Some(dongguan));
    assert_eq!(town.county(), Some(dongguan));
    assert_eq!(town.prefecture(), Some(dongguan));
    assert_eq!(town.ancestors(), [guangdong, dongguan, town]);
    assert!(dongguan.contains(town) && !town.contains(code("441900004000")));

    let community = code("441900003001");
    assert_eq!(community.level(), RegionLevel::Village);
    assert_eq!(community.parent(), Some(town));
    assert_eq!(community.county(), Some(dongguan));
    assert_eq!(community.ancestors().len(), 4);
}

#[test]
fn a_subtree_ends_where_its_neighbour_begins() {
    let county = code("590101000000");
    assert!(county.contains(county) && county.contains(code("590101999999")));
    assert!(!county.contains(code("590102000000")) && !county.contains(code("590100000000")));
    assert_eq!(county.range().1.as_i64(), 590_101_999_999);
}

#[test]
fn json_carries_a_code_as_a_string() {
    let json = serde_json::to_string(&code("590101000000")).expect("plain data");
    assert_eq!(json, "\"590101000000\"");
    assert_eq!(
        serde_json::from_str::<RegionCode>(&json).ok(),
        Some(code("590101000000"))
    );
    assert!(serde_json::from_str::<RegionCode>("\"590101000200\"").is_err());
}

proptest! {
    #[test]
    fn any_number_parses_to_itself_or_not_at_all(number in 0_i64..1_000_000_000_000) {
        let text = format!("{number:012}");
        if let Ok(parsed) = RegionCode::parse(&text) {
            prop_assert_eq!(parsed.to_string(), text);
            prop_assert_eq!(RegionCode::from_i64(parsed.as_i64()), Ok(parsed));
        }
    }

    #[test]
    fn a_division_lies_in_each_of_its_ancestors_and_in_no_sibling_of_them(
        p in 1_i64..100, c in 1_i64..100, d in 1_i64..100, t in 1_i64..1000, v in 1_i64..1000,
        other in 1_i64..100,
    ) {
        let number = (((p * 100 + c) * 100 + d) * 1000 + t) * 1000 + v;
        let village = RegionCode::from_i64(number).expect("every group is filled");
        for up in village.ancestors() {
            prop_assert!(up.contains(village));
        }
        let sibling = RegionCode::from_i64(((p * 100 + c) * 100 + other) * 1_000_000)
            .expect("a county");
        prop_assert_eq!(sibling.contains(village), other == d);
    }
}
