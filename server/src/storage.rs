//! What a running or an earlier server keeps, for commands beside it.

use std::sync::Arc;

use database::{Database, ServerKey};

use crate::config::Config;

/// Opens the database and its key, which must be there: a wrong folder must not be filled with a new and empty one, of which
/// a command would say that there is nothing in it.
///
/// # Errors
/// Which file is missing; what [`Database::open`] and [`ServerKey::load_or_create`] say.
pub async fn existing(config: &Config) -> Result<(Database, Arc<ServerKey>), Box<dyn std::error::Error>> {
    let (file, key_file) = (config.storage.database_file(), config.storage.key_file());
    if let Some(missing) = [&file, &key_file].into_iter().find(|path| !path.exists()) {
        let missing = missing.display();
        return Err(
            format!("{missing} is not there: check storage.directory, or start the server first").into()
        );
    }
    Ok((Database::open(&file).await?, Arc::new(ServerKey::load_or_create(&key_file)?)))
}
