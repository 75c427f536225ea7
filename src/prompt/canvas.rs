//! A few rows at the end of the screen that are drawn again and again, and the mode of the terminal meanwhile.

use std::io;

use console::{Key, Term, measure_text_width};

use crate::prompt::line::Keys;

/// The rows of one question.
pub struct Canvas<'a> {
    term: &'a Term,
    /// How wide each row that stands there is, in columns.
    drawn: Vec<usize>,
    /// Restores the terminal when the question is over.
    _keys: Keys,
}

impl<'a> Canvas<'a> {
    /// Begins at the cursor; from here on keys come one by one, and nothing that is typed or pasted shows by itself.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn begin(term: &'a Term) -> io::Result<Self> {
        Ok(Self { term, drawn: Vec::new(), _keys: Keys::begin()? })
    }

    /// How many columns there are now.
    pub fn width(&self) -> usize {
        usize::from(self.term.size().1)
    }

    /// Waits for a key.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn key(&self) -> io::Result<Key> {
        self.term.read_key_raw()
    }

    /// Puts these rows in the place of those before; the cursor stays so many columns before the end of the last.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn draw(&mut self, rows: &[String], before_end: usize) -> io::Result<()> {
        self.erase()?;
        self.term.write_str(&rows.join("\n"))?;
        self.term.move_cursor_left(before_end)?;
        self.drawn = rows.iter().map(|row| measure_text_width(row)).collect();
        self.term.flush()
    }

    /// Takes the rows away. A window that has become narrower meanwhile shows them on more rows than were drawn.
    ///
    /// # Errors
    /// What the terminal answers.
    pub fn erase(&mut self) -> io::Result<()> {
        let width = self.width().max(1);
        let rows: usize = self.drawn.iter().map(|columns| columns.div_ceil(width).max(1)).sum();
        if rows > 0 {
            self.term.clear_line()?;
        }
        for _ in 1..rows {
            self.term.move_cursor_up(1)?;
            self.term.clear_line()?;
        }
        self.drawn.clear();
        Ok(())
    }
}
