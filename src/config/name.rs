//! Names that become branches and folders.

/// The longest name, in bytes.
const LONGEST: usize = 64;

/// Names of files that ostler keeps beside those of workstreams.
const TAKEN: [&str; 5] = ["ballast", "log", "outcomes.jsonl", "project.json", "slots"];

/// Says why a name cannot be that of a branch and a folder.
pub(super) fn check(name: &str) -> Result<(), String> {
    let letters = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    if name.is_empty() {
        Err("it is empty".to_owned())
    } else if let Some(odd) = name.bytes().position(|byte| !letters(&byte)) {
        let odd = name[odd..].chars().next().unwrap_or(' ');
        Err(format!("`{odd}` is none of letters, digits, `.`, `_` and `-`"))
    } else if !name.as_bytes()[0].is_ascii_alphanumeric() {
        Err("it does not start with a letter or digit".to_owned())
    } else if name.len() > LONGEST {
        Err(format!("it is longer than {LONGEST} letters"))
    } else if name.contains("..") || name.ends_with('.') {
        Err("git allows no `..` and no `.` at the end".to_owned())
    } else if name.to_ascii_lowercase().ends_with(".lock") {
        Err("git uses names that end in `.lock` itself".to_owned())
    } else if TAKEN.contains(&name) {
        Err("ostler uses it itself".to_owned())
    } else {
        Ok(())
    }
}

/// Makes a name from a heading or the like: what cannot stand in a name becomes `-`.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == 48 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_for_git_and_folders() {
        for good in ["ws-03", "A", "v1.2_x", "0", &"a".repeat(64)] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "-a",
            ".a",
            "a/b",
            "a b",
            "a..b",
            "a.",
            "a.lock",
            "A.LOCK",
            "é",
            "a~",
            "a:b",
            "a\\b",
            "a\n",
            "@",
            "log",
            "slots",
            &"a".repeat(65),
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn headings_become_names() {
        assert_eq!(slug("Split the `error` module!"), "split-the-error-module");
        assert_eq!(slug("  1. Über alles "), "1-ber-alles");
        assert_eq!(slug("日本"), "");
    }
}
