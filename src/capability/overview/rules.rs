//! Where a figure is taken from.

use super::model::FlowDirection;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::authz::Scope;
use crate::platform::db::scope::{Everybody, everybody_registered_in, everybody_working_in};

/// Where the figures of a region are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The roll-up: everybody is within reach.
    RollUp(Everybody),
    /// The people's own rows, each within the caller's scope.
    Records,
}

/// The roll-up knows no scope, and no division below the county or the prefecture that stands in for
/// one. So it tells of whole counties and wider regions, and of those to whoever sees everybody there;
/// all else is counted from the rows. Both answer the same.
pub(super) fn source(scope: &Scope, direction: FlowDirection, region: RegionCode) -> Source {
    if region.level() > RegionLevel::County {
        return Source::Records;
    }
    let everybody = match direction {
        FlowDirection::Out => everybody_registered_in(scope, region),
        FlowDirection::In => everybody_working_in(scope, region),
    };
    everybody.map_or(Source::Records, Source::RollUp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::authz::Side;

    #[test]
    fn the_roll_up_tells_of_whole_counties_to_whoever_sees_everybody_there() {
        use FlowDirection::{In, Out};
        let code = |text: &str| RegionCode::parse(text).expect("a code");
        let officer = |own| Scope::Region(code(own), Side::Either);
        for (scope, direction, region, from_roll_up) in [
            (Scope::Province, Out, "590000000000", true),
            (Scope::Province, Out, "590200000000", true),
            (Scope::Province, Out, "590222000000", true),
            (Scope::Province, Out, "590222101000", false),
            (Scope::Province, Out, "590222101209", false),
            (Scope::Province, In, "590101000000", true),
            (Scope::Province, In, "590101001000", false),
            (officer("590222000000"), Out, "590222000000", true),
            (officer("590200000000"), Out, "590222000000", true),
            (officer("590222000000"), Out, "590200000000", false),
            (officer("590222000000"), Out, "590101000000", false),
            (officer("590222101000"), Out, "590222101000", false),
            (officer("590222000000"), In, "590222000000", false),
            (
                Scope::Assigned("helper".to_owned()),
                Out,
                "590222000000",
                false,
            ),
        ] {
            let found = source(&scope, direction, code(region));
            let found =
                matches!(found, Source::RollUp(everybody) if everybody.region() == code(region));
            assert_eq!(found, from_roll_up, "{scope:?} {direction:?} {region}");
        }
    }
}
