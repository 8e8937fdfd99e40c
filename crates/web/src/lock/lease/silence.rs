use super::ASK_MS;

/// Who has left how many questions unanswered, as one who waits knows it.
#[derive(Debug)]
pub(super) struct Silence {
    /// As many as a dead tab leaves.
    questions: u32,
    asked_at: Option<f64>,
    /// Each note that was there at the last question, and what it had left unanswered by then.
    all: Vec<(String, u32)>,
}

impl Silence {
    /// Takes a tab for dead after so many questions.
    pub(super) fn after(questions: u32) -> Self {
        Self { questions, asked_at: None, all: Vec::new() }
    }

    /// Whether it is time to ask again.
    pub(super) fn is_due(&self, now_ms: f64) -> bool {
        self.asked_at.is_none_or(|asked_at| now_ms - asked_at >= f64::from(ASK_MS))
    }

    /// A question to all of these: whoever has not answered the last one has left one more.
    pub(super) fn ask(&mut self, notes: &[String], now_ms: f64) {
        let left = u32::from(self.asked_at.replace(now_ms).is_some());
        self.all.retain(|(note, _)| notes.contains(note));
        self.all.iter_mut().for_each(|(_, unanswered)| *unanswered += left);
        for note in notes {
            if !self.all.iter().any(|(known, _)| known == note) {
                self.all.push((note.clone(), 0));
            }
        }
    }

    /// These have answered, be it late.
    pub(super) fn hear(&mut self, notes: &[String]) {
        // One that is not known yet has nothing to be forgiven.
        self.all.retain(|(note, _)| !notes.contains(note));
    }

    pub(super) fn is_dead(&self, note: &str) -> bool {
        self.all.iter().any(|(known, unanswered)| known == note && *unanswered >= self.questions)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::lock::lease::QUESTIONS;

    fn notes(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Asks `times` times, a second apart.
    fn ask(silence: &mut Silence, names: &[&str], times: u32) {
        for second in 0..times {
            silence.ask(&notes(names), f64::from(second * ASK_MS));
        }
    }

    #[test]
    fn one_that_leaves_five_questions_unanswered_is_dead() {
        let mut silence = Silence::after(QUESTIONS);
        ask(&mut silence, &["a"], QUESTIONS);
        assert!(!silence.is_dead("a"), "the fifth may still be answered");
        silence.ask(&notes(&["a"]), f64::from(QUESTIONS * ASK_MS));
        assert!(silence.is_dead("a") && !silence.is_dead("b"));
    }

    #[test]
    fn an_answer_makes_up_for_all_that_were_left() {
        let mut silence = Silence::after(QUESTIONS);
        ask(&mut silence, &["a"], QUESTIONS + 1);
        silence.hear(&notes(&["a"]));
        assert!(!silence.is_dead("a"));
        ask(&mut silence, &["a"], QUESTIONS);
        assert!(!silence.is_dead("a"));
    }

    #[test]
    fn one_that_comes_later_has_its_own_time() {
        let mut silence = Silence::after(QUESTIONS);
        ask(&mut silence, &["a"], QUESTIONS);
        silence.ask(&notes(&["a", "b"]), 1e6);
        assert!(silence.is_dead("a") && !silence.is_dead("b"));
    }

    #[test]
    fn there_is_a_second_between_questions() {
        let mut silence = Silence::after(QUESTIONS);
        silence.ask(&notes(&["a"]), 500.0);
        assert!(!silence.is_due(1_499.0) && silence.is_due(1_500.0));
    }
}
