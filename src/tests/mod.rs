//! Features through the in-memory router.
