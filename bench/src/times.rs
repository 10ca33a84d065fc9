//! Durations of the same thing, many times.

use std::time::Duration;

/// What was measured, in the order in which it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that this share of all, in hundredths, was not above; in milliseconds. `None` when nothing was measured.
    pub(crate) fn percentile(&self, hundredths: usize) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let position = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
        sorted.get(position).map(|time| time.as_secs_f64() * 1000.0)
    }

    pub(crate) fn median(&self) -> Option<f64> {
        self.percentile(50)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Times;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let mut times = Times::default();
        assert_eq!(times.median(), None);
        for millis in [5, 1, 4, 2, 3] {
            times.add(Duration::from_millis(millis));
        }
        assert_eq!((times.median(), times.percentile(95)), (Some(3.0), Some(5.0)));
        assert_eq!(times.percentile(20), Some(1.0));
    }
}
