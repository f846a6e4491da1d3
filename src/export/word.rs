//! A Word document: paragraphs, and tables as wide as a page whose head is repeated on each.

use std::io::Cursor;

use docx_rust::{
    Docx,
    document::{Paragraph, Run, Table, TableCell, TableGrid, TableRow},
    formatting::{
        BorderStyle, BottomBorder, CharacterProperty, InsideHorizonBorder, OnOffOnlyType, TableBorders, TableProperty,
        TableRowProperty, TopBorder,
    },
};

use super::ExportError;
/// The width of a table, in twentieths of a point.
const WIDTH: usize = 9_100;
/// The letters of a title, in half points.
const LARGE: isize = 32;

/// How heavily a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Plain,
    Bold,
    Title,
}

/// A document that is being written.
#[derive(Debug, Default)]
pub(super) struct Document {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Paragraph(Box<Paragraph<'static>>),
    Table(Box<Table<'static>>),
}

impl Document {
    pub(super) fn paragraph(&mut self, text: &str, weight: Weight) {
        self.pieces.push(Piece::Paragraph(Box::new(set(text, weight))));
    }

    /// A table: columns with the shares of its width, and rows of cells.
    pub(super) fn table(&mut self, columns: &[(&str, usize)], rows: Vec<Vec<(String, Weight)>>) {
        let whole: usize = columns.iter().map(|(_, share)| share).sum::<usize>().max(1);
        let (mut grid, mut head) = (TableGrid::default(), TableRow::default());
        for (name, share) in columns {
            grid = grid.push_column(isize::try_from(WIDTH * share / whole).unwrap_or_default());
            head = head.push_cell(TableCell::paragraph(set(name, Weight::Bold)));
        }
        let on_every_page = TableRowProperty::default().table_header(OnOffOnlyType::On);
        let mut table = Table { grids: grid, ..Table::default() };
        table = table.property(TableProperty::default().borders(rules())).push_row(head.property(on_every_page));
        for row in rows {
            let cells = row.into_iter().map(|(text, weight)| TableCell::paragraph(set(&text, weight)));
            table = table.push_row(cells.fold(TableRow::default(), TableRow::push_cell));
        }
        self.pieces.push(Piece::Table(Box::new(table)));
    }

    /// Its bytes.
    pub(super) fn written(self) -> Result<Vec<u8>, ExportError> {
        let mut word = Docx::default();
        for piece in self.pieces {
            match piece {
                Piece::Paragraph(paragraph) => word.document.push(*paragraph),
                Piece::Table(table) => word.document.push(*table),
            };
        }
        let written = word.write(Cursor::new(Vec::new()));
        Ok(written.map_err(|error| ExportError::Word(format!("{error:?}")))?.into_inner())
    }
}

fn set(text: &str, weight: Weight) -> Paragraph<'static> {
    let paragraph = Paragraph::default();
    let bold = || CharacterProperty::default().bold(true);
    match weight {
        Weight::Plain => paragraph.push_text(text.to_owned()),
        Weight::Bold => paragraph.push(Run::default().property(bold()).push_text(text.to_owned())),
        Weight::Title => paragraph.push(Run::default().property(bold().size(LARGE)).push_text(text.to_owned())),
    }
}

/// Lines above, between and below the rows.
fn rules() -> TableBorders<'static> {
    const EIGHTHS_OF_A_POINT: isize = 4;
    TableBorders {
        top: Some(TopBorder::default().style(BorderStyle::Single).size(EIGHTHS_OF_A_POINT)),
        bottom: Some(BottomBorder::default().style(BorderStyle::Single).size(EIGHTHS_OF_A_POINT)),
        inside_horizon: Some(InsideHorizonBorder {
            style: BorderStyle::Single,
            size: Some(EIGHTHS_OF_A_POINT),
            ..InsideHorizonBorder::default()
        }),
        ..TableBorders::default()
    }
}
