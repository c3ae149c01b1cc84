//! How a piece of log text looks, as its writer asked for it.

/// A colour that an agent asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ink {
    /// The theme's.
    #[default]
    Default,
    /// One of the terminal's 256; the first 16 are the theme's palette.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// Attributes of a piece of text, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attributes(u8);

impl Attributes {
    /// Bold.
    pub const BOLD: Self = Self(1);
    /// Dim.
    pub const DIM: Self = Self(2);
    /// Italic.
    pub const ITALIC: Self = Self(4);
    /// Underlined.
    pub const UNDERLINE: Self = Self(8);
    /// Colours exchanged.
    pub const REVERSE: Self = Self(16);
    /// Struck through.
    pub const STRIKE: Self = Self(32);
    /// Found by the search.
    pub const FOUND: Self = Self(64);
    /// Marked to be copied.
    pub const MARKED: Self = Self(128);

    /// Says whether all of `other` are set.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets all of `other`.
    pub fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Clears all of `other`.
    pub fn remove(&mut self, other: Self) {
        self.0 &= !other.0;
    }
}

/// How a piece of log text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sgr {
    /// The colour of the text.
    pub fg: Ink,
    /// The colour behind it.
    pub bg: Ink,
    /// The rest.
    pub attributes: Attributes,
}

/// A piece of text that looks the same throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSpan {
    /// The text: no control characters, every character of a known width.
    pub text: String,
    /// How it looks.
    pub sgr: Sgr,
}

/// One row of a log page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyledLine {
    /// Its pieces from left to right.
    pub spans: Vec<LogSpan>,
}

impl StyledLine {
    /// Returns the text without its looks.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

impl Sgr {
    /// Takes the parameters of one `CSI … m`, each with its subparameters.
    pub fn apply<'a>(&mut self, parameters: impl Iterator<Item = &'a [u16]>) {
        let mut parameters = parameters;
        while let Some(parameter) = parameters.next() {
            match parameter.first().copied().unwrap_or_default() {
                38 => self.fg = colour(parameter, &mut parameters).unwrap_or(self.fg),
                48 => self.bg = colour(parameter, &mut parameters).unwrap_or(self.bg),
                // The colour of an underline is not shown, but its parameters must not be taken for others.
                58 => drop(colour(parameter, &mut parameters)),
                4 if parameter.get(1) == Some(&0) => {
                    self.attributes.remove(Attributes::UNDERLINE);
                }
                code => self.code(code),
            }
        }
    }

    fn code(&mut self, code: u16) {
        let low = |from: u16| u8::try_from(code - from).unwrap_or_default();
        match code {
            0 => *self = Self::default(),
            1 => self.attributes.insert(Attributes::BOLD),
            2 => self.attributes.insert(Attributes::DIM),
            3 => self.attributes.insert(Attributes::ITALIC),
            4 | 21 => self.attributes.insert(Attributes::UNDERLINE),
            7 => self.attributes.insert(Attributes::REVERSE),
            9 => self.attributes.insert(Attributes::STRIKE),
            22 => {
                self.attributes.remove(Attributes::BOLD);
                self.attributes.remove(Attributes::DIM);
            }
            23 => self.attributes.remove(Attributes::ITALIC),
            24 => self.attributes.remove(Attributes::UNDERLINE),
            27 => self.attributes.remove(Attributes::REVERSE),
            29 => self.attributes.remove(Attributes::STRIKE),
            30..=37 => self.fg = Ink::Indexed(low(30)),
            39 => self.fg = Ink::Default,
            40..=47 => self.bg = Ink::Indexed(low(40)),
            49 => self.bg = Ink::Default,
            90..=97 => self.fg = Ink::Indexed(low(90) + 8),
            100..=107 => self.bg = Ink::Indexed(low(100) + 8),
            _ => {}
        }
    }
}

/// Reads a colour: `38:5:n`, `38:2::r:g:b`, or `38;5;n` and `38;2;r;g;b` spread over the parameters that follow.
fn colour<'a>(parameter: &[u16], rest: &mut impl Iterator<Item = &'a [u16]>) -> Option<Ink> {
    let byte = |value: u16| u8::try_from(value).ok();
    if parameter.len() > 1 {
        return match (parameter[1], &parameter[2..]) {
            (5, [index, ..]) => byte(*index).map(Ink::Indexed),
            (2, [r, g, b] | [_, r, g, b, ..]) => Some(Ink::Rgb(byte(*r)?, byte(*g)?, byte(*b)?)),
            _ => None,
        };
    }
    let mut next = || rest.next().and_then(|parameter| parameter.first().copied());
    match next()? {
        5 => byte(next()?).map(Ink::Indexed),
        2 => {
            let (r, g, b) = (next()?, next()?, next()?);
            Some(Ink::Rgb(byte(r)?, byte(g)?, byte(b)?))
        }
        _ => None,
    }
}
