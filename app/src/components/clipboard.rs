//! The clipboard of whoever reads a page.

/// Puts a text into it; whether it is there. The server has none.
pub async fn copy(text: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return crate::browser::handout::copy(text).await;
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = text;
        false
    }
}
