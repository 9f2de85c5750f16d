//! Whether this deployment is a demonstration. What only a demonstration may do demands a [`DemoDeployment`].

use std::fmt;

/// Permission to use software tokens and the demonstration authority.
///
/// A value comes only out of a [`Deployment`] that was declared a demonstration, so code that holds none cannot reach them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoDeployment(());

/// What a deployment was declared to be when its store was made. It never changes afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deployment {
    /// Real prescriptions: hardware tokens only.
    Production,
    /// Invented people only; says DEMO on every page and in every record.
    Demo(DemoDeployment),
}

/// A configuration names no kind of deployment we know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("deployment is \"{0}\"; write \"production\" or \"DEMO\"")]
pub struct UnknownDeployment(String);

impl From<DemoDeployment> for Deployment {
    fn from(demo: DemoDeployment) -> Self {
        Self::Demo(demo)
    }
}

impl Deployment {
    /// Reads the word of the configuration: `production`, or `DEMO` in capitals, so that nobody writes it in passing.
    ///
    /// # Errors
    /// [`UnknownDeployment`] for any other word.
    pub fn declared(word: &str) -> Result<Self, UnknownDeployment> {
        match word {
            "production" => Ok(Self::Production),
            "DEMO" => Ok(Self::Demo(DemoDeployment(()))),
            other => Err(UnknownDeployment(other.chars().take(40).collect())),
        }
    }

    /// The word of the configuration.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Demo(_) => "DEMO",
        }
    }

    /// The permission, in a demonstration.
    pub const fn demo(self) -> Option<DemoDeployment> {
        match self {
            Self::Production => None,
            Self::Demo(permission) => Some(permission),
        }
    }
}

impl fmt::Display for Deployment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_word_makes_a_demonstration() {
        assert!(Deployment::declared("DEMO").expect("known").demo().is_some());
        assert_eq!(Deployment::declared("production").expect("known").demo(), None);
        for word in ["demo", "Demo", "", "test", "DEMO "] {
            assert!(Deployment::declared(word).is_err(), "{word:?}");
        }
    }
}
