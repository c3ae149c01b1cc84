//! Workstreams that are read from a folder of files, or from a document with one heading each.

use std::fs;
use std::path::{Path, PathBuf};

use super::finding::Finding;
use super::form::Workstream;
use super::input::Input;
use super::name::slug;
use super::read::At;
use super::source::{self, Place};
use super::workstream::Declared;

/// Reads the workstreams of a folder or a document; `named` is where the configuration names it.
pub(super) fn gather(path: &Path, named: Place, root: &Path, input: &mut Input) -> Vec<Declared> {
    input.sources.depends_on(path);
    if !path.is_dir() {
        let shown = source::name(path, root);
        let found = file(path, Some(named), root, input);
        if ends_with(path, &["md", "markdown"]) {
            return found.map_or_else(Vec::new, |text| document(path, &shown, &text, input));
        }
        return found.and_then(|text| one(path, &shown, &text, input)).into_iter().collect();
    }
    let Some(paths) = listed(path, Some(named), root, input) else { return Vec::new() };
    if paths.is_empty() {
        let shown = source::name(path, root);
        let message = format!("the folder {shown} has no .yaml, .json or .md files");
        input.push(Finding::warning(message).at(named));
    }
    each(&paths, Some(named), root, input)
}

/// Reads the workstreams of a folder that no configuration names: it may be missing or empty.
pub(super) fn gather_unnamed(path: &Path, root: &Path, input: &mut Input) -> Vec<Declared> {
    input.sources.depends_on(path);
    if !path.is_dir() {
        return Vec::new();
    }
    let paths = listed(path, None, root, input).unwrap_or_default();
    each(&paths, None, root, input)
}

/// Returns the files of a folder that may be workstreams; none if it cannot be read, which is recorded.
fn listed(
    path: &Path,
    named: Option<Place>,
    root: &Path,
    input: &mut Input,
) -> Option<Vec<PathBuf>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            let shown = source::name(path, root);
            let message = format!("cannot read the folder {shown}: {}", source::reason(&error));
            input.push(Finding::error(message).maybe_at(named));
            return None;
        }
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| {
        ends_with(path, &["yaml", "yml", "json", "md", "markdown"]) && !path.is_dir()
    });
    paths.sort();
    Some(paths)
}

fn each(paths: &[PathBuf], named: Option<Place>, root: &Path, input: &mut Input) -> Vec<Declared> {
    let mut gathered = Vec::new();
    for path in paths {
        let shown = source::name(path, root);
        if let Some(text) = file(path, named, root, input) {
            gathered.extend(one(path, &shown, &text, input));
        }
    }
    gathered
}

fn ends_with(path: &Path, ends: &[&str]) -> bool {
    path.extension().is_some_and(|end| ends.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

fn file(path: &Path, named: Option<Place>, root: &Path, input: &mut Input) -> Option<String> {
    match source::read(path) {
        Ok(text) => Some(text),
        Err(why) => {
            let shown = source::name(path, root);
            let message = format!("cannot read the workstream file {shown}: {why}");
            input.push(Finding::error(message).maybe_at(named));
            None
        }
    }
}

/// Reads a file with one workstream. Without an `id` of its own it is called like the file.
pub(super) fn one(path: &Path, shown: &str, text: &str, input: &mut Input) -> Option<Declared> {
    let mut form = if ends_with(path, &["md", "markdown"]) {
        markdown(shown, text, input)?
    } else {
        input.form::<Workstream>(shown, text)?
    };
    if form.value.id.is_none() {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        form.value.id = Some(At { value: stem.unwrap_or_default(), place: form.place });
    }
    Some(Declared { form, folder: folder(path) })
}

fn folder(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Reads a Markdown file: YAML between two lines of `---`, if it has that, and the prompt.
fn markdown(shown: &str, text: &str, input: &mut Input) -> Option<At<Workstream>> {
    let (front, body) = match front_matter(text) {
        Some(end) => {
            let after = text[end..].split_once('\n').map_or("", |(_, body)| body);
            (&text[..end], after)
        }
        None => ("", text),
    };
    // The file is kept whole, so that places in it are right; only its front matter is read as YAML.
    let mut form = input.form_of_part::<Workstream>(shown, text, front)?;
    let start = text.len() - body.trim_start().len();
    let place = Place::new(form.place.source(), &(start..start));
    if form.value.prompt.is_none() && form.value.prompt_file.is_none() {
        form.value.prompt = Some(At { value: body.trim().to_owned(), place });
    } else if !body.trim().is_empty() {
        let message = "this file says what is to be done twice: in its front matter and below it";
        input.push(Finding::error(message).at(place).help("keep one of them"));
    }
    Some(form)
}

/// Returns where the line starts that ends the front matter, if a text has that.
fn front_matter(text: &str) -> Option<usize> {
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let rule = line.trim_end() == "---";
        match (number, rule) {
            (0, false) => return None,
            (1.., true) => return Some(at),
            _ => at += line.len(),
        }
    }
    None
}

/// Reads a document with one `## ` heading a workstream.
fn document(path: &Path, shown: &str, text: &str, input: &mut Input) -> Vec<Declared> {
    let number = input.sources.add(shown, text);
    let sections = sections(text);
    if sections.is_empty() {
        let finding = Finding::error(format!("{shown} has no heading that starts with `## `"));
        input.push(
            finding.help("each such heading is a workstream, and what follows is its prompt"),
        );
    }
    let sections = sections.into_iter().enumerate().map(|(at, (start, heading, body))| {
        let place = Place::new(number, &(start..start + heading.len()));
        let slug = Some(slug(heading)).filter(|slug| !slug.is_empty());
        let form = Workstream {
            id: Some(At { value: slug.unwrap_or_else(|| format!("section-{}", at + 1)), place }),
            title: Some(At { value: heading.to_owned(), place }),
            prompt: Some(At { value: body.trim().to_owned(), place }),
            ..Workstream::default()
        };
        Declared { form: At { value: form, place }, folder: folder(path) }
    });
    sections.collect()
}

/// Returns each section: where its heading starts, the heading, the text below it. Headings in code are none.
fn sections(text: &str) -> Vec<(usize, &str, &str)> {
    let mut headings: Vec<(usize, &str, usize)> = Vec::new();
    let (mut at, mut fence) = (0, None);
    for line in text.split_inclusive('\n') {
        let plain = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| plain.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_none()
            && let Some(heading) = line.strip_prefix("## ")
        {
            let heading = heading.trim().trim_end_matches('#').trim_end();
            headings.push((at + 3, heading, at + line.len()));
        }
        at += line.len();
    }
    let ends = headings.iter().skip(1).map(|(start, ..)| start - 3).chain([text.len()]);
    headings
        .iter()
        .zip(ends)
        .map(|((start, heading, body), end)| (*start, *heading, &text[*body..end]))
        .collect()
}
