//! What a model is shown, and what is left out when there is no room.

use super::bench::Bench;
use super::server::{Answer, Server};

const NOTHING: &str = "{mark} DONE\n";

/// A file of so many lines of 64 bytes.
fn lines(count: usize) -> String {
    (0..count).map(|n| format!("{n:0>63}\n")).collect::<Vec<_>>().concat()
}

fn said(server: &Server, request: usize) -> String {
    server.asked()[request].body["messages"][0]["content"].as_str().unwrap().to_owned()
}

#[test]
fn files_that_do_not_fit_are_cut_or_left_out_and_named() {
    let bench = Bench::new();
    bench.write("first.txt", &lines(100));
    bench.write("second.txt", &lines(1000));
    bench.write("third.txt", &lines(500));
    bench.write("last.txt", "small\n");
    fs_binary(&bench);
    let server = Server::new([Answer::claude(NOTHING, "end_turn")]);
    let files = ["first.txt", "second.txt", "third.txt", "picture", "last.txt"];
    let ran = bench
        .claude(&server, &[&["--context", "20000", "--max-output", "10000"], &files[..]].concat());
    ran.assert_done();
    let said = said(&server, 0);
    assert!(said.len() < 30_000, "{}", said.len());
    let notes = ran.messages("note");
    insta::assert_debug_snapshot!(notes);
    assert!(said.contains("FILE first.txt") && said.contains("more lines are not shown"));
    assert!(said.contains("FILE last.txt\nsmall\n"), "a small file fits behind a large one");
}

fn fs_binary(bench: &Bench) {
    std::fs::write(bench.root.join("picture"), [0x89, b'P', 0, 0xff]).unwrap();
}

#[test]
fn a_file_that_was_cut_is_not_written_whole() {
    let bench = Bench::new();
    let long = lines(1000);
    bench.write("long.txt", &long);
    let reply = "{mark} WRITE long.txt\nshort\n{mark} END\n{mark} DONE\n";
    let server = Server::new([Answer::claude(reply, "end_turn")]);
    let ran = bench.claude(&server, &["--context", "20000", "--max-output", "10000", "long.txt"]);
    assert_eq!(ran.exit, 16, "{}", ran.log);
    assert!(
        ran.messages("note").iter().any(|note| note.contains("was not shown whole")),
        "{}",
        ran.log
    );
    assert_eq!(bench.read("long.txt"), long);
}

#[test]
fn a_prompt_that_the_service_finds_too_long_is_cut_once() {
    let bench = Bench::new();
    bench.write("long.txt", &lines(1000));
    let words = "prompt is too long: 30000 tokens > 15000 maximum";
    let too_long = Answer::claude_error(400, "invalid_request_error", words);
    let server = Server::new([too_long, Answer::claude(NOTHING, "end_turn")]);
    let ran = bench.claude(&server, &["long.txt"]);
    ran.assert_done();
    let (before, after) = (said(&server, 0).len(), said(&server, 1).len());
    assert!(after < before / 2, "{before} to {after}");
    assert!(
        ran.messages("note").iter().any(|note| note.starts_with("cut long.txt")),
        "{}",
        ran.log
    );
}

#[test]
fn a_goal_is_never_cut_but_its_hand_off_is() {
    let mut bench = Bench::new();
    let goal = format!("# Goal\n\n{}", lines(50));
    bench.prompt = format!("{goal}\n---\n\n# Hand-off\n\n{}", lines(500));
    let server = Server::new([Answer::claude(NOTHING, "end_turn")]);
    let small = ["--max-output", "900", "--context"];
    let ran = bench.claude(&server, &[&small[..], &["5000"]].concat());
    ran.assert_done();
    assert!(said(&server, 0).starts_with(&goal) && said(&server, 0).len() < 12_000);
    let note = &ran.messages("note")[0];
    assert!(note.ends_with("from the end of the hand-off: the prompt does not fit"), "{note}");
    let ran = bench.claude(&server, &[&small[..], &["2000"]].concat());
    assert_eq!(ran.exit, 15, "{}", ran.log);
    assert_eq!(server.asked().len(), 1);
}
