//! Both databases have the same tables, and understand every statement.

use std::collections::BTreeSet;

use docket::store::{Db, statements};
use sqlx::{Executor as _, SqlStr};

use crate::fixture::{Database, Kind, both, on};

both!(every_statement_prepares, async |db: Database| {
    let mut wrong = Vec::new();
    for (name, sql) in statements() {
        let prepared = match &*db {
            Db::Sqlite { reader, .. } => {
                let mut connection = reader.acquire().await.unwrap();
                connection.prepare(SqlStr::from_static(sql.sqlite)).await.map(drop)
            }
            Db::Postgres(_) => {
                let mut connection = db.behind().acquire().await.unwrap();
                connection.prepare(SqlStr::from_static(sql.postgres)).await.map(drop)
            }
        };
        if let Err(error) = prepared {
            wrong.push(format!("{name}: {error}"));
        }
    }
    assert!(statements().len() > 90, "the statements are not listed");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});

/// Table, column, type, and whether it may be null.
pub type Column = (String, String, String, bool);
/// Table, columns in their order, and what they are: a key, an index, or a reference and to where.
pub type Rule = (String, String, String);

const SQLITE_COLUMNS: &str = "
    SELECT t.name, c.name,
        CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytea'
            WHEN 'REAL' THEN 'double precision' ELSE c.type END,
        c.\"notnull\" = 0 AND c.pk = 0
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'";
const POSTGRES_COLUMNS: &str = "
    SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT), is_nullable = 'YES'
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";

const SQLITE_RULES: &str = "
    SELECT t.name, group_concat(c.name, ','), CASE WHEN i.\"unique\" THEN 'unique' ELSE 'index' END
    FROM pragma_table_list t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
    WHERE t.schema = 'main' AND t.name <> '_sqlx_migrations' GROUP BY t.name, i.name
    UNION ALL
    SELECT t.name, c.name, 'unique' FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND c.name = 'id' AND c.pk = 1
    UNION ALL
    SELECT t.name, f.\"from\", 'references ' || f.\"table\" || ' ' || f.\"to\"
    FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f WHERE t.schema = 'main'";
const POSTGRES_RULES: &str = "
    SELECT CAST(t.relname AS TEXT),
        (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum),
        CASE WHEN i.indisunique THEN 'unique' ELSE 'index' END
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = CAST('public' AS regnamespace) AND t.relname <> '_sqlx_migrations'
    UNION ALL
    SELECT CAST(t.relname AS TEXT), CAST(a.attname AS TEXT), 'references ' || u.relname || ' ' || b.attname
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class u ON u.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
        JOIN pg_attribute b ON b.attrelid = u.oid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f'";

pub async fn schema(db: &Database) -> (BTreeSet<Column>, BTreeSet<Rule>) {
    let (columns, rules): (Vec<Column>, Vec<Rule>) = match &**db {
        Db::Sqlite { reader, .. } => (
            sqlx::query_as(SQLITE_COLUMNS).fetch_all(reader).await.unwrap(),
            sqlx::query_as(SQLITE_RULES).fetch_all(reader).await.unwrap(),
        ),
        Db::Postgres(_) => (
            sqlx::query_as(POSTGRES_COLUMNS).fetch_all(db.behind()).await.unwrap(),
            sqlx::query_as(POSTGRES_RULES).fetch_all(db.behind()).await.unwrap(),
        ),
    };
    (columns.into_iter().collect(), rules.into_iter().collect())
}

#[test]
fn both_have_the_same_tables() {
    on(Kind::Sqlite, async |sqlite: Database| {
        let postgres = Database::fresh(Kind::Postgres).await;
        let (sqlite, postgres) = (schema(&sqlite).await, schema(&postgres).await);
        assert!(sqlite.0.len() > 100 && sqlite.1.len() > 50, "the tables are not there");
        assert_eq!(sqlite.0.difference(&postgres.0).collect::<Vec<_>>(), Vec::<&Column>::new(), "SQLite alone");
        assert_eq!(postgres.0.difference(&sqlite.0).collect::<Vec<_>>(), Vec::<&Column>::new(), "PostgreSQL alone");
        assert_eq!(sqlite.1.difference(&postgres.1).collect::<Vec<_>>(), Vec::<&Rule>::new(), "SQLite alone");
        assert_eq!(postgres.1.difference(&sqlite.1).collect::<Vec<_>>(), Vec::<&Rule>::new(), "PostgreSQL alone");
    });
}

both!(opening_again_changes_nothing, async |db: Database| {
    let before = schema(&db).await;
    db.open_again().await;
    assert_eq!(schema(&db).await, before);
});

#[test]
fn an_address_that_is_no_database_is_named() {
    on(Kind::Sqlite, async |db: Database| {
        let error = Db::open("mysql://db/docket").await.unwrap_err();
        assert!(error.to_string().contains("“mysql://db/docket” is no database"), "{error}");
        assert!(!error.is_temporary());
        let folder = db.folder().join("a/new/folder");
        let nested = Db::open(&format!("sqlite:{}", folder.join("docket.db").display())).await.unwrap();
        nested.close().await;
        assert!(folder.join("docket.db").is_file());
        assert!(db.url().starts_with("sqlite:"));
    });
}

/// A command may start beside the daemon, on a database that has no tables yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_bring_one_file_up_to_date_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("docket.db").display());
        let opening: Vec<_> = (0..8)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move { Db::open(&url).await.map(|_| ()) })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}
