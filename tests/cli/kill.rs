//! A process that dies in the middle of its work.

use libtest_mimic::Trial;

use super::process::{self, Place, block_on};

/// Requests under way at once.
const AT_ONCE: u32 = 8;
/// Answers after which the process is killed.
const ANSWERS: usize = 24;

pub fn trials() -> Vec<Trial> {
    crate::plain![what_was_answered_survives_a_kill]
}

fn what_was_answered_survives_a_kill() {
    let place = Place::new();
    let demo = place.demo(&["--workers", "20"]);
    let answered = block_on(register_until_killed(demo));
    assert!(answered.len() >= ANSWERS);

    let again = place.demo(&[]);
    block_on(async {
        for person in &answered {
            assert!(
                process::sees(&again.url, again.origin(), person).await,
                "{person}"
            );
        }
    });
    assert_eq!(again.stop(), Some(0));
    let verdict = place.done(&["trail", "verify"]);
    assert!(verdict.starts_with("intact: "), "{verdict}");
}

/// Registers people from several sides and kills the process while requests are under way; the
/// ids of those whose registration was answered.
async fn register_until_killed(demo: process::Running) -> Vec<String> {
    let (url, token) = (demo.url.clone(), demo.origin().to_owned());
    let household = process::household(&url, &token, "kill").await;
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    for side in 0..AT_ONCE {
        let (url, token, household) = (url.clone(), token.clone(), household.clone());
        let sender = sender.clone();
        tokio::spawn(async move {
            let mine = (0..).map(|round| 1_000 + round * AT_ONCE + side);
            for number in mine {
                match process::register(&url, &token, &household, number).await {
                    Some(person) => sender.send(person).expect("the test listens"),
                    None => return,
                }
            }
        });
    }
    drop(sender);
    let mut answered = Vec::new();
    let mut demo = Some(demo);
    while let Some(person) = answers.recv().await {
        answered.push(person);
        if answered.len() == ANSWERS {
            demo.take().expect("killed once").kill();
        }
    }
    answered
}
