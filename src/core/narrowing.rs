//! By what a log is narrowed where an entry has no such word of its own: what it is, whether it stands, whether it was answered.
//!
//! Promises that every choice has one word, which the addresses of the pages and the commands share.

use serde::Serialize;

macro_rules! choices {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal, $said:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word of the interface.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// What a person reads.
            #[must_use]
            pub fn in_words(self) -> &'static str {
                match self {
                    $(Self::$variant => $said,)+
                }
            }

            /// The one with that word.
            #[must_use]
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.word() == word)
            }
        }
    };
}

choices! {
    /// What an entry is: by its place where it is filed, else by what its mail was taken for.
    EntryKind {
        /// An input, or one more copy of it.
        Input = "input", "input";
        /// What stands beside an input.
        Addition = "addition", "addition to an input";
        /// What takes back.
        Withdrawal = "withdrawal", "withdrawal or recall";
        /// A letter about it.
        Correspondence = "correspondence", "correspondence";
        /// None of our business.
        Unrelated = "unrelated", "unrelated";
    }
}

choices! {
    /// Whether the version that an entry makes stands.
    Status {
        /// It is what the party says now.
        Current = "current", "current";
        /// Another stands in its place.
        NotCurrent = "not_current", "not current";
        /// Its party has taken it back.
        Withdrawn = "withdrawn", "withdrawn";
    }
}

choices! {
    /// Whether a letter was decided about an entry.
    Letter {
        /// There is one, whether or not it has left.
        With = "with", "with a letter";
        /// There is none.
        Without = "without", "without a letter";
    }
}
