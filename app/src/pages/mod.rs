//! Pages, one a file.

pub mod factor;
pub mod leaving;
pub mod not_found;
pub mod security;
pub mod sign_in;
pub mod workplace;
pub mod write;
