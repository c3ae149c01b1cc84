//! Keys that cannot be bound as they are written.

use crate::project::Project;

#[test]
fn keys_that_clash_are_shown_with_their_lines_by_every_command() {
    let project = Project::new(
        "
agents: { good: { command: ['true'] } }
workstreams: [{ id: a, prompt: do it }]
keys:
  retry: R
  retry-from: R
  stopp: x
",
    );
    for command in [&["check"][..], &["up", "--headless"], &["status"]] {
        let said = project.run(command);
        said.expect(2, &[]);
        for words in [
            "error: there is no action `stopp`; did you mean `stop`?",
            "ostler.yaml:14:3",
            "error: the key `R` is bound to both `retry` and `retry-from`; give one of them another key",
            "ostler.yaml:13:3",
            "the other one",
        ] {
            assert!(said.err.contains(words), "{command:?}: {words}\n{}", said.err);
        }
    }
}
