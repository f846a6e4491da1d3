//! What is concluded about a message from its reading and from what the log knows around it.

use super::{PipelineError, around::Around, readout::Readout};
use crate::{
    core::{
        file::File,
        judgement::{Judgement, judge, judge_header},
        matching::Match,
        message::Message,
    },
    office::Office,
    store::{Claimed, Tx},
};

/// A conclusion, before it is written down.
pub(super) struct Conclusion<'a> {
    pub(super) claimed: &'a Claimed,
    pub(super) around: Around<'a>,
    pub(super) what: What,
}

/// What is concluded.
pub(super) enum What {
    /// It was read and judged.
    Read { message: Box<Message>, files: Vec<File>, judgement: Judgement },
    /// It cannot be read, and why; its header tells whose it may be.
    Unreadable { reason: String, header: Box<Message>, matched: Match },
}

impl<'a> Conclusion<'a> {
    /// Judges a reading; `tx` sees the moment of the log in which it is judged.
    pub(super) async fn of(
        tx: &mut Tx,
        office: &'a Office,
        claimed: &'a Claimed,
        readout: Readout,
    ) -> Result<Self, PipelineError> {
        let (message, document) = match &readout {
            Readout::Read(message, files) => (message, files.iter().any(|file| file.format.is_document())),
            Readout::Unreadable(_, header) => (header, true),
        };
        let around = Around::gather(tx, office, claimed, message, document).await?;
        let calls: Vec<_> = around.calls.iter().map(|open| &open.call).collect();
        let circumstances = around.circumstances(office, &calls);
        let what = match readout {
            Readout::Read(message, files) => {
                let judgement = judge(&message, &files, &circumstances);
                What::Read { message, files, judgement }
            }
            Readout::Unreadable(reason, header) => {
                let matched = judge_header(header.from.as_ref(), header.subject.as_deref(), &circumstances);
                What::Unreadable { reason, header, matched }
            }
        };
        Ok(Self { claimed, around, what })
    }
}
