//! Every form that the tables ever had, in order.
//!
//! A migration is never edited once it was released, and every one has sample rows in `tests/samples`, which a
//! test carries through all later ones.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, SqlitePool};

use crate::error::{Error, Result};

/// Number, name and SQL of each migration, as its file in `migrations/` is called.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "sessions", include_str!("../migrations/0001_sessions.sql")),
    (2, "factors", include_str!("../migrations/0002_factors.sql")),
    (3, "door", include_str!("../migrations/0003_door.sql")),
    (4, "devices", include_str!("../migrations/0004_devices.sql")),
    (5, "picture_senders", include_str!("../migrations/0005_picture_senders.sql")),
];

/// Brings the tables from whatever form they are in to the newest one.
pub(crate) async fn run(pool: &SqlitePool) -> Result<()> {
    let migrations = MIGRATIONS
        .iter()
        .map(|(number, name, sql)| {
            Migration::new(*number, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
        })
        .collect();
    let failed = |error: MigrateError| Error::Migrate(Box::new(error));
    Migrator::with_migrations(migrations).run(pool).await.map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::MIGRATIONS;

    #[test]
    fn every_file_is_listed_in_order_and_has_sample_rows() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<String> = std::fs::read_dir(folder.join("migrations"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let listed: Vec<String> =
            MIGRATIONS.iter().map(|(number, name, _)| format!("{number:04}_{name}.sql")).collect();
        assert_eq!(listed, files);
        for (number, _, _) in MIGRATIONS {
            assert!(
                folder.join(format!("tests/samples/{number:04}.sql")).exists(),
                "no sample rows for {number}"
            );
        }
    }
}
