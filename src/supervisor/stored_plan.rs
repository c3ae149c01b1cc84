//! The configuration that was last valid, for workers that start while another one is being written.

use std::io;

use super::durable;
use super::state_dir::StateDir;
use crate::config::plan::Plan;
use crate::keeper::{files, sealed};

/// Stores a plan, unless it is there.
pub fn write(dir: &StateDir, plan: &Plan) -> io::Result<()> {
    let (path, bytes) = (dir.plan(), sealed::seal(plan)?);
    if durable::read(&path).is_ok_and(|there| there.as_ref() == Some(&bytes)) {
        return Ok(());
    }
    durable::replace(&path, &bytes)
}

/// Returns the plan that was stored last; none if there is none that this version can read.
pub fn read(dir: &StateDir) -> Option<Plan> {
    files::read(&dir.plan()).ok()?
}
