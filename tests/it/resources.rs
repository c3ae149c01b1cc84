//! What a machine may lack, one cause a file: it is said, nothing that was written is lost, and work goes on by itself when
//! the cause is gone.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod deleted;
mod descriptors;
pub mod disk;
mod floor;
mod full_disk;
mod limit;
mod locked;
mod memory;
mod processes;
mod quota;
mod read_only;
mod shim;
mod wall_clock;
