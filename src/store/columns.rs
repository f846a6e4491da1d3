//! What the columns of a row hold, as types of the program: times, days, words of closed choices, counts, flags, lists.
//!
//! Promises that a row which holds anything else is an error that names the column, the row and the tables it was read
//! from, and never a value that was made up. A field of a row that is one of these types in the program and no such type
//! here says so: `#[sqlx(try_from = "Time")]`, or `"IfAny<Time>"` where the column may be empty.

use jiff::{
    Timestamp,
    civil::{self, Date},
};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Column as _, ColumnIndex, Database, Decode, FromRow, Row, Type, error::BoxDynError};

use super::{Id, Sql, StoreError};
use crate::core::{
    actor::Actor,
    calls::standing::Standing,
    cause::Cause,
    event::HeldFor,
    file::{Format, Outcome, Role},
    iso3::Iso3,
    judging::{
        matching::{Decision, Kind},
        relevance::Relevance,
    },
    letter_kind::LetterKind,
    recorded::Way,
};

/// A time in microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub Timestamp);

/// A day in the calendar.
#[derive(Clone, Copy, Debug)]
pub struct Day(pub Date);

/// An hour of a day.
#[derive(Clone, Copy, Debug)]
pub struct Hour(pub civil::Time);

/// A count, in a type that has room for it.
#[derive(Clone, Copy, Debug)]
pub struct Count<T>(pub T);

/// Yes or no, as 1 and 0.
#[derive(Clone, Copy, Debug)]
pub struct Flag(pub bool);

/// A list in JSON.
#[derive(Clone, Debug)]
pub struct List<T>(pub Vec<T>);

/// The codes of states, with spaces between.
#[derive(Clone, Debug)]
pub struct Codes(pub Vec<Iso3>);

/// One of these in a row that stands whatever the column holds: a claim, so that the row is in nobody's way, or a row of a
/// list, so that it hides none of the others. What cannot be read is an error where it is asked for. A field that holds one
/// says so: `#[sqlx(try_from = "Legible<IfAny<Day>>")]`.
#[derive(Clone, Debug)]
pub struct Legible<T>(Result<T, String>);

/// What a column holds, or why that cannot be read.
pub type Read<T> = Result<T, String>;

/// A time in microseconds by which the rows of a list are ordered: one that is out of range keeps its row where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When(i64);

impl When {
    /// In microseconds since 1970, whatever that comes to.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The time.
    ///
    /// # Errors
    /// It is out of range.
    pub fn time(self) -> Read<Timestamp> {
        time(self.0).map_err(|error| error.to_string())
    }

    /// The time; where it is out of range, the one that is nearest.
    #[must_use]
    pub fn nearest(self) -> Timestamp {
        self.time().unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

impl<T: Clone> Legible<T> {
    /// The value of the column of that name, in that row.
    pub(super) fn read(&self, column: &str, of: &str, id: Id) -> Result<T, StoreError> {
        self.0.clone().map_err(|why| {
            StoreError::Row(format!("the column “{column}” of the {of} with id {id} cannot be read: {why}"))
        })
    }
}

/// One of these that may be missing.
#[derive(Clone, Copy, Debug)]
pub struct IfAny<T>(pub Option<T>);

/// The types are kept in columns of that type.
macro_rules! kept_as {
    ($kept:ty: $([$($generic:ident)?] $type:ty),* $(,)?) => { $(
        impl<DB: sqlx::Database $(, $generic)?> sqlx::Type<DB> for $type
        where
            $kept: sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$kept as sqlx::Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <$kept as sqlx::Type<DB>>::compatible(info)
            }
        }
    )* };
}

/// What the program has in their place.
macro_rules! in_place_of {
    ($($column:ty => $plain:ty),* $(,)?) => { $(
        impl From<$column> for $plain {
            fn from(column: $column) -> Self {
                column.0
            }
        }

        impl From<IfAny<$column>> for Option<$plain> {
            fn from(column: IfAny<$column>) -> Self {
                column.0.map(|column| column.0)
            }
        }
    )* };
}

/// Closed choices and codes, kept by the word that they are serialised as.
macro_rules! words {
    ($($choice:ty),* $(,)?) => { $(
        kept_as!(str: [] $choice);

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $choice
        where
            &'r str: sqlx::Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                Ok($crate::store::columns::choice(<&'r str as sqlx::Decode<'r, DB>>::decode(value)?)?)
            }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $choice
        where
            String: sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut DB::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                <String as sqlx::Encode<'q, DB>>::encode($crate::store::columns::word(self)?, buffer)
            }
        }
    )* };
}

kept_as!(i64: [] Time, [] When, [T] Count<T>, [] Flag);
kept_as!(str: [] Codes, [] Day, [] Hour, [T] List<T>);
in_place_of!(Time => Timestamp, Day => Date, Hour => civil::Time, Count<u64> => u64, Count<u32> => u32, Count<usize> => usize, Flag => bool, Codes => Vec<Iso3>);
words!(
    Actor,
    Cause,
    Decision,
    Format,
    HeldFor,
    Iso3,
    Kind,
    LetterKind,
    Outcome,
    Relevance,
    Role,
    crate::core::role::Role,
    Standing,
    Way,
    crate::core::submission::Legible,
);

impl<T> From<List<T>> for Vec<T> {
    fn from(List(list): List<T>) -> Self {
        list
    }
}

impl<T, U: From<T>> From<Legible<T>> for Read<U> {
    fn from(Legible(read): Legible<T>) -> Self {
        read.map(U::from)
    }
}

/// Columns of what is within.
macro_rules! kept_as_within {
    ($($type:ident),*) => { $(
        impl<DB: Database, T: Type<DB>> Type<DB> for $type<T> {
            fn type_info() -> DB::TypeInfo {
                T::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                T::compatible(info)
            }
        }
    )* };
}

kept_as_within!(IfAny, Legible);

impl<'r, DB: Database, T: Decode<'r, DB>> Decode<'r, DB> for Legible<T> {
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(T::decode(value).map_err(|error| error.to_string())))
    }
}

impl<'r, DB: Database, T> Decode<'r, DB> for IfAny<T>
where
    Option<T>: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Option::<T>::decode(value).map(Self)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Time
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(time(i64::decode(value)?)?))
    }
}

impl<'r, DB: Database> Decode<'r, DB> for When
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(i64::decode(value)?))
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Day
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let day = <&'r str as Decode<'r, DB>>::decode(value)?;
        Ok(Self(day.parse().map_err(|error| format!("“{day}” is no day: {error}"))?))
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Hour
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let hour = <&'r str as Decode<'r, DB>>::decode(value)?;
        Ok(Self(hour.parse().map_err(|error| format!("“{hour}” is no hour: {error}"))?))
    }
}

impl<'r, DB: Database, T: TryFrom<i64>> Decode<'r, DB> for Count<T>
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let count = i64::decode(value)?;
        Ok(Self(T::try_from(count).map_err(|_| format!("{count} is out of range"))?))
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Flag
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        match i64::decode(value)? {
            0 => Ok(Self(false)),
            1 => Ok(Self(true)),
            other => Err(format!("{other} is neither 0 nor 1").into()),
        }
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Codes
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let codes = <&'r str as Decode<'r, DB>>::decode(value)?;
        Ok(Self(codes.split_whitespace().map(choice).collect::<Result<_, _>>()?))
    }
}

impl<'r, DB: Database, T: DeserializeOwned> Decode<'r, DB> for List<T>
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let json = <&'r str as Decode<'r, DB>>::decode(value)?;
        Ok(Self(serde_json::from_str(json).map_err(|error| format!("“{json}” is no list: {error}"))?))
    }
}

/// A row, or the error that names what in it cannot be read.
#[derive(Debug)]
pub struct Of<T>(T);

/// What names a row, where it was asked for.
const NAMES: [&str; 3] = ["id", "number", "message_id"];

impl<'r, R: Row, T: FromRow<'r, R>> FromRow<'r, R> for Of<T>
where
    &'r str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        T::from_row(row).map(Self).map_err(|error| match error {
            sqlx::Error::ColumnDecode { index, source } => {
                // A row without names knows its columns by their places.
                let named = index.parse().ok().and_then(|place: usize| row.columns().get(place));
                let column = named.map_or(index.trim_matches('"'), |column| column.name());
                let name = |name| Some((name, row.try_get::<i64, &str>(name).ok()?));
                let index = match NAMES.into_iter().find_map(name) {
                    Some((name, which)) => format!("“{column}” of the row with {name} {which}"),
                    None => format!("“{column}” of a row"),
                };
                sqlx::Error::ColumnDecode { index, source }
            }
            other => other,
        })
    }
}

/// A row of a list; one that cannot be read takes no other away, and says which it is and why.
#[derive(Debug)]
pub struct Each<T>(Read<T>);

impl<'r, R: Row, T> FromRow<'r, R> for Each<T>
where
    Of<T>: FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        match Of::from_row(row) {
            Ok(Of(row)) => Ok(Self(Ok(row))),
            Err(sqlx::Error::ColumnDecode { index, source }) => {
                Ok(Self(Err(format!("the column {index} cannot be read: {source}"))))
            }
            Err(other) => Err(other),
        }
    }
}

impl<T> From<Each<T>> for Read<T> {
    fn from(Each(read): Each<T>) -> Self {
        read
    }
}

pub(super) fn all<T>(rows: Vec<Of<T>>) -> Vec<T> {
    rows.into_iter().map(|Of(row)| row).collect()
}

pub(super) fn one<T>(Of(row): Of<T>) -> T {
    row
}

pub(super) fn optional<T>(row: Option<Of<T>>) -> Option<T> {
    row.map(|Of(row)| row)
}

/// What the database answered to a statement; of a row that cannot be read, which one it is.
pub(super) fn named(error: StoreError, sql: Sql) -> StoreError {
    match error {
        StoreError::Sql(sqlx::Error::ColumnDecode { index, source }) => {
            StoreError::Row(format!("the column {index} of {} cannot be read: {source}", tables(sql.sqlite)))
        }
        other => other,
    }
}

/// The tables of a statement, in the order in which it names them.
fn tables(sql: &str) -> String {
    let mut tables: Vec<&str> = Vec::new();
    let mut words = sql.split_whitespace();
    while let Some(word) = words.next() {
        if !matches!(word.trim_start_matches('('), "FROM" | "JOIN" | "INTO" | "UPDATE") {
            continue;
        }
        let table = words.next().unwrap_or_default().trim_end_matches([')', ',']);
        if table.starts_with(|first: char| first.is_ascii_lowercase())
            && !table.contains('(')
            && !tables.contains(&table)
        {
            tables.push(table);
        }
    }
    tables.join(", ")
}

/// A stored time.
pub(super) fn time(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros)
        .map_err(|error| StoreError::Row(format!("{micros} is no time in microseconds: {error}")))
}

/// The word that stands for a closed choice in a row: its serialised name.
///
/// # Errors
/// It is not serialised as a word.
pub fn word<T: Serialize>(choice: &T) -> Result<String, StoreError> {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StoreError::Row(format!("{other:?} is no word"))),
    }
}

/// The closed choice that a stored word stands for.
pub(super) fn choice<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| StoreError::Row(format!("“{word}” is not known here: {error}")))
}

/// A count to be stored.
pub(super) fn number<T: TryInto<i64>>(value: T) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}
