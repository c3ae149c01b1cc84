//! What a model is told of how to answer.

use super::mark::Mark;
use super::scope::Scope;

/// Returns what holds for the whole conversation.
///
/// Models know the markers of a merge conflict as a SEARCH/REPLACE form; the marks here are others, so that files which
/// hold such markers can be edited too.
pub fn system(mark: &Mark, scope: &Scope) -> String {
    let mark = mark.text();
    let files = if scope.is_all() {
        "You may change any file of the repository.".to_owned()
    } else {
        let places = scope.places().iter().map(|place| {
            let slash = if place.is_directory { "/ and what is below it" } else { "" };
            format!("- {}{slash}", place.path)
        });
        format!(
            "You may change these files and no others:\n{}",
            places.collect::<Vec<_>>().join("\n")
        )
    };
    format!(
        "You change files of a repository. A program reads your reply and applies it; nobody answers questions and no \
command can be run. {files}

Each line with a meaning begins with the mark {mark} exactly. Write the blocks as they are here, without fences around \
them and without line numbers. Paths begin at the repository's root.

To change parts of a file (SEARCH/REPLACE): the lines of SEARCH are copied exactly, whole lines, and are in the file \
only once; use as many SEARCH and REPLACE pairs as are needed, and one EDIT block a file.
{mark} EDIT path/to/file
{mark} SEARCH
lines as they are
{mark} REPLACE
lines as they shall be
{mark} END

To write a new file, or a whole file anew:
{mark} WRITE path/to/file
the whole content
{mark} END

To delete a file:
{mark} DELETE path/to/file

To see a file of the repository before you go on, write only this, once for each file, and it will be shown to you:
{mark} READ path/to/file

Explain in a few sentences what you do, before the blocks. When all blocks are written, or if nothing needs to be \
changed, end with this line:
{mark} DONE
"
    )
}
