//! From the text of a column to the closed set that it names.

use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;

/// A value of a closed set as it is stored. The table's CHECK holds the same names, so that another
/// one is a defect of the exchange; the text is no caller's.
pub(crate) fn stored<T: Closed>(text: &str) -> Result<T, Failure> {
    T::parse(text).ok_or_else(|| Failure::internal(format!("{} holds {text:?}", T::NAME)))
}

/// The same of a column that may be empty.
pub(crate) fn stored_if_any<T: Closed>(text: Option<&str>) -> Result<Option<T>, Failure> {
    text.map(stored).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::region_code::RegionLevel;

    #[test]
    fn a_name_outside_the_set_is_a_defect() {
        assert_eq!(
            stored::<RegionLevel>("COUNTY").ok(),
            Some(RegionLevel::County)
        );
        assert_eq!(stored_if_any::<RegionLevel>(None).ok(), Some(None));
        let failure = stored_if_any::<RegionLevel>(Some("county")).err();
        assert!(matches!(failure, Some(Failure::Internal(_))), "{failure:?}");
    }
}
