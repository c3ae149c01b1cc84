//! Whether the disk has room for work.

/// Free space is told in steps of so many bytes.
const COARSE: u64 = 1_000_000;

/// Whether the disk has room for work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// It has.
    #[default]
    Enough,
    /// It has not, so nothing starts.
    Short {
        /// The bytes that are free.
        free: u64,
        /// The bytes that must be free until something starts again.
        needed: u64,
    },
}

impl Room {
    /// Decides by what is free now; `floor` is the least that must be, and 0 is no floor.
    ///
    /// Once it was short, a little more than the floor is needed, so that it does not change its mind all the time.
    #[must_use]
    pub fn after(self, free: u64, floor: u64) -> Self {
        let needed = match self {
            Self::Enough => floor,
            Self::Short { .. } => floor + floor / 20,
        };
        if free >= needed {
            return Self::Enough;
        }
        // No more exact than it is told, so that nothing is told anew for a few bytes.
        let free = if free > COARSE { free - free % COARSE } else { free };
        Self::Short { free, needed: floor + floor / 20 }
    }

    /// Says in words what is missing; none if nothing is.
    pub fn words(self) -> Option<String> {
        match self {
            Self::Enough => None,
            Self::Short { free, needed } => {
                Some(format!("{} are free, {} must be", bytes(free), bytes(needed)))
            }
        }
    }
}

/// Writes an amount of bytes as disks are sold: `840 kB`, `12 MB`, `1.5 GB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        if count >= 10 * unit {
            return format!("{} {name}", count / unit);
        }
        if count >= unit {
            let tenths = count / (unit / 10);
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
    }
    format!("{count} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_short_a_little_more_than_the_floor_is_needed() {
        let room = Room::default();
        assert_eq!(room.after(100, 100), Room::Enough);
        let short = room.after(99, 100);
        assert_eq!(short, Room::Short { free: 99, needed: 105 });
        assert_eq!(short.after(104, 100), Room::Short { free: 104, needed: 105 });
        assert_eq!(short.after(105, 100), Room::Enough);
        assert_eq!(room.after(0, 0), Room::Enough);
        assert_eq!(short.after(0, 0), Room::Enough);
    }

    #[test]
    fn amounts_are_short() {
        let words = [0, 999, 1_000, 840_000, 12_345_678, 1_550_000_000].map(bytes);
        assert_eq!(words, ["0 B", "999 B", "1.0 kB", "840 kB", "12 MB", "1.5 GB"]);
        let short = Room::Short { free: 12_345_678, needed: 105_000_000 };
        assert_eq!(short.words().as_deref(), Some("12 MB are free, 105 MB must be"));
    }
}
