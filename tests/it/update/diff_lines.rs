//! What is known of the lines of a change: what their words are, in which they differ, and what made them.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::sync::LazyLock;

use ostler::tui::diff::{
    FileTokens, Part, PartHead, Patch, Place, Syntaxes, Texts, Token, parse, parse_parts, words,
};

static SYNTAXES: LazyLock<Syntaxes> = LazyLock::new(Syntaxes::default);

/// Returns a patch that replaces one line of a file, with what stands around it.
fn patch(path: &str, number: u32, lines: &str) -> Patch {
    parse(&format!(
        "diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -{number},9 +{number},9 @@\n{lines}"
    ))
}

/// Says what the pieces of a line are, those that are nothing left out.
fn told(patch: &Patch, tokens: &FileTokens, line: usize) -> Vec<(String, Token)> {
    let text = &patch.line(Place::Line(0, 0, line)).unwrap().text;
    let spans = tokens.line(0, line).iter();
    spans.map(|span| (text[span.start..span.end].to_owned(), span.token)).collect()
}

fn tokens(patch: &Patch, texts: &Texts) -> FileTokens {
    SYNTAXES.tokens(&patch.files[0], texts, &|| true)
}

fn has(name: &str, line: &str, wanted: &[(&str, Token)]) {
    let patch = patch(name, 1, &format!("+{line}\n"));
    let told = told(&patch, &tokens(&patch, &Texts::default()), 0);
    for (text, token) in wanted {
        let found = told.iter().any(|(known, is)| known.trim() == *text && is == token);
        assert!(found, "{name}: {text} is no {token:?} in {told:?}");
    }
}

#[test]
fn the_languages_of_most_projects_are_known() {
    use Token::{Comment, Function, Keyword, Number, String, Type};
    has(
        "a.rs",
        "pub fn new() -> Foo { let s = \"x\"; 10 } // why",
        &[
            ("fn", Keyword),
            ("new", Function),
            ("\"x\"", String),
            ("10", Number),
            ("// why", Comment),
        ],
    );
    has("a.ts", "const f: Foo = call(1, 'x'); // why", &[("const", Keyword), ("'x'", String)]);
    has("a.tsx", "export function F() { return null }", &[("F", Function), ("null", Number)]);
    has("a.js", "class A { m() { return `x` } }", &[("class", Keyword), ("A", Type)]);
    has("a.go", "func main() { x := \"a\" } // why", &[("main", Function), ("// why", Comment)]);
    has(
        "a.py",
        "def f(x): return 'a' # why",
        &[("f", Function), ("'a'", String), ("# why", Comment)],
    );
    has("a.sh", "if true; then echo \"$x\"; fi # why", &[("if", Keyword), ("# why", Comment)]);
    has("a.toml", "name = \"x\" # why", &[("name", Type), ("\"x\"", String)]);
    has("a.yaml", "key: true # why", &[("key", Type), ("true", Number), ("# why", Comment)]);
    has("a.json", "{ \"a\": 1, \"b\": \"c\" }", &[("1", Number), ("\"c\"", String)]);
    has("a.md", "# Title", &[("# Title", Keyword)]);
    has("Dockerfile", "FROM alpine", &[("FROM", Keyword)]);
    has("Makefile", "all: # why", &[("# why", Comment)]);
    has("bin/run", "#!/bin/sh", &[("#!/bin/sh", Comment)]);
    let unknown = patch("a.unknown", 1, "+fn main() {}\n");
    assert_eq!(tokens(&unknown, &Texts::default()), FileTokens::default());
}

#[test]
fn what_stands_above_a_change_counts_where_it_is_known() {
    let lines = " still a comment\n-old words\n+new words\n  */\n+let x = 1;\n";
    let patch = patch("a.rs", 3, lines);
    let alone = tokens(&patch, &Texts::default());
    assert_ne!(told(&patch, &alone, 2), [("new words".to_owned(), Token::Comment)]);
    let text = |word: &str| {
        format!("fn f() {{}}\n/* begin\nstill a comment\n{word} words\n */\nlet x = 1;\n")
    };
    let whole = Texts { old: Some(text("old")), new: Some(text("new")) };
    let known = tokens(&patch, &whole);
    for (line, words) in [(0, "still a comment"), (1, "old words"), (2, "new words")] {
        assert_eq!(told(&patch, &known, line), [(words.to_owned(), Token::Comment)]);
    }
    assert_eq!(told(&patch, &known, 4)[0], ("let".to_owned(), Token::Keyword));
    // A text that has other lines by now says nothing of these.
    let other = Texts { old: Some(text("older")), new: Some(text("newer")) };
    assert_eq!(tokens(&patch, &other), alone);
    let ended = Texts { old: None, new: Some("fn f() {}\n".to_owned()) };
    assert_eq!(tokens(&patch, &ended), alone);
}

#[test]
fn nothing_is_gone_through_without_end() {
    let long = format!("+let x = \"{}\";\n+let y = 1;\n", "x".repeat(4_000_000));
    let patch = patch("a.rs", 1, &long);
    let found = tokens(&patch, &Texts::default());
    assert_eq!(found.line(0, 0), [], "a line that nobody wrote stays plain");
    assert_eq!(told(&patch, &found, 1)[0], ("let".to_owned(), Token::Keyword));
    let stopped = SYNTAXES.tokens(&patch.files[0], &Texts::default(), &|| false);
    assert_eq!(stopped, FileTokens::default());
}

#[test]
fn lines_that_took_each_others_place_differ_in_words() {
    let differ = |old: &str, new: &str| {
        let (before, after) = words(old, new);
        let of = |text: &str, ranges: Vec<std::ops::Range<usize>>| {
            ranges.into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>()
        };
        (of(old, before), of(new, after))
    };
    let (before, after) = differ("let n = compute(a, 1);", "let n = calculate(a, 1, b);");
    assert_eq!(
        (before, after),
        (vec!["compute".to_owned()], vec!["calculate".to_owned(), ", b".to_owned()])
    );
    assert_eq!(differ("本の価格は千円です。次", "本の価格は千円です。次"), (vec![], vec![]));
    assert_eq!(differ("a_name", "another thing"), (vec![], vec![]), "it is another line");
    assert_eq!(differ("", "x"), (vec![], vec![]));
    let long = "x ".repeat(1_000);
    assert_eq!(differ(&long, "x"), (vec![], vec![]));
}

#[test]
fn what_is_alike_stands_beside_each_other() {
    let lines = "-let one = 1;\n-let two = 2;\n-gone\n\
                 +// a remark of some length\n+let one = 10;\n+let another = 3;\n+let two = 20;\n same\n+four\n";
    let patch = patch("a.rs", 1, lines);
    let pairs: Vec<_> = patch.files[0].hunks[0].lines.iter().map(|line| line.pair).collect();
    assert_eq!(pairs, [Some(4), Some(6), None, None, Some(0), None, Some(1), None, None]);
    let text = |place: Option<Place>| {
        place.and_then(|place| patch.line(place)).map_or("", |line| line.text.as_str())
    };
    let rows: Vec<_> = patch.sides[2..].iter().map(|it| (text(it.left), text(it.right))).collect();
    let expected = [
        ("", "// a remark of some length"),
        ("let one = 1;", "let one = 10;"),
        ("", "let another = 3;"),
        ("let two = 2;", "let two = 20;"),
        ("gone", ""),
        ("same", "same"),
        ("", "four"),
    ];
    assert_eq!(rows, expected);
    let rows: Vec<usize> = patch.sides.iter().map(|side| side.row).collect();
    assert!(rows.is_sorted_by(|one, other| one < other), "{rows:?}");
    // Too much to be compared is paired as it comes.
    let many = "-a line\n".repeat(60) + &"+a line!\n".repeat(60);
    let patch = self::patch("a.txt", 1, &many.replace(",9", ",60"));
    assert_eq!(patch.files[0].hunks[0].lines.first().and_then(|line| line.pair), Some(60));
}

#[test]
fn another_end_of_line_is_shown() {
    let patch = patch("dos.txt", 1, " one\r\n-two\r\n+two\n-three\n+three\r\n+new\r\n");
    let lines: Vec<_> = patch.files[0].hunks[0].lines.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(lines, ["one", "two␍", "two", "three", "three␍", "new"]);
}

#[test]
fn what_is_shown_of_a_line_is_safe() {
    let patch = patch("a.txt", 1, "+\tred \x1b[31mtext\x1b[0m\x07\n");
    assert_eq!(patch.files[0].hunks[0].lines[0].text, "    red text");
}

#[test]
fn a_divided_change_has_its_parts_above_their_files() {
    let file = |path: &str| {
        format!("diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-a\n+b\n")
    };
    let part = |title: &str, text: String| {
        let head = PartHead { title: title.to_owned(), ..PartHead::default() };
        Part { head, text }
    };
    let patch = parse_parts(vec![
        part("first", file("a") + &file("b")),
        part("nothing", String::new()),
        part("last", file("a")),
    ]);
    let of_files: Vec<_> = patch.files.iter().map(|it| (it.path.as_str(), it.part)).collect();
    assert_eq!((of_files, patch.names), (vec![("a", 0), ("b", 0), ("a", 2)], 2));
    let parts: Vec<_> =
        (0..patch.rows.len()).filter(|row| matches!(patch.rows[*row], Place::Part(_))).collect();
    assert_eq!(parts.len(), 3);
    // Going to the first file of a part shows what the part is.
    assert_eq!((patch.starts[0], patch.starts[2]), (parts[0], parts[2]));
    assert_eq!(patch.rows[patch.starts[1]], Place::File(1));
    assert_eq!(patch.file_at(parts[2]), Some(2));
    for row in 0..patch.rows.len() {
        assert!(patch.sides[patch.side_of(row)].row <= row);
    }
}
