//! What people are told when a configuration is wrong, and that no file breaks the loader.

use std::fs;

use ostler::config::Colour;
use ostler::config::load::load_with;
use proptest::prelude::*;

use super::{fixtures, user};

#[test]
fn mistakes_are_shown_with_their_lines() {
    let root = fixtures();
    let mut files: Vec<_> =
        fs::read_dir(root.join("broken")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20, "{}", files.len());
    for file in files {
        let stem = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let errors = load_with(&root, Some(&file), Some(&user())).err();
        let errors = errors.unwrap_or_else(|| panic!("{} is right", file.display()));
        insta::assert_snapshot!(format!("broken-{stem}"), errors.render(Colour::Plain));
    }
}

#[test]
fn mistakes_in_presets_are_shown_with_their_lines() {
    let root = tempfile::tempdir().unwrap();
    let user = fixtures().join("broken-user");
    let errors = load_with(root.path(), None, Some(&user)).unwrap_err();
    let shown = errors.render(Colour::Plain).replace(user.to_str().unwrap(), "~");
    insta::assert_snapshot!("broken-presets", shown);
}

#[test]
fn mistakes_in_workstream_files_are_shown_with_their_lines() {
    let root = fixtures().join("folder");
    let errors = load_with(&root, Some(&root.join("broken.yaml")), Some(&user())).unwrap_err();
    insta::assert_snapshot!("broken-workstream-files", errors.render(Colour::Plain));
}

#[test]
fn a_mistake_fits_on_one_line_and_has_colours_where_they_are_wanted() {
    let root = fixtures();
    let file = root.join("broken/unknown-agent.yaml");
    let errors = load_with(&root, Some(&file), Some(&user())).unwrap_err();
    let line = "broken/unknown-agent.yaml:6:15: agent `opsu` is not defined (did you mean `opus`?)";
    assert!(errors.lines().iter().any(|one| one == line), "{errors}");
    assert!(errors.render(Colour::Ansi).contains("\u{1b}["));
    assert!(!errors.render(Colour::Plain).contains('\u{1b}'));
}

#[test]
fn deep_and_bloated_files_end_in_an_error() {
    let root = tempfile::tempdir().unwrap();
    let told = |text: String| {
        fs::write(root.path().join("ostler.yaml"), text).unwrap();
        load_with(root.path(), None, None).unwrap_err().to_string()
    };
    let deep = "too many lists and maps lie in each other";
    for depth in [21, 100, 5_000] {
        let flow = told(format!("base: {}{}", "[".repeat(depth), "]".repeat(depth)));
        assert!(flow.contains(deep), "{depth}: {flow}");
    }
    for depth in [22, 100, 1_000] {
        let block = told((0..depth).map(|at| " ".repeat(at) + "a:\n").collect());
        assert!(block.contains(deep), "{depth}: {block}");
    }
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (one, two) in ["ab", "bc", "cd", "de", "ef", "fg"].map(|pair| pair.split_at(1)) {
        bomb += &[two, ": &", two, " [", &vec![format!("*{one}"); 10].join(", "), "]\n"].concat();
    }
    let bomb = told(bomb);
    assert!(bomb.contains("this is too large"), "{bomb}");
}

#[test]
fn a_file_that_cannot_be_read_is_a_clear_error() {
    let root = tempfile::tempdir().unwrap();
    let told = |name: &str| {
        let path = root.path().join(name);
        load_with(root.path(), Some(&path), None).unwrap_err().lines().join("\n")
    };
    assert!(
        told("nowhere.yaml")
            .starts_with("cannot read the configuration nowhere.yaml: there is no such file")
    );
    fs::create_dir(root.path().join("folder.yaml")).unwrap();
    assert!(told("folder.yaml").contains("it is a folder"));
    fs::write(root.path().join("latin.yaml"), b"base: main\ntheme: \xe9\n").unwrap();
    assert!(told("latin.yaml").contains("not UTF-8 text (line 2)"));
    fs::write(root.path().join("large.yaml"), vec![b'#'; 1024 * 1024 + 1]).unwrap();
    assert!(told("large.yaml").contains("larger than 1 MiB"));
    rustix::fs::mkfifoat(rustix::fs::CWD, root.path().join("fifo.yaml"), rustix::fs::Mode::RUSR)
        .unwrap();
    assert!(told("fifo.yaml").contains("not an ordinary file"));
    std::os::unix::fs::symlink("gone", root.path().join("ostler.yaml")).unwrap();
    let errors = load_with(root.path(), None, None).unwrap_err();
    assert!(
        errors.to_string().contains("there is no such file"),
        "a link that leads nowhere: {errors}"
    );
}

#[test]
fn what_would_have_no_effect_is_told() {
    let root = tempfile::tempdir().unwrap();
    let text = "agents: { aider: { env: { OPENAI_API_KEY: sk-1 } } }\n\
                on: { auth: { goto: copilot } }\n\
                workstreams: [{ id: a, prompt: Do it, chain: [aider] }]\n";
    fs::write(root.path().join("ostler.yaml"), text).unwrap();
    let loaded = load_with(root.path(), None, Some(&user())).unwrap();
    insta::assert_snapshot!("warnings", loaded.warnings.render(Colour::Plain));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_break_the_loader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn no_text_like_yaml_breaks_the_loader(
        parts in proptest::collection::vec(
            prop::sample::select(vec![
                "agents", "aider", "workstreams", "id", "on", "timeout", "retry", ":", ": ", "- ", "\n", "\n  ", "\n    ", "[", "]",
                "{", "}", ", ", "next", "5s", "1", "\"", "'", "|", "&a ", "*a", "<<", "!x ", "#", "\t", "---\n", "é", "💥", "~", "prompt", "chain",
            ]),
            0..40,
        )
    ) {
        survives(parts.concat().as_bytes());
    }
}

fn survives(bytes: &[u8]) {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ostler.yaml"), bytes).unwrap();
    match load_with(root.path(), None, None) {
        Ok(loaded) => drop(loaded.warnings.render(Colour::Plain)),
        Err(errors) => {
            assert!(!errors.render(Colour::Ansi).is_empty());
            assert!(!errors.lines().is_empty());
        }
    }
}
