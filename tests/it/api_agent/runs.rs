//! Runs that end well, and what was said on the way.

use super::bench::{Bench, KEY};
use super::server::{Answer, Server};

const EDIT: &str = "I rename one call.\n\n{mark} EDIT src/main.rs\n{mark} SEARCH\n    one();\n{mark} REPLACE\n    \
                    first();\n{mark} END\n{mark} WRITE src/new.rs\n<<<<<<< SEARCH\nEND_FILE\n{mark} END\n{mark} DONE\n";

#[test]
fn edits_of_a_claude_reply_are_applied() {
    let bench = Bench::new();
    let server = Server::new([Answer::claude(EDIT, "end_turn")]);
    let ran = bench.claude(&server, &["src/main.rs", "src/new.rs"]);
    ran.assert_done();
    assert_eq!(bench.read("src/main.rs"), "fn main() {\n    first();\n    two();\n}\n");
    assert_eq!(bench.read("src/new.rs"), "<<<<<<< SEARCH\nEND_FILE\n");
    assert_eq!(
        bench.files(),
        [".env", "README.md", "src/main.rs", "src/new.rs"],
        "nothing is left over"
    );
    let result = &ran.lines("result")[0];
    assert_eq!((&result["sent"], &result["received"]), (&100.into(), &7.into()));
    assert_eq!(result["files"].as_array().unwrap().len(), 2);
    let asked = &server.asked()[0];
    assert!(asked.head.starts_with("POST /v1/messages "), "{}", asked.head);
    assert!(asked.head.contains(&format!("x-api-key: {KEY}")), "{}", asked.head);
    assert!(asked.head.contains("anthropic-version: 2023-06-01"), "{}", asked.head);
    assert_eq!(asked.body["model"], "m-1");
    assert_eq!(asked.body["stream"], true);
    let said = asked.body["messages"][0]["content"].as_str().unwrap();
    assert!(said.contains("Split the function.") && said.contains("    one();"), "{said}");
    assert!(said.contains("src/new.rs is not there yet"), "{said}");
    assert!(
        said.contains("README.md") && !said.contains("# Shop"),
        "others are only named: {said}"
    );
    assert!(!said.contains(".env"), "what git does not know is not named: {said}");
}

#[test]
fn edits_of_an_openai_reply_are_applied() {
    let bench = Bench::new();
    let server = Server::new([Answer::openai(EDIT, "stop")]);
    let ran = bench.openai(&server, &["src/"]);
    ran.assert_done();
    assert_eq!(bench.read("src/main.rs"), "fn main() {\n    first();\n    two();\n}\n");
    let asked = &server.asked()[0];
    assert!(asked.head.starts_with("POST /v1/chat/completions "), "{}", asked.head);
    assert!(asked.head.contains(&format!("authorization: Bearer {KEY}")), "{}", asked.head);
    assert_eq!(asked.body["messages"][0]["role"], "system");
    let result = &ran.lines("result")[0];
    assert_eq!((&result["sent"], &result["received"]), (&90.into(), &8.into()));
}

#[test]
fn the_steps_are_told() {
    let bench = Bench::new();
    let server = Server::new([Answer::claude(EDIT, "end_turn")]);
    let ran = bench.claude(&server, &["src/main.rs", "src/new.rs"]);
    let steps = ran.messages("progress");
    let starts: Vec<&str> = steps.iter().map(|step| &step[..5]).collect();
    assert_eq!(starts, ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]);
    assert_eq!(ran.lines("text")[0]["text"], "I rename one call.");
}

#[test]
fn the_form_of_files_written_whole_is_taken() {
    let bench = Bench::new();
    let reply = "Here it is.\nFILE: src/main.rs\nCONTENT:\nfn main() {}\nEND_FILE\nFILE: src/b.rs\nCONTENT:\n// b\nEND_FILE\n";
    let server = Server::new([Answer::claude(reply, "end_turn")]);
    bench.claude(&server, &["src"]).assert_done();
    assert_eq!(bench.read("src/main.rs"), "fn main() {}\n");
    assert_eq!(bench.read("src/b.rs"), "// b\n");
}

#[test]
fn the_form_of_conflict_markers_is_taken() {
    let bench = Bench::new();
    let reply = "src/main.rs\n```rust\n<<<<<<< SEARCH\n    two();\n=======\n    second();\n>>>>>>> REPLACE\n```\n";
    let server = Server::new([Answer::openai(reply, "stop")]);
    bench.openai(&server, &["src/main.rs"]).assert_done();
    assert_eq!(bench.read("src/main.rs"), "fn main() {\n    one();\n    second();\n}\n");
}

#[test]
fn nothing_to_do_is_a_success_without_a_change() {
    let bench = Bench::new();
    let server =
        Server::new([Answer::claude("All is as it should be.\n{mark} DONE\n", "end_turn")]);
    let ran = bench.claude(&server, &["src/main.rs"]);
    ran.assert_done();
    assert_eq!(ran.lines("result")[0]["files"].as_array().unwrap().len(), 0);
}

#[test]
fn a_reply_that_cannot_be_used_may_be_written_anew() {
    let bench = Bench::new();
    let wrong = EDIT.replace("    one();", "    three();");
    let server =
        Server::new([Answer::claude(&wrong, "end_turn"), Answer::claude(EDIT, "end_turn")]);
    let ran = bench.claude(&server, &["src/"]);
    ran.assert_done();
    let second = &server.asked()[1].body["messages"];
    assert_eq!(second.as_array().unwrap().len(), 3);
    let told = second[2]["content"].as_str().unwrap();
    assert!(
        told.contains("src/main.rs: piece 1: the lines of SEARCH are not in the file"),
        "{told}"
    );
    assert_eq!(ran.lines("result")[0]["sent"], 200, "both requests are counted");
}

#[test]
fn the_model_may_look_at_files_that_git_knows_and_no_others() {
    let bench = Bench::new();
    let ask = "{mark} READ README.md\n{mark} READ .env\n";
    let server = Server::new([Answer::claude(ask, "end_turn"), Answer::claude(EDIT, "end_turn")]);
    bench.claude(&server, &["src/"]).assert_done();
    let shown = server.asked()[1].body["messages"][2]["content"].as_str().unwrap().to_owned();
    assert!(shown.contains("# Shop") && !shown.contains("hidden"), "{shown}");
}

#[test]
fn a_probe_asks_for_one_token() {
    let bench = Bench::new();
    let server = Server::new([Answer::claude("O", "max_tokens")]);
    let ran = bench.claude(&server, &["--probe"]);
    assert_eq!((ran.exit, ran.log.as_str()), (0, ""));
    assert_eq!(server.asked()[0].body["max_tokens"], 1);
    let refused = Answer::claude_error(401, "authentication_error", &format!("invalid {KEY}"));
    let server = Server::new([refused]);
    let ran = bench.claude(&server, &["--probe"]);
    assert_eq!(ran.exit, 10);
    insta::assert_snapshot!(ran.log, @"ostler: auth: the service answered with 401: invalid [secret]");
}
