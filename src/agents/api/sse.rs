//! Server-sent events, decoded as their bytes arrive.

/// The longest line and the longest event that is taken, in bytes.
pub const LIMIT: usize = 1024 * 1024;

/// An event is longer than [`LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is longer than {} KiB", LIMIT / 1024)]
pub struct TooLong;

/// Puts the data of events together, whatever pieces they come in; names, numbers and comments are left out.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    data: Option<Vec<u8>>,
    /// The last byte was a return, so that a line feed belongs to it.
    returned: bool,
}

impl Decoder {
    /// Takes the next bytes and returns the data of the events that they end.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLong> {
        let mut events = Vec::new();
        for &byte in bytes {
            match byte {
                b'\n' if self.returned => self.returned = false,
                b'\n' | b'\r' => {
                    self.returned = byte == b'\r';
                    self.end_line(&mut events)?;
                }
                _ => {
                    self.returned = false;
                    if self.line.len() == LIMIT {
                        return Err(TooLong);
                    }
                    self.line.push(byte);
                }
            }
        }
        Ok(events)
    }

    /// Returns the data of an event whose empty line never came.
    pub fn finish(mut self) -> Option<String> {
        let mut events = Vec::new();
        self.end_line(&mut events).ok()?;
        events.pop().or_else(|| self.data.take().map(text))
    }

    fn end_line(&mut self, events: &mut Vec<String>) -> Result<(), TooLong> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            events.extend(self.data.take().map(text));
            return Ok(());
        }
        let Some(value) = line.strip_prefix(b"data") else { return Ok(()) };
        let value = match value {
            [] => value,
            [b':', b' ', rest @ ..] | [b':', rest @ ..] => rest,
            _ => return Ok(()),
        };
        let data = match &mut self.data {
            None => self.data.insert(Vec::new()),
            Some(data) => {
                data.push(b'\n');
                data
            }
        };
        if data.len() + value.len() > LIMIT {
            return Err(TooLong);
        }
        data.extend_from_slice(value);
        Ok(())
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": hi\r\nevent: a\r\ndata: {\"x\":\r\ndata:1}\r\n\r\ndata: ä\n\n\nid: 7\n\nretry\ndata\n\ndatum: no\n\n";

    #[test]
    fn pieces_of_any_size_give_the_same_events() {
        for size in 1..STREAM.len() {
            let mut decoder = Decoder::default();
            let mut events = Vec::new();
            for piece in STREAM.as_bytes().chunks(size) {
                events.extend(decoder.feed(piece).unwrap());
            }
            assert_eq!(events, ["{\"x\":\n1}", "ä", ""], "pieces of {size}");
        }
    }

    #[test]
    fn an_event_without_its_end_is_given_at_the_end() {
        for stream in ["data: [DONE]", "data: [DONE]\n"] {
            let mut decoder = Decoder::default();
            assert!(decoder.feed(stream.as_bytes()).unwrap().is_empty());
            assert_eq!(decoder.finish().unwrap(), "[DONE]");
        }
    }

    #[test]
    fn what_never_ends_is_refused() {
        let mut decoder = Decoder::default();
        let piece = vec![b'x'; LIMIT / 2];
        assert!(decoder.feed(&piece).is_ok() && decoder.feed(&piece).is_ok());
        assert_eq!(decoder.feed(&piece), Err(TooLong));
    }
}
