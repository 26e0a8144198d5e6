//! What follows from the steps of a finding.

use super::model::{FindingStep, FindingStepKind};

/// The answer that stands: the last one that no reopening came after. Earlier ones stay among the
/// steps. `steps` come in the order in which they were taken.
#[must_use]
pub fn standing_answer(steps: &[FindingStep]) -> Option<&FindingStep> {
    let reopened = steps
        .iter()
        .rposition(|step| step.kind == FindingStepKind::Reopened);
    let since = reopened.map_or(0, |place| place + 1);
    steps[since..]
        .iter()
        .rfind(|step| step.kind == FindingStepKind::Answered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ids::{FindingId, RecordId as _};

    fn steps(kinds: &[FindingStepKind]) -> Vec<FindingStep> {
        let step = |(place, kind): (usize, &FindingStepKind)| FindingStep {
            finding: FindingId::from_uuid(uuid::Uuid::from_u128(1)),
            kind: *kind,
            outcome: None,
            text: place.to_string(),
            by: "s".into(),
            role: "OFFICER".into(),
            region: None,
            at: "2026-11-23T02:00:00Z".parse().expect("a valid instant"),
        };
        kinds.iter().enumerate().map(step).collect()
    }

    #[test]
    fn an_answer_stands_until_the_finding_is_opened_again() {
        use FindingStepKind::{Answered, Closed, Reopened};
        for (kinds, standing) in [
            (&[][..], None),
            (&[Answered], Some("0")),
            (&[Answered, Closed], Some("0")),
            (&[Answered, Reopened], None),
            (&[Answered, Reopened, Closed], None),
            (&[Answered, Closed, Reopened, Answered, Closed], Some("3")),
        ] {
            let steps = steps(kinds);
            let found = standing_answer(&steps).map(|step| step.text.as_str());
            assert_eq!(found, standing, "{kinds:?}");
        }
    }
}
