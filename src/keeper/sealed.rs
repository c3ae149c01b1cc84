//! Files of one JSON object that carries its own checksum, so that a damaged one is never taken for a true one.
//!
//! `{…,"crc":"01234567"}`: the checksum covers all that stands before it. It is still JSON for everybody else.

use std::io;

use serde::Serialize;

/// The length of `,"crc":"01234567"}`.
const SEAL: usize = 18;

/// Writes an object with its checksum; what is no object, or an empty one, cannot be sealed.
pub fn seal<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    if bytes.pop() != Some(b'}') || bytes.len() < 2 {
        return Err(io::Error::other("only an object that is not empty can be sealed"));
    }
    let crc = crc32fast::hash(&bytes);
    bytes.extend_from_slice(format!(",\"crc\":\"{crc:08x}\"}}").as_bytes());
    Ok(bytes)
}

/// Returns the object without its checksum, or what is wrong.
pub fn unseal(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let length = bytes.len().checked_sub(SEAL).ok_or("it is too short")?;
    let (body, seal) = bytes.split_at(length);
    let crc = format!(",\"crc\":\"{:08x}\"}}", crc32fast::hash(body));
    if seal != crc.as_bytes() {
        return Err("its checksum does not fit");
    }
    let mut whole = body.to_vec();
    whole.push(b'}');
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cut_and_every_flipped_bit_shows() {
        let sealed = seal(&serde_json::json!({ "code": 0, "text": "ünï" })).expect("sealed");
        assert_eq!(unseal(&sealed), Ok("{\"code\":0,\"text\":\"ünï\"}".into()));
        for length in 0..sealed.len() {
            unseal(&sealed[..length]).expect_err("cut");
        }
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            unseal(&flipped).expect_err("flipped");
        }
    }
}
