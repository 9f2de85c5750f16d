//! Who acts: the roles of a deployment.

use std::fmt;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident $word:literal;)*) => {
        /// The capacity in which a person or a system acts. Each role sees and does only its own work.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $name,)* }

        impl Role {
            /// All roles.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word used in records: `access-controller`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

roles! {
    /// A practitioner who issues prescriptions.
    Prescriber "prescriber";
    /// A practitioner's agent, who may prepare and never sign.
    Agent "agent";
    /// A pharmacist, who verifies and dispenses.
    Pharmacist "pharmacist";
    /// A pharmacy intern, who verifies under a pharmacist's supervision where the State lets one.
    Intern "intern";
    /// A pharmacy technician, who enters and counts.
    Technician "technician";
    /// Keeper of the books: inventories, orders, losses.
    Custodian "custodian";
    /// Staff of a treatment program who administer doses.
    Dispenser "dispenser";
    /// Runs the deployment: the service provider's staff.
    Operator "operator";
    /// One of the two who grant and revoke the right to sign.
    AccessController "access-controller";
    /// A government inspector, read-only.
    Inspector "inspector";
    /// A third-party auditor, read-only.
    Auditor "auditor";
    /// The program itself, doing what was scheduled or what a message demands.
    System "system";
}

impl Role {
    /// The role with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.word() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Somebody acting in a role: what every record names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The person's or system's identifier in this deployment.
    pub id: String,
    /// The capacity in which they act.
    pub role: Role,
}

impl Actor {
    /// An actor.
    pub fn new(id: impl Into<String>, role: Role) -> Self {
        Self { id: id.into(), role }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id, self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_read_back_from_its_word() {
        for &role in Role::ALL {
            assert_eq!(Role::parse(role.word()), Some(role));
        }
        assert_eq!(Role::parse("doctor"), None);
    }
}
