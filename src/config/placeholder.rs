//! Names in braces that are filled in when an agent is started.

use super::finding::Finding;
use super::nearest::nearest;
use super::preset::PLACEHOLDERS;
use super::source::Place;

/// Returns the names that stand in braces, as in `{prompt}`; `${name}` belongs to a shell and is none of them.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| {
        let shell = text[..at].ends_with('$');
        let (name, _) = text[at + 1..].split_once('}')?;
        let plain = !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
        (plain && !shell).then_some(name)
    })
}

/// Records every name in braces that nothing stands for.
pub(super) fn check(text: &str, place: Place, findings: &mut Vec<Finding>) {
    for name in names(text).filter(|name| !PLACEHOLDERS.contains(name)) {
        let help = match nearest(name, PLACEHOLDERS.iter().copied()) {
            Some(near) => format!("did you mean `{{{near}}}`?"),
            None => format!(
                "known are {}; write `{{ {name} }}` if braces are meant",
                PLACEHOLDERS
                    .iter()
                    .map(|known| format!("`{{{known}}}`"))
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
        };
        let message = format!("nothing stands for the placeholder `{{{name}}}`");
        findings.push(Finding::error(message).at(place).help(help));
    }
}

/// Fills in the model. Without one, an argument that names it falls away, with the option before it.
pub(super) fn fill_model(argv: &[String], model: Option<&str>) -> Vec<String> {
    let mut filled: Vec<String> = Vec::with_capacity(argv.len());
    for argument in argv {
        if !argument.contains("{model}") {
            filled.push(argument.clone());
        } else if let Some(model) = model {
            filled.push(argument.replace("{model}", model));
        } else if argument == "{model}" && filled.last().is_some_and(|last| last.starts_with('-')) {
            filled.pop();
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_only_exact_names() {
        let found = |text| names(text).collect::<Vec<_>>();
        assert_eq!(found("--file={prompt_file} {x}"), ["prompt_file", "x"]);
        assert_eq!(found("{{prompt}}"), ["prompt"]);
        for text in
            ["{\"a\": 1}", "${HOME} ${home}", "{}", "{ prompt }", "{Prompt}", "{a1}", "{pro"]
        {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn fills_the_model_or_leaves_it_out() {
        let argv =
            ["tool", "--model", "{model}", "--m={model}", "-p", "{prompt}"].map(str::to_owned);
        let with = fill_model(&argv, Some("m1"));
        assert_eq!(with, ["tool", "--model", "m1", "--m=m1", "-p", "{prompt}"]);
        assert_eq!(fill_model(&argv, None), ["tool", "-p", "{prompt}"]);
    }
}
