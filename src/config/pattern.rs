//! The check of an agent's patterns.

use regex::Regex;
use serde_json::Value as Json;

use super::node::Node;
use super::preset::{Match, Patterns};
use super::read::Reading;

/// Records every regular expression that is none, and every rule that matches nothing.
pub(super) fn check(patterns: &Patterns, node: &Node, into: &mut Reading<'_>) {
    let lists = [
        ("success", &patterns.success),
        ("progress", &patterns.progress),
        ("remark", &patterns.remark),
        ("retrying", &patterns.retrying),
        ("waiting", &patterns.waiting),
        ("tool", &patterns.tool),
        ("attempt", &patterns.attempt),
        ("prompted", &patterns.prompted),
        ("ignore", &patterns.ignore),
        ("recovered", &patterns.recovered),
    ];
    for (name, list) in lists {
        for (at, Match { text, json }) in list.iter().enumerate() {
            let Some(rule) = item(node, name, at) else { continue };
            if text.is_none() && json.is_none() {
                into.error(
                    rule,
                    "a rule that matches nothing",
                    Some("give it `text` or `json`".to_owned()),
                );
            }
            rule_check(text.as_deref(), json.as_ref(), rule, into);
        }
    }
    for (at, failure) in patterns.failure.iter().enumerate() {
        let Some(rule) = item(node, "failure", at) else { continue };
        if failure.text.is_none() && failure.json.is_none() && failure.exit.is_empty() {
            let help = "give it `text`, `json` or `exit`".to_owned();
            into.error(rule, "a rule that matches nothing", Some(help));
        }
        if failure.lines.is_some_and(|lines| !(1..=8).contains(&lines)) {
            into.wrong_number(rule.get("lines").unwrap_or(rule), "a number from 1 to 8");
        }
        rule_check(failure.text.as_deref(), failure.json.as_ref(), rule, into);
    }
    for (at, abort) in patterns.abort_on.iter().enumerate() {
        let Some(rule) = item(node, "abort_on", at) else { continue };
        if abort.text.is_none() && abort.json.is_none() {
            into.error(
                rule,
                "a rule that matches nothing",
                Some("give it `text` or `json`".to_owned()),
            );
        }
        if abort.times == Some(0) {
            into.wrong_number(rule.get("times").unwrap_or(rule), "a number from 1");
        }
        rule_check(abort.text.as_deref(), abort.json.as_ref(), rule, into);
    }
    for (at, usage) in patterns.usage.iter().enumerate() {
        let Some(rule) = item(node, "usage", at) else { continue };
        if usage.text.is_none() && usage.json.is_none() {
            into.error(
                rule,
                "a rule that matches nothing",
                Some("give it `text` or `json`".to_owned()),
            );
        }
        rule_check(usage.text.as_deref(), usage.json.as_ref(), rule, into);
    }
    for (at, todo) in patterns.todo.iter().enumerate() {
        let Some(rule) = item(node, "todo", at) else { continue };
        for json in [&todo.json, &todo.done] {
            rule_check(None, Some(json), rule, into);
        }
    }
}

fn item<'a>(node: &'a Node, list: &str, at: usize) -> Option<&'a Node> {
    match &node.get(list)?.value {
        super::node::Value::List(items) => items.get(at),
        _ => None,
    }
}

fn rule_check(
    text: Option<&str>,
    json: Option<&serde_json::Map<String, Json>>,
    rule: &Node,
    into: &mut Reading<'_>,
) {
    if let Some(text) = text {
        regex_check(text, rule.get("text").unwrap_or(rule), into);
    }
    let Some(json) = json else { return };
    let keys = rule.get("json").unwrap_or(rule);
    for (key, value) in json {
        let here = keys.get(key).unwrap_or(keys);
        match value {
            Json::String(text) => {
                if let Some(expression) = text.strip_prefix('~') {
                    regex_check(expression, here, into);
                }
            }
            Json::Object(_) => into.error(
                here,
                "expected a literal, a list of literals or `~` and a regular expression",
                Some("write keys inside of keys with dots: `result.error`".to_owned()),
            ),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => {}
        }
    }
}

fn regex_check(expression: &str, node: &Node, into: &mut Reading<'_>) {
    if let Err(error) = Regex::new(expression) {
        let help = match &error {
            regex::Error::Syntax(text) => {
                text.lines().last().map(|line| line.trim().trim_start_matches("error: ").to_owned())
            }
            other => Some(other.to_string()),
        };
        into.error(node, "this is not a regular expression", help);
    }
}
